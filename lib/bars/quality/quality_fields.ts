/**
 * A quality report as flat fields with the names under which it is recorded.
 * Pure.
 *
 * @module
 */

import { isoTime } from "../time/iso_time.ts";
import type { QualityReport } from "./quality.ts";
import { understoodFields } from "./understood.ts";

/** Names and values, as they go into JSON and run.log; null where nothing could be told. */
export type QualityFields = Readonly<Record<string, number | string | null>>;

/** The fields of a report, always the same ones, in order. */
export function qualityFields(report: QualityReport): QualityFields {
  const { spacing, repeats, missing, largestMove, leftOut } = report;
  const gaps = spacing?.gaps ?? null;
  return {
    rows_read: report.rowsRead,
    dropped_missing: missing.count,
    dropped_lines: missing.count === 0 ? null : missing.lines.join(", "),
    dropped_repeated: report.repeatsDropped,
    bars: report.bars,
    columns: report.columns.join(", "),
    order: report.order,
    first_time: timeText(report.firstTime),
    last_time: timeText(report.lastTime),
    interval_ms: spacing?.intervalMs ?? null,
    gaps: gaps?.count ?? null,
    missing_bars: gaps?.missingBars ?? null,
    market_closes: spacing?.holes == null ? null : Number(spacing.holes.marketCloses),
    holes: spacing?.holes?.count ?? null,
    missing_in_holes: spacing?.holes?.missingBars ?? null,
    interval_changes: spacing === null ? null : Number(spacing.changes),
    longest_gap_ms: gaps?.longestMs ?? null,
    longest_gap_from: timeText(gaps?.longestFrom ?? null),
    repeated_identical: repeats?.identical.count ?? null,
    repeated_conflicting: repeats?.conflicting.count ?? null,
    repeated_at: repeats === null ? null : firstRepeats(repeats),
    zero_prices: report.zeroPrices,
    negative_prices: report.negativePrices,
    high_below_low: report.highBelowLow,
    close_outside_range: report.closeOutsideRange,
    unchanged_closes: report.unchangedCloses,
    largest_move: largestMove?.change ?? null,
    largest_move_bar: largestMove?.bar ?? null,
    largest_move_time: timeText(largestMove?.time ?? null),
    ...understoodFields(report.understood),
    left_out_titles: leftOut?.titles ?? null,
    left_out_notes: leftOut?.notes ?? null,
    left_out_below: leftOut?.below ?? null,
    left_out_lines: leftOut === null || leftOut.belowLines.length === 0
      ? null
      : leftOut.belowLines.join(", "),
  };
}

/** Times of the first few, conflicting ones if there are any. */
function firstRepeats({ conflicting, identical }: NonNullable<QualityReport["repeats"]>):
  | string
  | null {
  const { times } = conflicting.count > 0 ? conflicting : identical;
  return times.length === 0 ? null : times.map(isoTime).join(", ");
}

function timeText(ms: number | null): string | null {
  return ms === null ? null : isoTime(ms);
}
