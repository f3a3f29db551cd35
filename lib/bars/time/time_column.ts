/**
 * The times of a column, collected row by row: read both ways where a date may
 * have its day or its month first, until the whole column tells which it is.
 *
 * @module
 */

import { UserError } from "../../errors.ts";
import { isoTime } from "./iso_time.ts";
import { type OrderOfDates, orderOfDates } from "./order_of_dates.ts";
import { settleTimes } from "./repeated_hours.ts";
import { RunTimes, SingleTimes, type Times } from "./times.ts";

/** Runs that are kept however few times there are. */
const FEW_RUNS = 256;
/** Beyond them, times that a run has to have on average to be worth it. */
const RUN_LENGTH = 8;

const YEAR_2030 = Date.UTC(2030, 0, 1);
const HALF_A_CENTURY = 50 * 365.2425 * 86_400_000;

/** Collects times. */
export class TimeColumnBuilder {
  readonly #capacity: number;
  /** The times as runs; null once they are kept one by one. */
  #runs: RunTimes | null = new RunTimes();
  /** Milliseconds since 1970-01-01 UTC, the day first. */
  #times: Float64Array = new Float64Array(0);
  /** The same with the month first, once a date may be read both ways. */
  #monthFirst: Float64Array | undefined;
  #length = 0;
  #why: string | null = null;
  /** By row, dates whose year has two digits, read with that first. */
  readonly #yearFirst = new Map<number, number>();
  /** Whether all dates of two numbers and a year are written with points. */
  #areDotted = true;
  /** By row, the second time that it may be, with the day and with the month first. */
  readonly #later = new Map<number, number>();
  readonly #monthFirstLater = new Map<number, number>();

  /** `capacity` is a guess at the number of times; it grows as needed. */
  constructor(capacity: number) {
    this.#capacity = Math.max(16, capacity);
  }

  /** Adds a time that can be read in one way only. */
  push(ms: number): void {
    if (this.#runs !== null) {
      if (Number.isSafeInteger(ms)) {
        this.#runs.push(ms);
        if (this.#runs.runs > FEW_RUNS + this.#runs.length / RUN_LENGTH) this.#separate();
        return;
      }
      this.#separate();
    }
    if (this.#length === this.#times.length) this.#grow();
    this.#times[this.#length] = ms;
    if (this.#monthFirst !== undefined) this.#monthFirst[this.#length] = ms;
    this.#length++;
  }

  /** Adds times that can be read in one way only. */
  append(times: Float64Array): void {
    let from = 0;
    while (from < times.length && this.#runs !== null) {
      from += this.#runs.continueWith(times.subarray(from));
      if (from < times.length) this.push(times[from++]!);
    }
    const rest = times.subarray(from);
    while (this.#length + rest.length > this.#times.length) this.#grow();
    this.#times.set(rest, this.#length);
    this.#monthFirst?.set(rest, this.#length);
    this.#length += rest.length;
  }

  /** Adds a date of two numbers and a year, read with the day and with the month first. */
  pushDayMonth(
    dayFirstMs: number,
    monthFirstMs: number,
    { isDotted = false }: { readonly isDotted?: boolean } = {},
  ): void {
    this.#areDotted &&= isDotted;
    if (this.#runs !== null) this.#separate();
    // What came before is the same either way.
    this.#monthFirst ??= this.#times.slice();
    this.push(dayFirstMs);
    this.#monthFirst[this.#length - 1] = monthFirstMs;
  }

  /** Says that the year of the date just added has two digits, and what it is if that is first. */
  alsoYearFirst(yearFirstMs: number): void {
    if (this.#runs !== null) this.#separate();
    this.#yearFirst.set(this.#length - 1, yearFirstMs);
  }

  /** Says that the time just added may be a later one, too, as its hour happens twice. */
  alsoLater(dayFirstMs: number, monthFirstMs: number): void {
    const row = (this.#runs?.length ?? this.#length) - 1;
    if (!Number.isNaN(dayFirstMs)) this.#later.set(row, dayFirstMs);
    if (!Number.isNaN(monthFirstMs)) this.#monthFirstLater.set(row, monthFirstMs);
  }

  /**
   * All times.
   *
   * @param path the file's, for messages
   * @throws {UserError} if the column does not tell which of day and month stands first, or
   * which of two equal local times is which
   */
  build(path: string): Times {
    if (this.#runs !== null) {
      return this.#later.size === 0
        ? this.#runs
        : settled(this.#runs.values, { later: this.#later, path });
    }
    const dayFirst = this.#times.subarray(0, this.#length);
    if (this.#monthFirst === undefined && this.#yearFirst.size === 0) {
      return settled(dayFirst, { later: this.#later, path });
    }
    const monthFirst = this.#monthFirst?.subarray(0, this.#length) ?? dayFirst;
    const yearFirst = this.#yearFirst.size === 0
      ? null
      : dayFirst.map((ms, row) => this.#yearFirst.get(row) ?? ms);
    const read = { dayFirst, monthFirst, yearFirst, areDotted: this.#areDotted };
    const decision = orderOfDates(read);
    if (decision.order === null) {
      throw undecided(decision, { path, hasYearFirst: yearFirst?.some(Number.isNaN) === false });
    }
    this.#why = this.#monthFirst === undefined && decision.order === "dmy" ? null : decision.why;
    const times = decision.order === "ymd"
      ? yearFirst!
      : decision.order === "dmy"
      ? dayFirst
      : monthFirst;
    refuseCenturies(times, { twoDigits: this.#yearFirst.keys(), path });
    const later = decision.order === "mdy" ? this.#monthFirstLater : this.#later;
    if (decision.order === "ymd") return new SingleTimes(times);
    return settled(times, { later, path });
  }

  /** Once built: which part of a date stands first, and what told it; null if that was no question. */
  get why(): string | null {
    return this.#why;
  }

  /** Goes on with times kept one by one. */
  #separate(): void {
    const runs = this.#runs!;
    this.#runs = null;
    this.#length = runs.length;
    this.#times = new Float64Array(Math.max(this.#capacity, 2 * runs.length));
    if (runs.length > 0) runs.fill(this.#times.subarray(0, runs.length), 0);
  }

  #grow(): void {
    this.#times = doubled(this.#times);
    if (this.#monthFirst !== undefined) this.#monthFirst = doubled(this.#monthFirst);
  }
}

function doubled(array: Float64Array): Float64Array {
  const larger = new Float64Array(Math.max(16, array.length * 2));
  larger.set(array);
  return larger;
}

function settled(
  times: Float64Array,
  { later, path }: { readonly later: ReadonlyMap<number, number>; readonly path: string },
): Times {
  if (later.size === 0) return new SingleTimes(times);
  const { times: known, open } = settleTimes({ times, later });
  if (open === null) return new SingleTimes(known);
  throw new UserError(
    `Cannot read the times of ${path}: bar ${open + 1} may be at ${isoTime(times[open]!)} or ` +
      `${isoTime(later.get(open)!)}, as its hour happens twice when the clock is set back, ` +
      "and the order of the rows does not tell which it is",
    {
      code: "data_invalid",
      hint: "Put the rows in order of time, or write the offset after such times: 01:30-04:00.",
    },
  );
}

/**
 * Refuses dates whose year has two digits if they may be of two centuries: from
 * 30 to 49, which is past or to come, or if they jump by decades.
 */
function refuseCenturies(
  times: Float64Array,
  { twoDigits, path }: { readonly twoDigits: Iterable<number>; readonly path: string },
): void {
  for (const row of twoDigits) {
    const jumps = row > 0 && Math.abs(times[row]! - times[row - 1]!) > HALF_A_CENTURY;
    if (times[row]! < YEAR_2030 && !jumps) continue;
    throw new UserError(
      `Cannot read the times of ${path}: the year of bar ${
        row + 1
      } has two digits, and may be of ` +
        "two centuries",
      { code: "data_invalid", hint: "Write the years with four digits." },
    );
  }
}

function undecided(
  decision: OrderOfDates & { readonly order: null },
  { path, hasYearFirst }: { readonly path: string; readonly hasYearFirst: boolean },
): UserError {
  const reason = decision.reason === "ambiguous"
    ? hasYearFirst
      ? "its dates make sense in several orders, as the year has two digits"
      : "its dates make sense with the day first and with the month first"
    : `bar ${decision.dayFirstRow + 1} is a date only with the day first, ` +
      `bar ${decision.monthFirstRow + 1} only with the month first`;
  return new UserError(`Cannot read the times of ${path}: ${reason}`, {
    code: "data_invalid",
    hint: "Say which it is: --set time_format=dmy for the day first, --set time_format=mdy " +
      `for the month first${hasYearFirst ? ", --set time_format=ymd for the year first" : ""}.`,
  });
}
