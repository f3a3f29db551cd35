/**
 * `--set` for commands that read data without a config: only the keys that say
 * how data is read.
 *
 * @module
 */

import type { DecimalMark } from "../../bars/number/decimal_mark.ts";
import type { DuplicatesPolicy } from "../../bars/quality/repeated_times.ts";
import type { ColumnOverrides } from "../../bars/header.ts";
import type { TimeFormat } from "../../bars/time/time_format.ts";
import { expectedForm, shownValue } from "../../config/expected.ts";
import { applyOverrides, parseOverride, writtenTexts } from "../../config/overrides.ts";
import { reservedShape } from "../../config/reserved.ts";
import { typedValues } from "../../config/typed_values.ts";
import { usageError } from "../../errors.ts";
import { nearest } from "../../nearest.ts";
import { quote, shortened } from "../../quote.ts";
import type { Flag, Flags } from "../commands/command.ts";

/** The reserved keys that say how data is read. */
export const DATA_KEYS = [
  "columns",
  "symbol",
  "time_format",
  "time_zone",
  "decimal_mark",
  "duplicates",
  "max_missing",
] as const satisfies readonly (
  keyof typeof reservedShape
)[];

/** How data is to be read. */
export interface DataOptions {
  /** Titles of columns that are not found by themselves. */
  readonly columns: ColumnOverrides;
  /** The instrument whose rows are taken. */
  readonly symbol: string | undefined;
  /** The form of the times. */
  readonly timeFormat: TimeFormat | undefined;
  /** Time zone of times without an offset. */
  readonly timeZone: string | undefined;
  /** What begins the fraction of a number. */
  readonly decimalMark: DecimalMark | undefined;
  /** Which row counts where several have one time. */
  readonly duplicates: DuplicatesPolicy | undefined;
  /** Share of rows that may be dropped. */
  readonly maxMissing: number;
}

/** The flag. */
export const DATA_SET_FLAG: Flag = {
  name: "set",
  value: "KEY=VALUE",
  takes: "key",
  repeatable: true,
  help: `how the data is read, as in a config: ${DATA_KEYS.join(", ")}; columns.close=Last`,
};

/**
 * Reads the flag.
 *
 * @throws {UserError} on a key that has nothing to do with data, or a value
 * that it cannot have
 */
export function dataOptions(flags: Flags): DataOptions {
  const overrides = flags.list("set").map(parseOverride);
  for (const { key: [key], origin } of overrides) {
    if (DATA_KEYS.some((known) => known === key)) continue;
    const near = nearest(key!, DATA_KEYS);
    throw usageError(
      `Cannot use ${quote(origin)}: ${shortened(key!)} says nothing about how data is read` +
        (near === undefined ? "" : `; did you mean ${near}?`),
      `The keys that do: ${DATA_KEYS.join(", ")}.`,
    );
  }
  const { values, unclear: [unclear] } = typedValues(applyOverrides({}, overrides), {
    shape: reservedShape,
    written: writtenTexts(new Map(), overrides),
  });
  if (unclear !== undefined) {
    throw usageError(`Cannot use --set ${shortened(unclear.key.join("."))}: ${unclear.message}`);
  }
  return {
    columns: valid("columns", values.columns) as ColumnOverrides,
    symbol: valid("symbol", values.symbol) as string | undefined,
    timeFormat: valid("time_format", values.time_format) as TimeFormat | undefined,
    timeZone: valid("time_zone", values.time_zone) as string | undefined,
    decimalMark: valid("decimal_mark", values.decimal_mark) as DecimalMark | undefined,
    duplicates: valid("duplicates", values.duplicates) as DuplicatesPolicy | undefined,
    maxMissing: valid("max_missing", values.max_missing) as number,
  };
}

function valid(key: typeof DATA_KEYS[number], value: unknown): unknown {
  const type = reservedShape[key];
  const result = type.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue?.code === "unrecognized_keys") {
    const known = Object.keys(reservedShape.columns.unwrap().shape);
    const near = nearest(issue.keys[0]!, known);
    throw usageError(
      `Cannot use --set ${key}.${shortened(issue.keys[0]!)}: there is no such column` +
        (near === undefined ? "" : `; did you mean ${near}?`),
      `There are: ${known.join(", ")}.`,
    );
  }
  const path = issue?.path.map(String) ?? [];
  const name = [key, ...path].join(".");
  const got = path.reduce((at, part) => (at as Record<string, unknown>)[part], value);
  const expected = path.length === 0 ? expectedForm(type) : "the title of a column";
  const problem = issue?.code === "custom"
    ? `${issue.message}: ${shownValue(got)}`
    : `expected ${expected}, got ${shownValue(got)}`;
  throw usageError(`Cannot use --set ${shortened(name)}: ${problem}`);
}
