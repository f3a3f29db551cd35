/**
 * Configs that live for one test.
 *
 * @module
 */

import { join } from "node:path";
import { experiments as bundled } from "../../experiments/mod.ts";
import type { Config } from "../../lib/config/config.ts";
import { readConfigDocument } from "../../lib/config/document.ts";
import { parseOverride } from "../../lib/config/overrides.ts";
import { resolveConfig } from "../../lib/config/resolve.ts";
import type { UserError } from "../../lib/errors.ts";
import type { ExperimentTable } from "../../lib/experiment.ts";
import { refusalOf } from "../bars/refusal.ts";
import { withTempDir } from "../temp_dir.ts";

/** The two keys that every config has. */
export const REQUIRED = "version: v1\nseed: 42\n";

/** What a config is resolved with besides its text. */
export interface ResolveOptions {
  /** Values of `--set`. */
  readonly set?: readonly string[];
  /** The value of `--data`. */
  readonly data?: string;
  /** The bundled experiments. */
  readonly experiments?: ExperimentTable;
  /** Further files of its folder. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A refused config; the folder of `config.yaml` is cut from the texts. */
export interface Refusal {
  /** Stable word. */
  readonly code: string;
  /** What is wrong. */
  readonly message: string;
  /** What to do. */
  readonly hint: string;
  /** The exit status. */
  readonly exitCode: number;
}

/** Resolves the config `config.yaml` of a new folder. */
export function resolveText(
  content: string | Uint8Array,
  options: ResolveOptions = {},
): Promise<Config> {
  return withTempDir((dir) => resolveIn(dir, { content, options }));
}

/** How such a config is refused. */
export function refusedText(
  content: string | Uint8Array,
  options: ResolveOptions = {},
): Promise<Refusal> {
  return withTempDir(async (dir) => {
    const refusal = await refusalOf(() => resolveIn(dir, { content, options }));
    return withoutFolder(refusal, dir);
  });
}

/** A refusal in which the folder is cut from all paths. */
export function withoutFolder({ code, message, hint, exitCode }: UserError, dir: string): Refusal {
  const short = (text: string): string => text.replaceAll(`${dir}/`, "");
  return { code, message: short(message), hint: short(hint ?? ""), exitCode };
}

async function resolveIn(
  dir: string,
  { content, options }: {
    readonly content: string | Uint8Array;
    readonly options: ResolveOptions;
  },
): Promise<Config> {
  const { set = [], data, experiments = bundled, files = {} } = options;
  for (const [name, text] of Object.entries({ ...files })) {
    await Deno.writeTextFile(join(dir, name), text);
  }
  const path = join(dir, "config.yaml");
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  await Deno.writeFile(path, bytes);
  const document = await readConfigDocument(path);
  return await resolveConfig({
    document,
    overrides: set.map(parseOverride),
    data: data === undefined ? undefined : [data],
    experiments,
  });
}
