/**
 * The labels of a run: in its directory, byte for byte, and in its row; and
 * which of the two were given last.
 *
 * @module
 */

import { join } from "node:path";
import { type Labels, sameLabels, sorted } from "../registry/labels.ts";
import type { RawRows, RawValue } from "../registry/raw_rows.ts";
import {
  type DatedLabels,
  isMoment,
  labelsJson,
  labelsOfJson,
  MAX_LABELS_BYTES,
} from "../store/labels.ts";
import { LABELS_JSON } from "../store/run_directory.ts";
import { type Check, equalityCheck } from "./check.ts";
import { valueText } from "./differences.ts";
import { lookAt, notAFile, textOf } from "./stored_file.ts";
import { formCheck } from "./stored_text.ts";
import { reasonOf } from "../system_error.ts";

/** What was found of the labels in a run directory. */
export interface StoredLabels {
  /** What they say, if that can be understood. */
  readonly labels: DatedLabels | undefined;
  /** Whether they are as they were written, or there are none. */
  readonly isIntact: boolean;
  /** What was looked at. */
  readonly checks: readonly Check[];
}

/** The labels of a run that has no directory. */
export const NO_LABELS: StoredLabels = { labels: undefined, isIntact: true, checks: [] };

/** Looks at the labels in a run directory. */
export async function readStoredLabels(directory: string): Promise<StoredLabels> {
  const path = join(directory, LABELS_JSON);
  const found = await lookAt(path);
  if (found.kind === "missing") return NO_LABELS;
  if (found.kind !== "file") return unfit(notAFile(LABELS_JSON, found));
  try {
    const text = await textOf(path, MAX_LABELS_BYTES);
    const labels = labelsOfJson(JSON.parse(text));
    if (labels === undefined) throw new Error("not one of this schema");
    const form = formCheck(LABELS_JSON, { text, canonical: labelsJson(labels) });
    return { labels, isIntact: form.status === "ok", checks: [form] };
  } catch (error) {
    const actual = error instanceof RangeError ? "nested too deeply" : reasonOf(error);
    const isDenied = error instanceof Deno.errors.PermissionDenied;
    const status = isDenied ? "unreadable" : "malformed";
    return unfit({ check: LABELS_JSON, expected: "labels", actual, status });
  }
}

function unfit(check: Check): StoredLabels {
  return { labels: undefined, isIntact: false, checks: [check] };
}

/** The labels in a row; undefined if they cannot be labels. */
export function rowLabels(rows: RawRows): Labels | undefined {
  const row = rows.runs?.[""];
  if (row === undefined) return undefined;
  const tags = Object.values(rows.tags ?? {}).map(({ tag }) => tag!);
  const values = [row.name!, row.note!, row.deleted_at!, row.labels_at!];
  if (tags.some(({ type }) => type !== "text")) return undefined;
  if (values.some(({ type }) => type !== "text" && type !== "null")) return undefined;
  const [name, note, deleted_at, labels_at] = values.map(textOfValue);
  for (const time of [deleted_at, labels_at]) {
    if (time !== null && !isMoment(time)) return undefined;
  }
  return sorted({
    name: name!,
    note: note!,
    deleted_at: deleted_at!,
    labels_at: labels_at!,
    tags: tags.map((tag) => textOfValue(tag)!),
  });
}

/** As the registry gives it back: see `anyText` in its schema. */
function textOfValue({ type, text }: RawValue): string | null {
  return type === "null" ? null : text.replaceAll("\uffff", "\0");
}

/** Which labels of a run hold, and where they are not yet. */
export interface Settlement {
  /** The labels that were given last. */
  readonly labels: DatedLabels;
  /** Whether the row has to follow. */
  readonly isRowStale: boolean;
  /** Whether labels.json has to follow. */
  readonly isFileStale: boolean;
}

/**
 * Which labels were given last, if row and directory do not agree on when that
 * was, or one of the two cannot be understood; undefined if there is nothing to
 * settle, or nothing to go by.
 */
export function settlementOf(
  inRow: Labels | undefined,
  { labels: inFile, isIntact }: StoredLabels,
): Settlement | undefined {
  const rowAt = inRow?.labels_at ?? null;
  if (inFile !== undefined && (rowAt === null || inFile.labels_at > rowAt)) {
    return { labels: inFile, isRowStale: true, isFileStale: !isIntact };
  }
  if (inRow === undefined || rowAt === null) return undefined;
  if (inFile === undefined || inFile.labels_at < rowAt || !isIntact) {
    return { labels: { ...inRow, labels_at: rowAt }, isRowStale: false, isFileStale: true };
  }
  return undefined;
}

/** What there is to say about a settlement, besides what was found of the file. */
export function settlementChecks(
  { labels, isRowStale, isFileStale }: Settlement,
  { inRow, inFile }: { readonly inRow: Labels | undefined; readonly inFile: StoredLabels },
): readonly Check[] {
  const expected = valueText(labels.labels_at);
  const rowAt = inRow === undefined ? "unfit" : inRow.labels_at ?? "none";
  const fileAt = inFile.labels?.labels_at ?? "none";
  return [
    ...(isRowStale
      ? [{ check: "row labels", expected, actual: rowAt, status: "outdated" } as const]
      : []),
    ...(isFileStale && inFile.isIntact
      ? [{ check: LABELS_JSON, expected, actual: fileAt, status: "outdated" } as const]
      : []),
  ];
}

/** Whether row and directory say the same, where there is no manifest to compare the row with. */
export function labelsCheck(inRow: Labels | undefined, inFile: DatedLabels): Check {
  const expected = `as ${LABELS_JSON}`;
  const isSame = inRow !== undefined && sameLabels(inRow, inFile);
  return equalityCheck("row labels", { expected, actual: isSame ? expected : "others" });
}
