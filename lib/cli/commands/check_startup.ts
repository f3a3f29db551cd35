/**
 * `check:startup`
 *
 * @module
 */

import { EXIT_OK } from "../../errors.ts";
import { jsonText } from "../../json_text.ts";
import { checkStartup, type LaterStart, type StartupReport } from "../../check/startup.ts";
import { printable } from "../../quote.ts";
import { CHECK_FLAGS, CHECK_OPERANDS, checkSubject, subjectLines } from "../flags/check_subject.ts";
import type { Command } from "./command.ts";
import { labelled } from "../text/labelled.ts";
import { table } from "../text/table.ts";

/** Shows how far a signal depends on where the data starts. */
const command: Command = {
  summary:
    "Shows how far the positions after the warm-up depend on where the data starts: not at " +
    "all\nfor a rolling mean, for some bars with a recursive indicator such as an EMA.",
  examples: [
    [
      "check:startup --config config.yaml",
      "the signal of data that starts later, by 1, 2, 5, … bars",
    ],
    ["check:startup latest", "of what the last run ran, on its data"],
  ],
  operands: CHECK_OPERANDS,
  flags: CHECK_FLAGS,
  async run(invocation) {
    const { host, flags, style } = invocation;
    const subject = await checkSubject(invocation);
    const report = checkStartup(subject);
    if (flags.has("json")) {
      const { experiment } = subject.config;
      host.stdout.write(jsonText(asJson(report, experiment.version)));
    } else {
      const warmup = ["warm-up", `${report.warmup} bars`] as const;
      host.stdout.write(
        labelled([...subjectLines(subject, invocation), warmup], style.dim) +
          (report.starts.length === 0 ? "" : `\n${startsTable(report, style.dim)}`) +
          `\n${style.bold(summary(report))}\n`,
      );
    }
    return EXIT_OK;
  },
};

export default command;

function startsTable({ starts }: StartupReport, paintTitle: (text: string) => string): string {
  const columns = ["BARS LATER", "COMPARED", "DIFFERENT", "LAST DIFFERENCE"]
    .map((title) => ({ title, align: "right" as const }));
  const failed = starts.filter(({ failure }) => failure !== null);
  return table(columns, starts.map(cells), { paintTitle }) +
    failed.map(({ bars, failure }) => `${bars} bars later: ${printable(failure!)}\n`).join("");
}

function cells({ bars, compared, differing, lastDifference, failure }: LaterStart): string[] {
  if (failure !== null) return [`${bars}`, "failed"];
  return [
    `${bars}`,
    `${compared}`,
    `${differing}`,
    lastDifference === null ? "none" : `bar ${lastDifference}`,
  ];
}

function summary({ barsToSettle, settles }: StartupReport): string {
  if (barsToSettle === null) return "Nothing could be compared: there are no bars after a warm-up.";
  if (barsToSettle === 0) {
    return "Positions after the warm-up do not depend on where the data starts.";
  }
  return settles
    ? `Positions depend on where the data starts for up to ${barsToSettle} bars, warm-up included.`
    : "Positions depend on where the data starts up to the end of the data, or nearly so.";
}

function asJson(report: StartupReport, version: number): Record<string, unknown> {
  return {
    schema: 1,
    experiment: report.experiment,
    experiment_version: version,
    bars: report.bars,
    warmup_bars: report.warmup,
    bars_to_settle: report.barsToSettle,
    settles: report.settles,
    summary: summary(report),
    starts: report.starts.map((start) => ({
      bars_later: start.bars,
      compared: start.compared,
      different: start.differing,
      last_difference: start.lastDifference,
      failure: start.failure,
    })),
  };
}
