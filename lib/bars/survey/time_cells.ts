/**
 * The times of a column that may be the one of the bars: whether every cell is
 * a time, and in which direction they go. Pure.
 *
 * @module
 */

import { orderOfDates } from "../time/order_of_dates.ts";
import { settleTimes } from "../time/repeated_hours.ts";
import { type TimestampOptions, TimestampReader } from "../time/timestamps.ts";

/** How the times of a column follow each other, in the order of the file. */
export type Direction =
  /** Each after the one before, or each before it. */
  | "strict"
  /** In one direction, and some are equal. */
  | "weak"
  /** All equal. */
  | "constant"
  /** Forward and backward. */
  | "mixed";

/** Times that every cell of a column is. */
export interface CellTimes {
  /** Milliseconds since 1970-01-01 UTC; of dates whose order is open, the day is taken first. */
  readonly ms: Float64Array;
  /** How they follow each other; of dates whose order is open, in the better one. */
  readonly direction: Direction;
  /** Whether all are midnights, as dates without a time of day are. */
  readonly areDates: boolean;
}

/** Takes the cells of a column as long as they are times. */
export class TimeCells {
  readonly #reader: TimestampReader;
  readonly #dayFirst: number[] = [];
  readonly #monthFirst: number[] = [];
  readonly #yearFirst: number[] = [];
  #hasTwoDigitYear = false;
  #areDotted = true;
  #isOpen = false;
  #areDates = true;
  /** By row, the second time that it may be, as the clock was set back. */
  readonly #later = new Map<number, number>();

  /** Reads times in the form that `options` say, or in any. */
  constructor(options: TimestampOptions) {
    this.#reader = new TimestampReader(options);
  }

  /** Whether the next cell is a time, too. */
  take(bytes: Uint8Array, start: number, end: number): boolean {
    const ms = this.#reader.read(bytes, start, end);
    if (!this.#reader.isRead(ms)) return false;
    const { isDayMonth, monthFirstMs, isDotted, hasTwoDigitYear, yearFirstMs } = this.#reader;
    this.#areDates &&= this.#reader.isMidnight;
    const { laterMs } = this.#reader;
    if (!Number.isNaN(laterMs)) this.#later.set(this.#dayFirst.length, laterMs);
    this.#isOpen ||= isDayMonth || hasTwoDigitYear;
    if (isDayMonth) this.#areDotted &&= isDotted;
    this.#hasTwoDigitYear ||= hasTwoDigitYear;
    this.#dayFirst.push(ms);
    this.#monthFirst.push(isDayMonth ? monthFirstMs : ms);
    this.#yearFirst.push(hasTwoDigitYear ? yearFirstMs : ms);
    return true;
  }

  /** The times; null if there are none. */
  finish(): CellTimes | null {
    if (this.#dayFirst.length === 0) return null;
    const dayFirst = Float64Array.from(this.#dayFirst);
    const timesOf = (ms: Float64Array): CellTimes => ({
      ms,
      direction: directionOf(ms),
      areDates: this.#areDates,
    });
    if (!this.#isOpen) return timesOf(this.#settled(dayFirst));
    const monthFirst = Float64Array.from(this.#monthFirst);
    const yearFirst = this.#hasTwoDigitYear ? Float64Array.from(this.#yearFirst) : null;
    const { order } = orderOfDates({
      dayFirst,
      monthFirst,
      yearFirst,
      areDotted: this.#areDotted,
    });
    if (order === "ymd") return timesOf(yearFirst!);
    if (order !== null) return timesOf(order === "dmy" ? dayFirst : monthFirst);
    const both = [dayFirst, monthFirst, ...(yearFirst === null ? [] : [yearFirst])].map(timesOf);
    const ranks: readonly Direction[] = ["strict", "weak", "constant", "mixed"];
    return both.toSorted((a, b) => ranks.indexOf(a.direction) - ranks.indexOf(b.direction))[0]!;
  }

  /** In an hour that happens twice, the times that the order of the rows tells. */
  #settled(times: Float64Array): Float64Array {
    return this.#later.size === 0
      ? times
      : settleTimes({ times, later: this.#later }).times ?? times;
  }
}

/** How times follow each other. */
export function directionOf(ms: Float64Array): Direction {
  let up = 0;
  let down = 0;
  let equal = 0;
  for (let row = 1; row < ms.length; row++) {
    const step = ms[row]! - ms[row - 1]!;
    if (step > 0) up++;
    else if (step < 0) down++;
    else if (step === 0) equal++;
    else return "mixed";
  }
  if (up > 0 && down > 0) return "mixed";
  if (equal === 0) return "strict";
  return up + down > 0 ? "weak" : "constant";
}
