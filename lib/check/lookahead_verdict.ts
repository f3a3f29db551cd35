/**
 * What a search for look-ahead bias comes to, and the refusal of a run whose
 * signal looks ahead. Pure.
 *
 * @module
 */

import { isoTime } from "../bars/time/iso_time.ts";
import { EXIT_NOT_PROVED, UserError } from "../errors.ts";
import type { ExperimentLog } from "../experiment.ts";
import {
  checkLookahead,
  DEFAULT_CUTS,
  type LookaheadOptions,
  type LookaheadReport,
} from "./lookahead.ts";
import { LOOKAHEAD_TESTS, type ProofSubject } from "./lookahead_search.ts";

/** What a report can come to. */
export type LookaheadVerdict = "none found" | "biased" | "not checked";

/**
 * What a report comes to. That nothing was found is only said if both tests
 * could be made, each at one cut at least.
 */
export function lookaheadVerdict(
  { biasedBars, tests }: Pick<LookaheadReport, "biasedBars" | "tests">,
): LookaheadVerdict {
  if (biasedBars > 0) return "biased";
  const isChecked = LOOKAHEAD_TESTS.every((test) => tests[test].compared > 0);
  return isChecked ? "none found" : "not checked";
}

/** Through what the future leaks, in words: `close and volume`. */
export function leaksText({ leaks }: Pick<LookaheadReport, "leaks">): string {
  if (leaks.length === 0) return "the number of bars, not their values, as far as was found";
  return leaks.length === 1 ? leaks[0]! : `${leaks.slice(0, -1).join(", ")} and ${leaks.at(-1)}`;
}

/** The first biased bar, in words: `bar 12, 2020-09-05T14:00:00.000Z`. */
export function firstBiasedText(
  { firstBiasedBar, firstBiasedTime }: Pick<LookaheadReport, "firstBiasedBar" | "firstBiasedTime">,
): string {
  return `bar ${firstBiasedBar}` +
    (firstBiasedTime === null ? "" : `, ${isoTime(firstBiasedTime)}`);
}

/** Cuts at which nothing could be compared, in words. */
export function uncomparedLines({ uncompared }: Pick<LookaheadReport, "uncompared">): string[] {
  return uncompared.map(({ test, cuts, firstCut, message }) =>
    `${test} at ${cuts} ${cuts === 1 ? "cut" : "cuts"}, the first after ${firstCut} ${
      firstCut === 1 ? "bar" : "bars"
    }: ${message}`
  );
}

/**
 * Fails a run whose signal looks ahead, or could not be checked for it. What
 * was checked goes into the run's log.
 *
 * @throws {UserError} with the code `lookahead_bias` or `lookahead_unchecked`
 */
export async function refuseLookahead(
  subject: ProofSubject & { readonly seed: number; readonly log: ExperimentLog },
  { pause }: Pick<LookaheadOptions, "pause"> = {},
): Promise<void> {
  const { seed, log } = subject;
  const report = await checkLookahead(subject, { cuts: DEFAULT_CUTS, seed, pause });
  const verdict = lookaheadVerdict(report);
  log.info("look-ahead checked", {
    bars: report.bars,
    bars_checked: report.barsChecked,
    cuts: report.cuts,
    truncation: report.tests.truncation.compared,
    perturbation: report.tests.perturbation.compared,
    computations: Math.round(report.computations * 10) / 10,
    biased_bars: report.biasedBars,
    verdict,
  });
  for (const line of uncomparedLines(report)) log.warn("look-ahead not compared", { at: line });
  if (verdict === "biased") throw bias(report);
  if (verdict === "not checked") throw unchecked(report);
}

function bias(report: LookaheadReport): UserError {
  const { experiment, biasedBars } = report;
  return new UserError(
    `Experiment ${experiment} looks ahead: ${biasedBars} biased ${
      biasedBars === 1 ? "bar" : "bars"
    } found, the first ${firstBiasedText(report)}; the position there depends on later bars ` +
      `through ${leaksText(report)}`,
    {
      code: "lookahead_bias",
      exitCode: EXIT_NOT_PROVED,
      hint: "The position at a bar may use that bar and earlier ones only. " +
        "check:lookahead tells more, with --cuts all about every bar.",
    },
  );
}

function unchecked({ experiment, bars, uncompared }: LookaheadReport): UserError {
  const why = uncompared[0]?.message ?? `there is no bar to cut off, of ${bars}`;
  return new UserError(`Cannot check experiment ${experiment} for look-ahead: ${why}`, {
    code: "lookahead_unchecked",
    exitCode: EXIT_NOT_PROVED,
    hint: "It takes bars before and after a cut, and an experiment that does not fail on them.",
  });
}
