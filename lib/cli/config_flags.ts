/**
 * The flags that make a config, shared by `run` and `config:check`.
 *
 * @module
 */

import { dirname, resolve } from "node:path";
import type { Config } from "../config/config.ts";
import { readConfigDocument } from "../config/document.ts";
import {
  applyOverrides,
  type Override,
  parseOverride,
  scalarOverride,
} from "../config/overrides.ts";
import { reservedShape } from "../config/reserved.ts";
import { resolveConfig } from "../config/resolve.ts";
import type { ExperimentTable } from "../experiment.ts";
import type { Host } from "../host.ts";
import type { Flag, Flags } from "./command.ts";

/** Flags that say which config it is. */
export const CONFIG_FLAGS: readonly Flag[] = [
  { name: "config", alias: "c", value: "FILE", help: "the config (default config.yaml)" },
  { name: "data", alias: "input", value: "FILE", help: "the data file, in place of the config's" },
  {
    name: "set",
    value: "KEY=VALUE",
    repeatable: true,
    help: "lay a value over the config's; dotted where nested: columns.close=Last",
  },
  { name: "seed", value: "N", help: "the same as --set seed=N" },
];

/** What the flags say. */
export interface ConfigSource {
  /** Absolute path of the config file. */
  readonly configPath: string;
  /** Values laid over it. */
  readonly overrides: readonly Override[];
  /** Absolute path of the data file, if named. */
  readonly dataPath: string | undefined;
}

/**
 * Reads the flags.
 *
 * @throws {UserError} on a malformed `--set` or `--seed`
 */
export function configSource(flags: Flags, host: Host): ConfigSource {
  const seed = flags.text("seed");
  const data = flags.text("data");
  return {
    configPath: resolve(host.cwd, flags.text("config") ?? "config.yaml"),
    overrides: [
      ...flags.list("set").map(parseOverride),
      ...(seed === undefined ? [] : [scalarOverride(["seed"], seed, `--seed ${seed}`)]),
    ],
    dataPath: data === undefined ? undefined : resolve(host.cwd, data),
  };
}

/**
 * Absolute paths of the files that a run of this config reads, as far as that
 * can be told before it is validated.
 */
export async function inputPaths(
  { configPath, overrides, dataPath }: ConfigSource,
): Promise<readonly string[]> {
  let values: Readonly<Record<string, unknown>> = {};
  try {
    values = applyOverrides((await readConfigDocument(configPath)).values, overrides);
  } catch {
    // The run itself says what is wrong with the config.
  }
  const named = [reservedShape.data.safeParse(values.data).data, values.experiment]
    .filter((path) => typeof path === "string")
    .map((path) => resolve(dirname(configPath), path));
  return [configPath, ...(dataPath === undefined ? [] : [dataPath]), ...named];
}

/**
 * The config that the flags name, resolved.
 *
 * @throws {UserError} if there is none, or it has problems
 */
export async function readConfig(
  flags: Flags,
  { host, experiments }: { readonly host: Host; readonly experiments: ExperimentTable },
): Promise<Config> {
  const { configPath, overrides, dataPath } = configSource(flags, host);
  const document = await readConfigDocument(configPath);
  return resolveConfig({ document, overrides, data: dataPath, experiments });
}
