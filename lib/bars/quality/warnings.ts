/**
 * What a reader of the results should know of the bars, from what is recorded
 * of them. Pure.
 *
 * @module
 */

import type { QualityFields } from "./quality_fields.ts";

/** A warning. */
export interface QualityWarning {
  /** Stable word for scripts. */
  readonly code: string;
  /** In words, a clause. */
  readonly message: string;
}

/** A move by this factor is more likely another unit than the market. */
const LARGE_FACTOR = 1000;

/** The warnings, the most serious first. */
export function qualityWarnings(fields: QualityFields): readonly QualityWarning[] {
  const found: QualityWarning[] = [];
  const warn = (code: string, message: string) => void found.push({ code, message });
  const count = (name: string): number => {
    const value = fields[name];
    return typeof value === "number" ? value : 0;
  };
  const text = (name: string): string => String(fields[name] ?? "");
  const change = fields.largest_move;
  if (typeof change === "number" && isLarge(change)) {
    const at = fields.largest_move_time ?? `bar ${text("largest_move_bar")}`;
    warn(
      "large_move",
      `the close changes ${factorText(change)} at ${at}: another unit, or instrument?`,
    );
  }
  if (text("symbol").includes("; ")) {
    warn("several_instruments", `files of different instruments are one series: ${text("symbol")}`);
  }
  const outside = count("close_outside_range");
  if (outside > 0) {
    warn(
      "close_outside_range",
      outside === 1
        ? "1 bar closes outside of its high and low"
        : `${bars(outside)} close outside of their high and low`,
    );
  }
  const inverted = count("high_below_low");
  if (inverted > 0) {
    warn(
      "high_below_low",
      inverted === 1
        ? "1 bar has a high below its low"
        : `${bars(inverted)} have a high below their low`,
    );
  }
  if (fields.order === "unknown") {
    warn("no_times", "there is no time column: rows are taken as they stand in the file");
  }
  if (fields.order === "unsorted") warn("unsorted", "rows were not in time order: sorted");
  const missing = count("dropped_missing");
  if (missing > 0) {
    warn("missing_values", `${rows(missing)} without a value ${were(missing)} dropped`);
  }
  const conflicting = count("repeated_conflicting");
  if (conflicting > 0) {
    warn("conflicting_rows", `${rows(conflicting)} repeat a time with other values`);
  }
  const dropped = count("dropped_repeated");
  if (dropped > 0) {
    warn("repeated_rows", `${rows(dropped)} with a repeated time ${were(dropped)} dropped`);
  } else if (count("repeated_identical") > 0) {
    warn("repeated_rows", `${rows(count("repeated_identical"))} repeat another, and are kept`);
  }
  const holes = count("holes");
  if (holes > 0) {
    const missing = count("missing_in_holes");
    warn(
      "missing_bars",
      `${bars(missing)} ${missing === 1 ? "is" : "are"} missing in ${holes} place${
        holes === 1 ? "" : "s"
      }`,
    );
  }
  if (count("interval_changes") > 0) {
    warn("mixed_intervals", "the interval of the first half is another than that of the second");
  }
  const below = count("left_out_below");
  if (below > 0) {
    const lines = text("left_out_lines");
    warn(
      "lines_left_out",
      `${below} line${below === 1 ? "" : "s"} below the data ${were(below)} left out` +
        (lines === "" ? "" : ` (line ${lines})`),
    );
  }
  return found;
}

function isLarge(change: number): boolean {
  return change >= LARGE_FACTOR - 1 || change <= 1 / LARGE_FACTOR - 1;
}

/** `by a factor of 1,000`, `to 1/1,000`. */
function factorText(change: number): string {
  const factor = Math.round(change > 0 ? change + 1 : 1 / (1 + change));
  const shown = Number.isFinite(factor) ? factor.toLocaleString("en-US") : "infinity";
  return change > 0 ? `by a factor of ${shown}` : `to 1/${shown}`;
}

function bars(count: number): string {
  return `${count.toLocaleString("en-US")} bar${count === 1 ? "" : "s"}`;
}

function rows(count: number): string {
  return `${count.toLocaleString("en-US")} row${count === 1 ? "" : "s"}`;
}

function were(count: number): string {
  return count === 1 ? "was" : "were";
}
