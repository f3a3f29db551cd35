/**
 * `check:lookahead`
 *
 * @module
 */

import { isoTime } from "../../bars/time/iso_time.ts";
import { EXIT_NOT_PROVED, EXIT_OK, usageError } from "../../errors.ts";
import { jsonText } from "../../json_text.ts";
import { checkLookahead, DEFAULT_CUTS, type LookaheadReport } from "../../check/lookahead.ts";
import {
  firstBiasedText,
  leaksText,
  type LookaheadVerdict,
  lookaheadVerdict,
  uncomparedLines,
} from "../../check/lookahead_verdict.ts";
import { printable, quote } from "../../quote.ts";
import { CHECK_FLAGS, CHECK_OPERANDS, checkSubject, subjectLines } from "../flags/check_subject.ts";
import type { Command, Flags } from "./command.ts";
import { labelled } from "../text/labelled.ts";
import type { Style } from "../text/style.ts";

/** Looks for look-ahead bias. */
const command: Command = {
  summary: "Checks that the position at a bar depends on that bar and earlier ones only: the " +
    "signal\nmust not change when later bars are cut off, nor when they become noise. Exits " +
    `with ${EXIT_NOT_PROVED} if\nit does.`,
  examples: [
    ["check:lookahead --config config.yaml", `at ${DEFAULT_CUTS} cuts`],
    ["check:lookahead --config config.yaml --cuts all", "after every bar"],
    ["check:lookahead latest", "what the last run ran, on its data"],
  ],
  operands: CHECK_OPERANDS,
  flags: [
    {
      name: "cuts",
      value: "N",
      help: `how many times to cut (default ${DEFAULT_CUTS}); all: after every bar`,
    },
    ...CHECK_FLAGS,
  ],
  async run(invocation) {
    const { host, flags, style } = invocation;
    const cuts = cutsOf(flags);
    const subject = await checkSubject(invocation);
    const report = await checkLookahead(subject, { cuts, seed: subject.config.seed });
    const verdict = lookaheadVerdict(report);
    host.stdout.write(
      flags.has("json")
        ? jsonText(asJson(report, { version: subject.config.experiment.version, verdict }))
        : labelled(
          [...subjectLines(subject, invocation), ...reportLines(report, { verdict, style })],
          style.dim,
        ),
    );
    return verdict === "none found" ? EXIT_OK : EXIT_NOT_PROVED;
  },
};

export default command;

function cutsOf(flags: Flags): number | "all" {
  const text = flags.text("cuts") ?? String(DEFAULT_CUTS);
  if (text === "all") return text;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw usageError(`Cannot use --cuts ${quote(text)}: expected a whole number from 1, or all`);
}

function reportLines(
  report: LookaheadReport,
  { verdict, style }: { readonly verdict: LookaheadVerdict; readonly style: Style },
): readonly (readonly [string, string])[] {
  const { tests } = report;
  const paint = verdict === "none found" ? style.green : style.red;
  return [
    [
      "bars checked",
      `${report.barsChecked}, cut ${report.cuts} times: ` +
      `${tests.truncation.compared} truncated, ${tests.perturbation.compared} perturbed`,
    ],
    ...uncomparedLines(report).map((line) => ["not compared", printable(line)] as const),
    ["biased bars", `${report.biasedBars}`],
    ...(verdict === "biased"
      ? [
        ["first biased", firstBiasedText(report)] as const,
        ["leaks through", leaksText(report)] as const,
      ]
      : []),
    ["look-ahead", paint(verdict === "biased" ? "found" : verdict)],
  ];
}

function asJson(
  report: LookaheadReport,
  { version, verdict }: { readonly version: number; readonly verdict: LookaheadVerdict },
): Record<string, unknown> {
  return {
    schema: 1,
    experiment: report.experiment,
    experiment_version: version,
    verdict,
    bars: report.bars,
    bars_checked: report.barsChecked,
    cuts: report.cuts,
    biased_bars: report.biasedBars,
    first_biased_bar: report.firstBiasedBar,
    first_biased_time: report.firstBiasedTime === null ? null : isoTime(report.firstBiasedTime),
    leaks_through: report.leaks,
    tests: report.tests,
    not_compared: report.uncompared.map(({ test, cuts, firstCut, message }) => ({
      test,
      cuts,
      first_cut: firstCut,
      message,
    })),
    computations: report.computations,
  };
}
