/**
 * What comes of a file when it is read.
 *
 * @module
 */

import { UserError } from "../../lib/errors.ts";
import { COLUMN_NAMES, type ColumnName } from "../../lib/experiment.ts";
import type { LoadedBars, LoadRequest } from "../../lib/bars/load.ts";
import { textAt } from "../../lib/bars/text_column.ts";

/** Reads a file; the reader itself, or in tests of the checks one with a defect. */
export type Load = (request: LoadRequest) => Promise<LoadedBars>;

/** What came of reading a file. */
export type Outcome =
  | { readonly kind: "bars"; readonly loaded: LoadedBars }
  | { readonly kind: "refused"; readonly error: UserError }
  | { readonly kind: "defect"; readonly error: unknown };

/** How files are read: with every column that they have, and all that is known of them. */
export interface ReadOptions {
  /** Writes the file, gives its path. */
  readonly path: string;
  readonly load: Load;
  readonly blockBytes?: number;
}

/** Reads bytes as a file. */
export async function read(
  bytes: Uint8Array,
  { path, load, blockBytes = 1 << 20 }: ReadOptions,
): Promise<Outcome> {
  await Deno.writeFile(path, bytes);
  try {
    const loaded = await load({
      path,
      blockBytes,
      columns: ["close"],
      optional: ["open", "volume"],
      overrides: {},
      maxMissing: 0.5,
      keepLines: true,
      conflicts: "report",
    });
    return { kind: "bars", loaded };
  } catch (error) {
    return error instanceof UserError ? { kind: "refused", error } : { kind: "defect", error };
  }
}

/** The columns that were read. */
export function columnsOf({ bars }: LoadedBars): readonly ColumnName[] {
  return COLUMN_NAMES.filter((name) => bars[name] !== undefined);
}

/** All that matters of an outcome, as text: equal outcomes give equal text. */
export function fingerprint(outcome: Outcome): string {
  if (outcome.kind === "refused") return `${outcome.error.code}: ${outcome.error.message}`;
  if (outcome.kind === "defect") return `defect: ${outcome.error}`;
  const { bars, lines, rowsRead, missing, quality } = outcome.loaded;
  const decoder = new TextDecoder();
  const texts = lines === null
    ? ["none"]
    : Array.from({ length: lines.length }, (_, t) => decoder.decode(textAt(lines, t)));
  return [
    `${bars.length} bars of ${rowsRead} rows, missing ${JSON.stringify(missing)}`,
    `times ${bars.times?.join() ?? "none"}`,
    ...columnsOf(outcome.loaded).map((name) =>
      `${name} ${bars[name].decimals} ${bars[name].units.join()}`
    ),
    ...texts,
    JSON.stringify(quality),
  ].join("\n");
}
