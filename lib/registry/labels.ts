/**
 * What can be said about a run after its end: its name, tags and note, and
 * that it is deleted.
 *
 * @module
 */

import { eq, type SQL } from "drizzle-orm";
import type { RunRecord } from "../record.ts";
import { textOf, textOrNull } from "./safe_text.ts";
import { artifacts, damage, HOSTNAME, LABELS_AT, metrics, params, runs, tags } from "./schema.ts";
import type { LockedTables } from "./transaction.ts";

/** The labels of a run, and when they last changed; null if they are those of its manifest. */
export type Labels = Pick<RunRecord, "name" | "tags" | "note" | "deleted_at" | "labels_at">;

/** What the registry holds about a run whose labels are to change. */
export interface LabelledRow extends Pick<RunRecord, "id" | "status" | "started_at" | "directory"> {
  /** The machine that it ran on, if that is known. */
  readonly hostname: string | null;
  /** Its labels. */
  readonly labels: Labels;
}

/** The row of a run, or undefined. */
export async function labelledRow(
  tables: LockedTables,
  id: string,
): Promise<LabelledRow | undefined> {
  const [row] = await tables.select({
    id: textOf(runs.id),
    status: textOf(runs.status) as SQL<LabelledRow["status"]>,
    started_at: textOf(runs.startedAt),
    directory: textOf(runs.directory),
    hostname: textOrNull(HOSTNAME),
    name: textOrNull(runs.name),
    note: textOrNull(runs.note),
    deleted_at: textOrNull(runs.deletedAt),
    labels_at: textOrNull(LABELS_AT),
  }).from(runs).where(eq(runs.id, id));
  if (row === undefined) return undefined;
  const tagged = await tables.select({ tag: textOf(tags.tag) }).from(tags).where(
    eq(tags.runId, id),
  );
  const { name, note, deleted_at, labels_at, ...known } = row;
  return {
    ...known,
    labels: sorted({ name, note, deleted_at, labels_at, tags: tagged.map(({ tag }) => tag) }),
  };
}

/** Puts labels in the place of those that a run has. */
export async function storeLabels(
  tables: LockedTables,
  { id, labels }: { readonly id: string; readonly labels: Labels },
): Promise<void> {
  const { name, note, deleted_at, labels_at } = labels;
  await tables.update(runs)
    .set({ name, note, deletedAt: deleted_at, labelsAt: labels_at }).where(eq(runs.id, id));
  await tables.delete(tags).where(eq(tags.runId, id));
  const rows = labels.tags.map((tag) => ({ runId: id, tag }));
  if (rows.length > 0) await tables.insert(tags).values(rows);
}

/** Removes a run, with all its details. */
export async function removeRun(tables: LockedTables, id: string): Promise<void> {
  // One by one, as a server need not do so by itself.
  for (const table of [params, metrics, tags, artifacts, damage]) {
    await tables.delete(table).where(eq(table.runId, id));
  }
  await tables.delete(runs).where(eq(runs.id, id));
}

/** Labels in one form: each tag once, in order, and texts as the registry gives them back. */
export function sorted({ name, tags, note, deleted_at, labels_at }: Labels): Labels {
  return {
    name: name && keptText(name),
    tags: [...new Set(tags.map(keptText))].sort(),
    note: note && keptText(note),
    deleted_at,
    labels_at,
  };
}

/** As `anyText` of the schema has it, which keeps a NUL as U+FFFF and no half of a pair. */
function keptText(text: string): string {
  return text.toWellFormed().replaceAll("\uffff", "\0");
}

/** Whether labels say the same, whenever they were given. */
export function sameLabels(a: Labels, b: Labels): boolean {
  const said = (labels: Labels): string => JSON.stringify({ ...sorted(labels), labels_at: null });
  return said(a) === said(b);
}
