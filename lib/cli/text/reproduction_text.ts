/**
 * What `runs:reproduce` found, for people and for programs.
 *
 * @module
 */

import { isoTime } from "../../bars/time/iso_time.ts";
import type { DataFinding } from "../../reproduce/find_data.ts";
import {
  type HashComparison,
  isSame,
  type ResultComparison,
  type RunReproduction,
  type RuntimeDifference,
  type Verdict,
  VERDICTS,
} from "../../reproduce/reproduce.ts";
import type { PositionDifference } from "../../reproduce/result_differences.ts";
import { printable, printableLines } from "../../quote.ts";
import type { RunRecord } from "../../record.ts";
import { runSuffix } from "../../run_id.ts";
import { dataPathText } from "./data_path_text.ts";
import { formatNumber, shortPath } from "./format.ts";
import { labelled } from "./labelled.ts";
import type { Style } from "./style.ts";
import { table } from "./table.ts";

/** What came of the runs that were asked for. */
export interface ReproductionOutcome {
  /** Those that were executed again, or were to be. */
  readonly reproductions: readonly RunReproduction[];
  /** Those that never finished, so that there is nothing to reproduce. */
  readonly unfinished: readonly RunRecord[];
}

/** How it is shown. */
export interface ReproductionTextOptions {
  /** Colours. */
  readonly style: Style;
  /** Absolute path of the working directory, for short paths. */
  readonly cwd: string;
}

type Line = readonly [label: string, text: string];

/** A table, what is to be said of each run that is not identical, and a count. */
export function reproductionText(
  outcome: ReproductionOutcome,
  options: ReproductionTextOptions,
): string {
  const { reproductions, unfinished } = outcome;
  const { style } = options;
  const details = reproductions.filter(({ verdict }) => verdict !== "identical").map((found) =>
    `${style.bold(runSuffix(found.run.id))}  ${paintOf(found.verdict, style)(found.verdict)}\n` +
    labelled(detailLines(found, options), style.dim).replace(/^(?=.)/gm, "  ")
  );
  const left = unfinished.map(({ id, status }) => `${runSuffix(id)} (${status})`);
  return [
    ...(reproductions.length === 0 ? [] : [verdictTable(reproductions, style)]),
    ...details,
    ...(left.length === 0 ? [] : [`Not reproduced, as they did not finish: ${left.join(", ")}\n`]),
    `${countText(reproductions)}\n`,
  ].join("\n");
}

function verdictTable(reproductions: readonly RunReproduction[], style: Style): string {
  const titles = ["RUN", "DATA", "CONFIG", "CODE", "RUNTIME", "RESULT", "VERDICT"];
  return table(
    titles.map((title) => ({ title })),
    reproductions.map(({ run, data, config, code, runtime, result, verdict }) => [
      runSuffix(run.id),
      dataText(data),
      hashText(config),
      hashText(code),
      runtime.length === 0 ? "same" : runtime.map(({ name }) => name).join(", "),
      hashText(result),
      { text: verdict, paint: paintOf(verdict, style) },
    ]),
    { paintTitle: style.dim },
  );
}

function dataText(data: DataFinding | null): string {
  if (data === null) return "";
  if (data.status !== "same" || data.place === "recorded") return data.status;
  return data.place === "kept" ? "same, kept" : "same, --data";
}

function hashText(comparison: HashComparison | null): string {
  if (comparison === null) return "";
  return isSame(comparison) ? "same" : "other";
}

function paintOf(verdict: Verdict, style: Style): (text: string) => string {
  if (verdict === "identical") return style.green;
  return verdict === "code-changed" ? style.yellow : style.red;
}

function detailLines(
  found: RunReproduction,
  { style, cwd }: ReproductionTextOptions,
): readonly Line[] {
  const { run, data, runtime, result, failure, verdict } = found;
  const short = (path: string): string => printable(shortPath(path, cwd));
  const changes: Line[] = runtime.map(({ name, expected, actual }) => [
    name,
    printable(`${expected} → ${actual}`),
  ]);
  switch (verdict) {
    case "data-missing":
      return [
        ["data", `not in ${dataPathText(run.data_path ?? "", short)}, and no copy was kept`],
        ["expected", printable(run.hashes.data ?? "unknown")],
        ["actual", "none"],
        ["next", "name the file, if it is somewhere else: --data FILE"],
      ];
    case "data-changed":
      return data?.status !== "changed" ? [] : [
        ["data", `${data.paths.map(short).join(", ")}: not the data of the run`],
        ["expected", printable(run.hashes.data ?? "unknown")],
        ["actual", data.actual ?? "none, as they are no series"],
        ["next", "name the file, if it is somewhere else: --data FILE"],
      ];
    case "failed":
      return [
        ["error", printableLines(failure!.message).replaceAll("\n", "\n         ")],
        ...(failure!.hint === undefined ? [] : [["hint", printable(failure!.hint)] as const]),
        ...changes,
      ];
    case "config-changed":
      return [
        ["config", "config.yaml of the run directory is not the config of the run"],
        ...resultLines(result!),
        ...changes,
      ];
    case "code-changed":
      return [
        ["code", codeText(result!)],
        ...resultLines(result!),
        ...changes,
      ];
    default:
      return [
        ["result", style.red("not deterministic: config, data and code are the same")],
        ...resultLines(result!),
        ...changes,
        ...suspects(runtime).map((text, at): Line => [at === 0 ? "look at" : "", text]),
      ];
  }
}

/** An evaluation has some fifty metrics: where the signal differs, so do most of them. */
const SHOWN_METRICS = 8;

/** What a result that is not deterministic may depend on. */
function suspects(runtime: readonly RuntimeDifference[]): readonly string[] {
  const versions = runtime.map(({ name }) => name).join(", ");
  return [
    ...(runtime.length === 0 ? [] : [`${versions}: not what it was when the run was recorded`]),
    "what the experiment reads besides its bars, parameters and seed:",
    "a clock (Date, performance), Math.random, environment variables, files",
  ];
}

function codeText(result: ResultComparison): string {
  return isSame(result) ? "other code, the same result all the same" : "other code, another result";
}

function resultLines(result: ResultComparison): readonly Line[] {
  if (isSame(result)) return [];
  const { metrics, positions } = result;
  const number = (value: number | null): string => value === null ? "none" : formatNumber(value);
  const more = metrics.length - SHOWN_METRICS;
  return [
    ...metrics.slice(0, SHOWN_METRICS).map(({ name, expected, actual }): Line => [
      printable(name),
      `${number(expected)} → ${number(actual)}`,
    ]),
    ...(more > 0 ? [["", `and ${more} more metrics; --json has all`] as const] : []),
    [
      "positions",
      positions === null
        ? "not compared: the run directory has no signals file that is the run's"
        : `${positions.differing} of ${positions.bars} differ`,
    ],
    ...(positions?.first ?? []).map((difference): Line => ["", barText(difference)]),
  ];
}

function barText({ bar, time, expected, actual }: PositionDifference): string {
  const when = time === null ? "" : `, ${isoTime(time)}`;
  return `bar ${bar}${when}: ${expected ?? "none"} → ${actual ?? "none"}`;
}

/** `50 runs: 48 identical, 2 data-missing`. */
function countText(reproductions: readonly RunReproduction[]): string {
  if (reproductions.length === 0) return "Nothing was reproduced.";
  const counts = VERDICTS.flatMap((verdict) => {
    const count = reproductions.filter((found) => found.verdict === verdict).length;
    return count === 0 ? [] : [`${count} ${verdict}`];
  });
  return `${reproductions.length} ${reproductions.length === 1 ? "run" : "runs"}: ${
    counts.join(", ")
  }`;
}

/** The same as data. */
export function reproductionJson(
  { reproductions, unfinished }: ReproductionOutcome,
): Record<string, unknown> {
  return {
    schema: 1,
    total: reproductions.length,
    identical: reproductions.filter(({ verdict }) => verdict === "identical").length,
    runs: reproductions.map(runJson),
    not_reproduced: unfinished.map(({ id, status }) => ({ id, status })),
  };
}

function runJson(found: RunReproduction): Record<string, unknown> {
  const { run, verdict, data, config, code, runtime, result, failure } = found;
  return {
    id: run.id,
    verdict,
    data: data === null ? null : {
      status: data.status,
      place: data.status === "missing" ? null : data.place,
      paths: data.status === "missing" ? [] : data.paths,
      expected: run.hashes.data,
      actual: data.status === "same"
        ? run.hashes.data
        : data.status === "changed"
        ? data.actual
        : null,
    },
    config: comparisonJson(config),
    code: comparisonJson(code),
    runtime,
    result: result === null ? null : {
      ...comparisonJson(result),
      metrics: result.metrics,
      positions: result.positions === null ? null : {
        ...result.positions,
        first: result.positions.first.map(({ time, ...difference }) => ({
          ...difference,
          time: time === null ? null : isoTime(time),
        })),
      },
    },
    error: failure === null ? null : { code: failure.code, message: failure.message },
  };
}

function comparisonJson(comparison: HashComparison | null): Record<string, unknown> | null {
  if (comparison === null) return null;
  const { expected, actual } = comparison;
  return { same: isSame(comparison), expected, actual };
}
