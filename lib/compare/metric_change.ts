/**
 * How far a metric is from that of a baseline. Pure.
 *
 * @module
 */

/** A metric against the same metric of a baseline. */
export interface MetricChange {
  /** The metric less that of the baseline, in the metric's own unit. */
  readonly absolute: number;
  /** The absolute change as a share of the baseline's size; null where that is 0. */
  readonly relative: number | null;
}

/**
 * The change of a metric; null where either run has none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { metricChange } from "./metric_change.ts";
 *
 * assertEquals(metricChange(50, { baseline: -40 }), { absolute: 90, relative: 2.25 });
 * assertEquals(metricChange(1, { baseline: 0 }), { absolute: 1, relative: null });
 * assertEquals(metricChange(1, { baseline: null }), null);
 * ```
 */
export function metricChange(
  value: unknown,
  { baseline }: { readonly baseline: unknown },
): MetricChange | null {
  if (typeof value !== "number" || typeof baseline !== "number") return null;
  const absolute = value - baseline;
  // By size, so that a rise is positive from a negative baseline, too.
  const relative = absolute === 0 ? 0 : absolute / Math.abs(baseline);
  return { absolute, relative: Number.isFinite(relative) ? relative : null };
}

/** Sums of as many terms as a series has bars are exact to about this share. */
const ROUNDING = 1e-12;

/** Whether a change is no more than what the order of a sum makes of its last digits. */
export function isRounding({ absolute, relative }: MetricChange): boolean {
  return absolute === 0 || (relative !== null && Math.abs(relative) < ROUNDING);
}
