/**
 * `check:seeds`
 *
 * @module
 */

import type { LoadedBars } from "../../bars/load.ts";
import type { Config } from "../../config/config.ts";
import { EXIT_OK, usageError } from "../../errors.ts";
import type { Signal } from "../../experiment.ts";
import { jsonText } from "../../json_text.ts";
import { checkSeeds, derivedSeeds, type SeedsReport } from "../../check/seeds.ts";
import { signalOf } from "../../run/signal.ts";
import { metricsOf } from "../../run/work.ts";
import {
  CHECK_FLAGS,
  CHECK_OPERANDS,
  type CheckSubject,
  checkSubject,
  subjectLines,
} from "../flags/check_subject.ts";
import type { Command } from "./command.ts";
import { formatNumber } from "../text/format.ts";
import { labelled } from "../text/labelled.ts";
import { table } from "../text/table.ts";

/** Seeds, if nobody says how many. */
const DEFAULT_SEEDS = 20;

/** Shows how far metrics depend on the seed. */
const command: Command = {
  summary:
    "Computes the signal with many seeds, derived from the config's, and shows how far the " +
    "metrics\ndepend on them. Records nothing.",
  examples: [
    ["check:seeds --config config.yaml", `with ${DEFAULT_SEEDS} seeds`],
    ["check:seeds --config config.yaml --n 100", "with more"],
    ["check:seeds latest", "what the last run ran, on its data"],
  ],
  operands: CHECK_OPERANDS,
  flags: [
    { name: "n", value: "N", help: `how many seeds, from 2 (default ${DEFAULT_SEEDS})` },
    ...CHECK_FLAGS,
  ],
  async run(invocation) {
    const { host, flags, style } = invocation;
    const count = flags.count("n") ?? DEFAULT_SEEDS;
    if (count < 2) throw usageError("Cannot use --n 1: expected a whole number from 2");
    const subject = await checkSubject(invocation);
    const { config, bars, loaded } = subject;
    const evaluated = await evaluatedMetrics(config, loaded);
    const report = checkSeeds(derivedSeeds(config.seed, count), {
      compute: (seed) => signalOf(config, { bars, seed }),
      metricsOf: (signal) => ({ ...metricsOf(config, signal), ...evaluated(signal) }),
    });
    if (flags.has("json")) host.stdout.write(jsonText(asJson(report, subject)));
    else {
      const seeds = ["seeds", `${count}, derived from ${config.seed}`] as const;
      host.stdout.write(
        labelled([...subjectLines(subject, invocation), seeds], style.dim) +
          `\n${metricsTable(report, style.dim)}` +
          (report.seedHasEffect ? "" : `\n${style.bold(NO_EFFECT)}\n`),
      );
    }
    return EXIT_OK;
  },
};

export default command;

/** The metrics of the evaluation, without any that is itself over many samples. */
async function evaluatedMetrics(
  config: Config,
  loaded: LoadedBars,
): Promise<(signal: Signal) => Readonly<Record<string, number>>> {
  if (config.evaluate === null) return () => ({});
  const { evaluateSignal } = await import("../../run/evaluation.ts");
  const settings = { ...config.evaluate, permutations: 0 };
  return (signal) => evaluateSignal(config, { signal, loaded, settings }).metrics;
}

const NO_EFFECT = "The seed has no effect: every one gave the same signal.";

function metricsTable({ metrics }: SeedsReport, paintTitle: (text: string) => string): string {
  const titles = ["MEAN", "STANDARD DEVIATION", "MINIMUM", "MAXIMUM"];
  return table(
    [{ title: "METRIC" }, ...titles.map((title) => ({ title, align: "right" as const }))],
    Object.entries(metrics).map(([name, { mean, standardDeviation, minimum, maximum }]) => [
      name,
      formatNumber(mean),
      standardDeviation === null ? "" : formatNumber(standardDeviation),
      formatNumber(minimum),
      formatNumber(maximum),
    ]),
    { paintTitle },
  );
}

function asJson(
  { results, seedHasEffect, metrics }: SeedsReport,
  { config }: CheckSubject,
): Record<string, unknown> {
  return {
    schema: 1,
    experiment: config.experiment.name,
    experiment_version: config.experiment.version,
    total: results.length,
    seed_has_effect: seedHasEffect,
    metrics: Object.fromEntries(
      Object.entries(metrics).map(([name, { standardDeviation, ...spread }]) => [
        name,
        { ...spread, standard_deviation: standardDeviation },
      ]),
    ),
    seeds: results,
  };
}
