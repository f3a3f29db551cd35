/**
 * Which part of a date is which, told from all dates of a column, each read in
 * every order that it may have. Pure.
 *
 * @module
 */

import { type DateOrderDecision, decideDateOrder } from "./date_order.ts";

/** A column read in several orders: milliseconds by row, NaN where there is no such date. */
export interface ReadInOrders {
  /** With the day first. */
  readonly dayFirst: Float64Array;
  /** With the month first. */
  readonly monthFirst: Float64Array;
  /** With the year first, where years have two digits; else null. */
  readonly yearFirst: Float64Array | null;
  /** Whether points stand between the numbers, as they do where the day is first. */
  readonly areDotted: boolean;
}

/** Which order it is, and what told it; or why that cannot be said. */
export type OrderOfDates =
  | { readonly order: "dmy" | "mdy" | "ymd"; readonly why: string }
  | (DateOrderDecision & { readonly order: null });

const UNCLEAR = { order: null, reason: "ambiguous" } as const;

/** How many times longer the span of an order is that cannot be meant. */
const FAR_LONGER = 10;

/** Decides, as {@linkcode decideDateOrder} does; of two-digit years also whether they stand first. */
export function orderOfDates(read: ReadInOrders): OrderOfDates {
  const decided = dayOrMonthFirst(read);
  const { yearFirst } = read;
  if (yearFirst === null) return decided;
  const others = decided.order === null
    ? [read.dayFirst, read.monthFirst]
    : [decided.order === "dmy" ? read.dayFirst : read.monthFirst];
  const rivals = others.filter(areDates);
  if (!areDates(yearFirst)) return rivals.length === 0 ? UNCLEAR : decided;
  if (rivals.length === 0) return { order: "ymd", why: "the year first, as all are dates then" };
  if (rivals.every((rival) => rival.every((ms, row) => ms === yearFirst[row]))) return decided;
  const inOrder = rivals.filter(isInOrder);
  if (!isInOrder(yearFirst)) return inOrder.length === rivals.length ? decided : UNCLEAR;
  const span = spanOf(yearFirst);
  if (inOrder.every((rival) => span * FAR_LONGER < spanOf(rival))) {
    return { order: "ymd", why: "the year first, as bars are nearest to each other then" };
  }
  return inOrder.every((rival) => spanOf(rival) * FAR_LONGER < span) ? decided : UNCLEAR;
}

function dayOrMonthFirst({ dayFirst, monthFirst, areDotted }: ReadInOrders): OrderOfDates {
  const decision = decideDateOrder(dayFirst, monthFirst);
  const { order } = decision;
  if (order === null) {
    return decision.reason === "ambiguous" && areDotted
      ? { order: "dmy", why: "the day first, as in dates with points" }
      : decision;
  }
  const first = order === "dmy" ? "the day first" : "the month first";
  switch (decision.by) {
    case "validity":
      return { order, why: `${first}, as some dates exist in that order only` };
    case "regularity":
      return { order, why: `${first}, as bars are at regular distances then` };
    case "step":
      return { order, why: `${first}, as bars are days apart then, not months` };
    case "equality":
      return { order, why: "the same with the day and with the month first" };
  }
}

function areDates(times: Float64Array): boolean {
  return !times.some(Number.isNaN);
}

/** Whether times go forward or backward. */
function isInOrder(times: Float64Array): boolean {
  let rises = false;
  let falls = false;
  for (let row = 1; row < times.length; row++) {
    if (times[row]! > times[row - 1]!) rises = true;
    else if (times[row]! < times[row - 1]!) falls = true;
  }
  return !(rises && falls);
}

function spanOf(times: Float64Array): number {
  return Math.abs(times.at(-1)! - times[0]!);
}
