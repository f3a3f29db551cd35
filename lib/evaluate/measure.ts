/**
 * Numbers, and reasons why there are none. Pure.
 *
 * @module
 */

import type { EvaluationMetric } from "./metric_names.ts";

/** A number, or in words why there is none. */
export type Measure = number | string;

/** A computation on measures: without all of them there is its reason, the first one. */
export function measured(
  measures: readonly Measure[],
  compute: (...values: number[]) => Measure,
): Measure {
  const reason = measures.find((measure) => typeof measure === "string");
  return reason ?? compute(...measures as number[]);
}

/** The metrics that there are, and why there are no others. */
export class Findings {
  /** By name, finite every one of them. */
  readonly metrics: Record<string, number> = {};
  /** Reasons by name. */
  readonly undefined: Record<string, string> = {};

  /** Adds a metric. */
  add(name: EvaluationMetric, measure: Measure): void {
    if (typeof measure === "string") this.undefined[name] = measure;
    else if (!Number.isFinite(measure)) this.undefined[name] = "it is beyond the range of doubles";
    // JSON has no -0.
    else this.metrics[name] = measure + 0;
  }
}
