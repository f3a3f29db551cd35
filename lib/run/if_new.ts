/**
 * Whether there is a run with the inputs of one that is yet to be made.
 *
 * @module
 */

import { join } from "node:path";
import { shownPath, STANDARD_INPUT } from "../bars/source/data_file.ts";
import { type Config, configHash } from "../config/config.ts";
import { readConfigDocument } from "../config/document.ts";
import { resolveConfig } from "../config/resolve.ts";
import { EXIT_OK, usageError } from "../errors.ts";
import type { Host } from "../host.ts";
import { openExisting, registryExists } from "../registry/open.ts";
import { runById } from "../registry/queries.ts";
import { firstWithFingerprint } from "../registry/run_queries.ts";
import type { StorableRun } from "../registry/store.ts";
import { sha256 } from "../sha256.ts";
import { codeHashOf, programHash } from "./code_identity.ts";
import { NO_EARLIER } from "./earlier_runs.ts";
import type { ConfigRequest } from "./resolve.ts";
import type { SessionRequest } from "./session.ts";
import { hashOfFile } from "../store/file_hash.ts";
import { rollForward } from "../store/liveness.ts";
import { locateRun } from "../store/place.ts";
import { successJson } from "../store/metrics_json.ts";
import type { RunOutcome } from "./publish.ts";
import { METRICS_JSON } from "../store/run_directory.ts";
import { fingerprint } from "../hashes.ts";
import { loadForRun, withFoundData } from "./work.ts";
import { readRegularText } from "../regular_file.ts";

/** What tells a run's inputs, and where runs are. */
export type InputsRequest = ConfigRequest & SessionRequest;

/**
 * The first finished run with the same config, data and code, as it came out;
 * undefined if there is none, and if the inputs are not fit to run at all,
 * which the run itself will say. The data is read and hashed; nothing is
 * reserved.
 *
 * @throws {UserError} if the data can be read only once, or the registry not at all
 */
export async function earlierOutcome(
  request: InputsRequest,
  host: Host,
): Promise<RunOutcome | undefined> {
  const config = await runnableConfig(request);
  if (config === undefined) return undefined;
  // Looking must not create a registry: without a file there is nothing to hash for.
  if (request.registry.kind === "local" && !await registryExists(request.registry)) {
    return undefined;
  }
  const data = await dataHash(config, host).catch(() => undefined);
  if (data === undefined) return undefined;
  const inputs = await fingerprint({
    config: await configHash(config),
    data,
    code: await codeHashOf(await programHash(host), config),
  });
  const registry = await openExisting(request.registry);
  if (registry === undefined) return undefined;
  try {
    const { hostname } = host.system();
    await rollForward(registry, { runsDir: request.runsDir, hostname });
    const first = await firstWithFingerprint(registry, inputs);
    const recorded = first === undefined ? undefined : await runById(registry, first.id);
    // What cannot be read in full makes no run unnecessary.
    if (recorded === undefined || recorded.damage !== undefined) return undefined;
    const directory = await locateRun(recorded, request);
    const found = directory === null ? recorded : { ...recorded, directory };
    const run = { ...found, status: "finished" as const };
    const metricsJson = await metricsJsonOf(run, directory);
    return { run, metricsJson, ...NO_EARLIER, exitCode: EXIT_OK };
  } finally {
    registry.close();
  }
}

/** The config, with the files of its data, if there is one and they are there. */
async function runnableConfig(
  { configPath, overrides, data, trusted, experiments }: InputsRequest,
): Promise<Config | undefined> {
  let config: Config;
  try {
    const document = await readConfigDocument(configPath);
    const resolved = await resolveConfig({ document, overrides, data, trusted, experiments });
    config = (await withFoundData(resolved)).config;
  } catch {
    return undefined;
  }
  for (const path of config.data) {
    const found = path === STANDARD_INPUT ? null : await Deno.stat(path).catch(() => undefined);
    if (found === undefined || found?.isDirectory) return undefined;
    if (found?.isFile) continue;
    throw usageError(
      `Cannot use --if-new with ${shownPath(path)}: it can be read only once`,
      "Whether a run is new is told by the hash of its data, before it is read for the run.",
    );
  }
  return config;
}

/** The hash of the data. That of a series depends on which bars come first, so it is parsed. */
async function dataHash(config: Config, { stdin }: Host): Promise<string> {
  if (config.data.length === 1) return await hashOfFile(config.data[0]!);
  return (await loadForRun({ ...config, signals: "none" }, { stdin })).dataHash;
}

/** The metrics.json of a run, from its directory if that has it unchanged. */
async function metricsJsonOf(run: StorableRun, directory: string | null): Promise<string> {
  if (directory === null) return successJson(run);
  const text = await readRegularText(join(directory, METRICS_JSON)).catch(() => "");
  const published = run.artifacts.find(({ path }) => path === METRICS_JSON);
  return await sha256(text) === published?.sha256 ? text : successJson(run);
}
