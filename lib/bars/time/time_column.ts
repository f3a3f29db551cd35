/**
 * The times of a column, collected row by row: read both ways where a date may
 * have its day or its month first, until the whole column tells which it is.
 *
 * @module
 */

import { UserError } from "../../errors.ts";
import { type DateOrderDecision, decideDateOrder } from "./date_order.ts";

/** Collects times. */
export class TimeColumnBuilder {
  /** Milliseconds since 1970-01-01 UTC, the day first. */
  #times: Float64Array;
  /** The same with the month first, once a date may be read both ways. */
  #monthFirst: Float64Array | undefined;
  #length = 0;

  /** `capacity` is a guess at the number of times; it grows as needed. */
  constructor(capacity: number) {
    this.#times = new Float64Array(Math.max(16, capacity));
  }

  /** Adds a time that can be read in one way only. */
  push(ms: number): void {
    if (this.#length === this.#times.length) this.#grow();
    this.#times[this.#length] = ms;
    if (this.#monthFirst !== undefined) this.#monthFirst[this.#length] = ms;
    this.#length++;
  }

  /** Adds times that can be read in one way only. */
  append(times: Float64Array): void {
    while (this.#length + times.length > this.#times.length) this.#grow();
    this.#times.set(times, this.#length);
    this.#monthFirst?.set(times, this.#length);
    this.#length += times.length;
  }

  /** Adds a date of two numbers and a year, read with the day and with the month first. */
  pushDayMonth(dayFirstMs: number, monthFirstMs: number): void {
    // What came before is the same either way.
    this.#monthFirst ??= this.#times.slice();
    this.push(dayFirstMs);
    this.#monthFirst[this.#length - 1] = monthFirstMs;
  }

  /**
   * All times.
   *
   * @param path the file's, for messages
   * @throws {UserError} if the column does not tell which of day and month stands first
   */
  build(path: string): Float64Array {
    const dayFirst = this.#times.subarray(0, this.#length);
    if (this.#monthFirst === undefined) return dayFirst;
    const monthFirst = this.#monthFirst.subarray(0, this.#length);
    const decision = decideDateOrder(dayFirst, monthFirst);
    if (decision.order === null) throw undecided(decision, path);
    return decision.order === "dmy" ? dayFirst : monthFirst;
  }

  #grow(): void {
    this.#times = doubled(this.#times);
    if (this.#monthFirst !== undefined) this.#monthFirst = doubled(this.#monthFirst);
  }
}

function doubled(array: Float64Array): Float64Array {
  const larger = new Float64Array(array.length * 2);
  larger.set(array);
  return larger;
}

function undecided(
  decision: DateOrderDecision & { readonly order: null },
  path: string,
): UserError {
  const reason = decision.reason === "ambiguous"
    ? "its dates make sense with the day first and with the month first"
    : `bar ${decision.dayFirstRow + 1} is a date only with the day first, ` +
      `bar ${decision.monthFirstRow + 1} only with the month first`;
  return new UserError(`Cannot read the times of ${path}: ${reason}`, {
    code: "data_invalid",
    hint: "Say which it is: --set time_format=dmy for the day first, --set time_format=mdy " +
      "for the month first.",
  });
}
