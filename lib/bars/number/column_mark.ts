/**
 * The decimal mark of a column, before its rows are read: that of the config,
 * or what the first rows of the file say. Pure.
 *
 * @module
 */

import { UserError } from "../../errors.ts";
import type { ColumnName } from "../../experiment.ts";
import { type DecimalMark, type MarkEvidence, markOf } from "./decimal_mark.ts";

/** What is known before the rows are read. */
export interface KnownMarks {
  /** The config's. */
  readonly decimalMark: DecimalMark | undefined;
  /** What the first rows say of each field; left out if that was not asked. */
  readonly marks: readonly MarkEvidence[] | undefined;
  /** The file's path, for messages. */
  readonly path: string;
}

/**
 * The mark of a column; null if it is its rows that tell.
 *
 * @throws {UserError} if its points may group thousands, as others have decimal commas
 */
export function columnMark(
  { name, field }: { readonly name: ColumnName; readonly field: number },
  { decimalMark, marks, path }: KnownMarks,
): DecimalMark | null {
  if (decimalMark !== undefined || marks === undefined) return decimalMark ?? null;
  const mark = markOf(marks[field] ?? "none", marks);
  if (mark !== "doubtful") return mark;
  throw doubtfulPoints(name, { path, why: "as other columns have decimal commas" });
}

/** The error for points that may group thousands. */
export function doubtfulPoints(
  name: ColumnName,
  { path, why }: { readonly path: string; readonly why: string },
): UserError {
  return new UserError(
    `Cannot read column ${name} of ${path}: its points may begin fractions or group thousands, ${why}`,
    {
      code: "data_invalid",
      hint: "Say which it is: --set decimal_mark=point if 1.234 is a little more than one, " +
        "--set decimal_mark=comma if it is more than a thousand.",
    },
  );
}
