/**
 * What can be wrong with a row of data, in words.
 *
 * @module
 */

import type { ColumnName } from "../experiment.ts";
import { quote } from "../quote.ts";
import { DECIMAL, type DecimalKind, MAX_DIGITS } from "./number/decimal.ts";
import { DECIMAL_MARKS, type DecimalMark } from "./number/decimal_mark.ts";
import { plainNumber } from "./number/number_forms.ts";
import { formHint, type TimeFormat, whyNoTime, zoneHint } from "./time/time_format.ts";

/** No row is longer; what is, is not a table. */
export const MAX_ROW_BYTES = 1 << 24;

/** A problem, and what to do about it. */
export interface RowProblem {
  /** What is wrong, to be read after the row's place. */
  readonly message: string;
  /** What to do next. */
  readonly hint: string;
}

const CORRECT_OR_DROP =
  "Correct the value, or leave it empty to have the row dropped (see max_missing).";

/** A row that does not end. */
export function tooLong(): RowProblem {
  return {
    message: `the row is longer than ${MAX_ROW_BYTES / (1 << 20)} MiB`,
    hint: "Look for a quote that is never closed, or a file that is not a table.",
  };
}

/** A row with another number of fields than the header. */
export function wrongFieldCount(
  got: number,
  { expected, isJson }: { readonly expected: number; readonly isJson: boolean },
): RowProblem {
  if (isJson) {
    return {
      message: `${got} value${got === 1 ? "" : "s"} where the first row has ${expected}`,
      hint: "All rows are arrays of one length. Complete the row or remove it.",
    };
  }
  return {
    message: `${got} field${got === 1 ? "" : "s"} where the header has ${expected}`,
    hint: got < expected
      ? "Was the file cut off? Complete the line or remove it."
      : "A field that holds a comma, such as 1,234.5, must stand in double quotes.",
  };
}

/** A field that is no number, or one that is too long, or one with another mark than its column. */
export function noNumber(
  name: ColumnName,
  field: string,
  { kind, mark, isWhole }: {
    readonly kind: DecimalKind;
    readonly mark: DecimalMark;
    /** Whether all numbers before it are whole, so that they say nothing against its mark. */
    readonly isWhole: boolean;
  },
): RowProblem {
  if (kind === DECIMAL.TOO_LONG) {
    return {
      message: `${name} has more than ${MAX_DIGITS} digits: got ${quote(field)}`,
      hint: "Round it, or leave it empty to have the row dropped (see max_missing).",
    };
  }
  const other = mark === "point" ? "comma" : "point";
  return plainNumber(field, other) === null
    ? { message: `${name} is not a number: got ${quote(field)}`, hint: CORRECT_OR_DROP }
    : {
      message: `${name} is ${
        quote(field)
      }, with a decimal ${other} where others have a decimal ${mark}`,
      hint: isWhole
        ? `If fractions begin with a ${other} in this file: --set decimal_mark=${other}. ` +
          CORRECT_OR_DROP
        : CORRECT_OR_DROP,
    };
}

/** A field that is two numbers, and no other row tells which. */
export function openNumber(name: ColumnName, field: string): RowProblem {
  const [point, comma] = DECIMAL_MARKS.map((mark) => plainNumber(field, mark)!);
  return {
    message: `${name} is ${quote(field)}, which may be ${point} or ${comma}, ` +
      "and no other row tells",
    hint: `Say what begins a fraction: --set decimal_mark=point if it is ${point}, ` +
      `--set decimal_mark=comma if it is ${comma}.`,
  };
}

/** A time that does not exist. */
export function skippedTime(field: string): RowProblem {
  return {
    message: `time is ${quote(field)}, which does not exist: the clock is set forward past it`,
    hint: "Say in which zone the times are: --set time_zone=UTC, or an offset if the clock is " +
      "never set there: --set time_zone=-05:00.",
  };
}

/** A field that is no time. */
export function noTime(field: string, format: TimeFormat | undefined): RowProblem {
  return {
    message: `time is ${quote(field)}, ${whyNoTime(field, format)}`,
    hint: `${zoneHint(field) ?? formHint} To take the rows in file order, without their times: ` +
      "--set columns.time=none",
  };
}
