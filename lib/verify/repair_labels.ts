/**
 * Makes row and directory of a run agree on its labels: the newer ones hold.
 *
 * @module
 */

import { storeLabels } from "../registry/labels.ts";
import type { Registry } from "../registry/open.ts";
import { rawRows } from "../registry/raw_rows.ts";
import { whileLocked } from "../registry/transaction.ts";
import { writeLabels } from "../store/labels.ts";
import { LABELS_JSON } from "../store/run_directory.ts";
import type { RunContext, RunReport } from "./run_report.ts";
import { readStoredLabels, rowLabels, settlementOf } from "./stored_labels.ts";

/**
 * Settles the labels of a run, while nobody else can change them; the result
 * says what was done, if anything was.
 *
 * @throws {UserError} if labels.json or the registry cannot be written
 */
export async function settleLabels(
  { id, directory }: Pick<RunReport, "id" | "directory">,
  { registry, mirror }: RunContext & { readonly registry: Registry },
): Promise<string | undefined> {
  if (directory === null) return undefined;
  return await whileLocked(registry, async (tables) => {
    const context = { database: tables, location: registry.location };
    const stored = await rawRows(context, { id, tables: mirror.tables });
    const settlement = settlementOf(rowLabels(stored), await readStoredLabels(directory));
    if (settlement === undefined) return undefined;
    const { labels, isRowStale, isFileStale } = settlement;
    if (isFileStale) await writeLabels(directory, labels);
    if (isRowStale) await storeLabels(tables, { id, labels });
    return isRowStale ? `the row, from ${LABELS_JSON}` : `${LABELS_JSON}, from the row`;
  });
}
