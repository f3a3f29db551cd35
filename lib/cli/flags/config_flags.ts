/**
 * The flags that make a config, shared by `run` and `config:check`.
 *
 * @module
 */

import { dirname, resolve } from "node:path";
import { dataPath, mayBePattern, STANDARD_INPUT } from "../../bars/source/data_file.ts";
import type { Config } from "../../config/config.ts";
import { type ConfigDocument, readConfigDocument } from "../../config/document.ts";
import { type Override, parseOverride, scalarOverride } from "../../config/overrides.ts";
import { reservedShape } from "../../config/reserved.ts";
import { reservedValues } from "../../config/reserved_values.ts";
import { resolveConfig } from "../../config/resolve.ts";
import type { ExperimentTable } from "../../experiment.ts";
import type { Host } from "../../host.ts";
import type { Flag, Flags } from "../commands/command.ts";
import { EXECUTION_FLAGS, trustedHashes } from "./execution_flags.ts";

/** Flags that say which config it is. */
export const CONFIG_FLAGS: readonly Flag[] = [
  {
    name: "config",
    alias: "c",
    value: "FILE",
    takes: "file",
    help: "the config (default config.yaml)",
  },
  {
    name: "data",
    alias: "input",
    value: "FILE",
    takes: "file",
    repeatable: true,
    help: "the data in place of the config's: a file, a pattern of several in quotes, or - for " +
      "standard input",
    surplus: "For several files, put their pattern in quotes, so that the shell leaves it alone: " +
      "--data 'BTC-*.csv'; or give each its flag: --data a.csv --data b.csv",
  },
  {
    name: "set",
    value: "KEY=VALUE",
    takes: "key",
    repeatable: true,
    help: "lay a value over the config's; dotted where nested: columns.close=Last",
  },
  { name: "seed", value: "N", help: "the same as --set seed=N" },
  ...EXECUTION_FLAGS,
];

/** What the flags say. */
export interface ConfigSource {
  /** Absolute path of the config file. */
  readonly configPath: string;
  /** Values laid over it. */
  readonly overrides: readonly Override[];
  /** Absolute paths and patterns of the data files, `-` for standard input, if any is named. */
  readonly data: readonly string[] | undefined;
  /** Hashes of experiments that are trusted. */
  readonly trusted: readonly string[];
}

/**
 * Reads the flags.
 *
 * @throws {UserError} on a malformed `--set` or `--seed`
 */
export function configSource(flags: Flags, host: Host): ConfigSource {
  const seed = flags.text("seed");
  const data = flags.list("data");
  return {
    configPath: resolve(host.cwd, flags.text("config") ?? "config.yaml"),
    overrides: [
      ...flags.list("set").map(parseOverride),
      ...(seed === undefined ? [] : [scalarOverride(["seed"], seed, `--seed ${seed}`)]),
    ],
    data: data.length === 0 ? undefined : data.map((name) => dataPath(name, host.cwd)),
    trusted: trustedHashes(flags),
  };
}

/**
 * Absolute paths of the files that a run of this config reads, as far as that
 * can be told before it is validated.
 */
export async function inputPaths(source: ConfigSource): Promise<readonly string[]> {
  const { configPath, data } = source;
  const values = await unvalidated(source);
  const folder = dirname(configPath);
  const named = data ?? [reservedShape.data.safeParse(values.data).data ?? []].flat();
  const paths = named.map((name) => dataPath(name, folder));
  const { experiment } = values;
  return [
    configPath,
    ...(await dataFiles(paths)).filter((path) => path !== STANDARD_INPUT),
    ...(typeof experiment === "string" ? [resolve(folder, experiment)] : []),
  ];
}

/** The label of a config, if it has one, whatever else is wrong with it. */
export async function versionLabel(source: ConfigSource): Promise<string | null> {
  const { version } = await unvalidated(source);
  return typeof version === "string" && version.isWellFormed() ? version : null;
}

async function unvalidated(
  { configPath, overrides }: ConfigSource,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    return reservedValues(await readConfigDocument(configPath), overrides);
  } catch {
    // The run itself says what is wrong with the config.
    return {};
  }
}

/** The files of these paths and patterns, as far as there are any. */
async function dataFiles(named: readonly string[]): Promise<readonly string[]> {
  if (!named.some(mayBePattern)) return named;
  const { findDataFiles } = await import("../../bars/source/find_data_files.ts");
  const found = await Promise.all(
    named.map((path) => findDataFiles([path]).then(({ paths }) => paths, () => [path])),
  );
  return found.flat();
}

/**
 * The config that the flags name, resolved.
 *
 * @throws {UserError} if there is none, or it has problems
 */
export async function readConfig(
  flags: Flags,
  { host, experiments, document }: {
    readonly host: Host;
    readonly experiments: ExperimentTable;
    /** A config in place of the one that the flags name. */
    readonly document?: ConfigDocument;
  },
): Promise<Config> {
  const { configPath, ...laidOver } = configSource(flags, host);
  return resolveConfig({
    document: document ?? await readConfigDocument(configPath),
    ...laidOver,
    experiments,
  });
}
