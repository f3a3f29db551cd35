/**
 * The files of a run directory against the list in its manifest.
 *
 * @module
 */

import { basename, join } from "node:path";
import { IMPORTED_JSON } from "../imported.ts";
import type { Artifact, RunRecord } from "../record.ts";
import {
  CONFIG_YAML,
  LABELS_JSON,
  MANIFEST_JSON,
  METRICS_JSON,
  RUN_LOG,
} from "../store/run_directory.ts";
import { type Check, equalityCheck } from "./check.ts";
import { hashOfFile } from "../store/file_hash.ts";
import { foundText, lookAt, notAFile } from "./stored_file.ts";
import { reasonOf } from "../system_error.ts";

/** What was found of the files. */
export interface FilesReport {
  /** Names of those that are byte for byte as listed. */
  readonly intact: ReadonlySet<string>;
  /** Names of those that can be read, whatever is in them. */
  readonly readable: ReadonlySet<string>;
  /** What was looked at. */
  readonly checks: readonly Check[];
}

/** Looks at each file that is listed, and for any that is not. */
export async function filesReport(directory: string, run: RunRecord): Promise<FilesReport> {
  const intact = new Set<string>();
  const readable = new Set<string>();
  const checks: Check[] = [...listChecks(run)];
  for (const artifact of run.artifacts) {
    if (!isFileName(artifact.path)) continue;
    const found = await artifactChecks(directory, artifact);
    checks.push(...found);
    if (found.some(({ status }) => status === "missing" || status === "unreadable")) continue;
    if (found.length > 1) readable.add(artifact.path);
    if (found.every(({ status }) => status === "ok")) intact.add(artifact.path);
  }
  return { intact, readable, checks: [...checks, ...await addedChecks(directory, run)] };
}

/** A list that names what it must, and nothing out of the directory. */
function listChecks({ artifacts, config, status }: RunRecord): readonly Check[] {
  const needed = [RUN_LOG, METRICS_JSON, ...(config === null ? [] : [CONFIG_YAML])];
  if (status === "finished" && (config?.signals === "csv" || config?.signals === "parquet")) {
    needed.push(`signals.${config.signals}`);
  }
  const listed = artifacts.map(({ path }) => path);
  return [
    ...needed.filter((name) => !listed.includes(name)).map((name): Check => ({
      check: `${MANIFEST_JSON} artifacts`,
      expected: name,
      actual: "none",
      status: "missing",
    })),
    ...listed.filter((name) => !isFileName(name)).map((name): Check => ({
      check: `${MANIFEST_JSON} artifacts`,
      expected: "the name of a file",
      actual: name,
      status: "malformed",
    })),
  ];
}

function isFileName(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." &&
    ![MANIFEST_JSON, LABELS_JSON, IMPORTED_JSON].includes(name) &&
    basename(name) === name && !/[\\\0]/.test(name);
}

/** Size and hash of a file; a single check if it is none. */
async function artifactChecks(
  directory: string,
  { path: name, bytes, sha256 }: Artifact,
): Promise<readonly Check[]> {
  const path = join(directory, name);
  const found = await lookAt(path);
  if (found.kind !== "file") return [notAFile(name, found)];
  const size = equalityCheck(`${name} bytes`, {
    expected: String(bytes),
    actual: String(found.bytes),
  });
  const check = `${name} sha256`;
  // Its size has told, however large it is.
  if (size.status !== "ok") {
    return [size, { check, expected: sha256, actual: "", status: "not checked" }];
  }
  try {
    return [size, equalityCheck(check, { expected: sha256, actual: await hashOfFile(path) })];
  } catch (error) {
    return [size, { check, expected: sha256, actual: reasonOf(error), status: "unreadable" }];
  }
}

async function addedChecks(
  directory: string,
  { artifacts }: RunRecord,
): Promise<readonly Check[]> {
  const known = new Set([
    MANIFEST_JSON,
    LABELS_JSON,
    IMPORTED_JSON,
    ...artifacts.map(({ path }) => path),
  ]);
  const checks: Check[] = [];
  try {
    for await (const { name } of Deno.readDir(directory)) {
      if (known.has(name)) continue;
      const actual = foundText(await lookAt(join(directory, name)));
      checks.push({ check: name, expected: "none", actual, status: "unexpected" });
    }
  } catch (error) {
    const actual = reasonOf(error);
    return [{ check: "directory", expected: "a list of files", actual, status: "unreadable" }];
  }
  return checks.sort((a, b) => a.check < b.check ? -1 : 1);
}
