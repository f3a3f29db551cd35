/**
 * From the rows of a file, or of several, to bars in time order.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import type { Bars } from "../experiment.ts";
import type { LoadedBars, LoadRequest } from "./load.ts";
import { reorderColumn } from "./number/decimal_column.ts";
import { type MissingRows, qualityOf } from "./quality/quality.ts";
import {
  conflictError,
  countedBars,
  type KeptBars,
  repeatedTimes,
} from "./quality/repeated_times.ts";
import type { Understood } from "./quality/understood.ts";
import type { ParsedRows } from "./rows.ts";
import { rowsHash } from "./rows_hash.ts";
import { reorderText, type TextColumn } from "./text_column.ts";
import { type RowOrder, timeOrder } from "./time/time_order.ts";
import { SingleTimes } from "./time/times.ts";

/** Rows of one file, or of several. */
export interface SourceRows extends Omit<ParsedRows, "missing"> {
  /** Rows without a value in a wanted column. */
  readonly missing: MissingRows;
  /** What they were read from, as messages call it. */
  readonly name: string;
  /** How they stood there, if they were put in order since. */
  readonly stood?: RowOrder;
  /** The file of a row that was kept, where there are several, as messages call it. */
  readonly fileOf?: (row: number) => string;
  /** What was understood of each file. */
  readonly understood: readonly Understood[];
}

function refuseMissing(
  { rowsRead, missing, name }: SourceRows,
  { maxMissing, columns }: Omit<LoadRequest, "path">,
): void {
  // A share written as a decimal is the double nearest to it, as this quotient is;
  // the product of share and rows could miss the count by a rounding.
  if (missing.count / rowsRead <= maxMissing) return;
  const lines = missing.lines.join(", ") + (missing.count > missing.lines.length ? ", …" : "");
  throw new UserError(
    `Cannot use ${name}: ${missing.count} of ${rowsRead} rows have no ${columns.join(" or ")} ` +
      `(${
        typeof missing.lines[0] === "string" ? "at" : "line"
      } ${lines}), more than max_missing (${maxMissing}) allows`,
    {
      code: "data_missing_values",
      hint: "Look at these lines. To drop such rows all the same, raise the share that may be " +
        `missing: --set max_missing=${
          Math.min(1, Math.ceil((missing.count / rowsRead) * 100) / 100)
        }`,
    },
  );
}

/**
 * The bars in time order, an identical row of one time counted once, and what was found on the way.
 *
 * @throws {UserError} if the rows lack more values than allowed, or conflict
 */
export async function barsOf(
  rows: SourceRows,
  request: Omit<LoadRequest, "path">,
): Promise<Omit<LoadedBars, "form" | "bytes" | "dataHash" | "files">> {
  refuseMissing(rows, request);
  const { rowsRead, missing, fileOf } = rows;
  const { found: order, order: permutation } = timeOrder(rows.times);
  const { duplicates, conflicts = "refuse" } = request;
  let { bars, lines } = reordered(rows, permutation);
  const repeats = repeatedTimes(askedBars(bars, request));
  if (duplicates === undefined && conflicts === "refuse" && repeats.conflicting.count > 0) {
    throw conflictError(rows.name, {
      bars,
      conflicting: repeats.conflicting,
      areLocal: rows.areLocal,
      fileOf: fileOf && ((bar) => fileOf(permutation?.[bar] ?? bar)),
    });
  }
  const kept = countedBars(bars, { duplicates, order, repeats });
  if (kept !== null) ({ bars, lines } = reordered(rows, composed(permutation, kept)));
  const quality = qualityOf({
    bars,
    rowsRead,
    missing,
    order: rows.stood ?? order,
    repeats,
    repeatsDropped: rows.length - bars.length,
    understood: rows.understood,
    leftOut: rows.leftOut,
  });
  const names = request.columns.filter((name) => bars[name] !== undefined);
  return {
    bars: publicBars(askedBars(bars, request)),
    times: bars.times,
    lines,
    rowsHash: await rowsHash(bars, names),
    rowsRead,
    missing,
    quality,
  };
}

/** The rows as bars, bar *t* being row `order[t]`; the order of the file without one. */
function reordered(
  rows: Pick<ParsedRows, "length" | "times" | "columns" | "lines">,
  order: Uint32Array | null,
): { readonly bars: KeptBars; readonly lines: TextColumn | null } {
  const { times, columns, lines } = rows;
  const present = [...columns].map(([name, column]) =>
    [name, order === null ? column : reorderColumn(column, order)] as const
  );
  return {
    bars: {
      length: order?.length ?? rows.length,
      times: times === null || order === null
        ? times
        : new SingleTimes(Float64Array.from(order, (row) => times.at(row))),
      ...Object.fromEntries(present),
    },
    lines: lines === null || order === null ? lines : reorderText(lines, order),
  };
}

/** The bars without the columns that are read for checks alone. */
function askedBars(
  bars: KeptBars,
  { checks = [], columns, optional = [] }: Omit<LoadRequest, "path">,
): KeptBars {
  const others = checks.filter((name) => !columns.includes(name) && !optional.includes(name));
  if (others.length === 0) return bars;
  return Object.fromEntries(
    Object.entries(bars).filter(([name]) => !others.some((other) => other === name)),
  ) as unknown as KeptBars;
}

/** The bars as experiments see them: all times are written out where one looks at them. */
function publicBars({ times, ...rest }: KeptBars): Bars {
  const bars = {
    ...rest,
    get times() {
      return times?.values ?? null;
    },
  };
  return bars as Bars;
}

/** The permutation that takes bars of the first, those at the positions of the second. */
function composed(first: Uint32Array | null, second: Uint32Array): Uint32Array {
  return first === null ? second : second.map((at) => first[at]!);
}
