/**
 * The deflated Sharpe ratio of recorded runs: what is known of a run, against
 * how much the registry knows to have been tried on its data.
 *
 * It is computed when it is read, never stored, as each further trial changes it.
 *
 * @module
 */

import { sql } from "drizzle-orm";
import { expectedBestSharpe, probabilisticSharpe } from "../evaluate/deflated_sharpe.ts";
import { type Registry, registryError } from "./open.ts";
import type { RunRecord } from "../record.ts";
import { decodedText, textOf } from "./safe_text.ts";
import { metrics, runs } from "./schema.ts";

/** The deflated Sharpe ratio of a run, and what it is made from. */
export interface DeflatedSharpe {
  /** How likely the true Sharpe ratio is above the one expected of the best trial; null if nobody can tell. */
  readonly value: number | null;
  /** Why not; null if somebody can. */
  readonly reason: string | null;
  /** Signals that were tried on the data. */
  readonly trials: number;
  /** Those of them whose Sharpe ratio is known. */
  readonly evaluated: number;
  /** The Sharpe ratio by the bar that the best of them is expected to have by luck. */
  readonly expected_best: number | null;
}

/** What the registry knows of one set of data. */
interface Trials {
  readonly trials: number;
  readonly sharpes: readonly number[];
}

/**
 * The deflated Sharpe ratios of runs, by id; runs without an evaluation have none.
 *
 * A trial is a signal of a finished run on the same data bytes, whatever else
 * differs: configs that give the same positions were one idea, tried once.
 * Deleted runs count, as they were tried. Its Sharpe ratio is the net one by the
 * bar, of the latest run that was evaluated.
 *
 * @throws {UserError} if the registry cannot be read
 */
export async function deflatedSharpes(
  registry: Registry,
  of: readonly RunRecord[],
): Promise<ReadonlyMap<string, DeflatedSharpe>> {
  const evaluated = of.filter(({ evaluation, hashes }) =>
    evaluation !== null && hashes.data !== null
  );
  const trials = await trialsOn(registry, [
    ...new Set(evaluated.map(({ hashes }) => hashes.data!)),
  ]);
  return new Map(evaluated.map((run) => [run.id, deflated(run, trials.get(run.hashes.data!))]));
}

function deflated(
  { metrics }: RunRecord,
  { trials, sharpes }: Trials = { trials: 1, sharpes: [] },
): DeflatedSharpe {
  const { bar_sharpe: sharpe, return_bars: bars, skewness, kurtosis } = metrics;
  const known = { trials, evaluated: sharpes.length };
  const without = (reason: string): DeflatedSharpe => ({
    value: null,
    reason,
    ...known,
    expected_best: null,
  });
  if (
    sharpe === undefined || bars === undefined || skewness === undefined || kurtosis === undefined
  ) {
    return without("the run has no Sharpe ratio");
  }
  if (trials > 1 && sharpes.length < 2) {
    return without("of no two signals on this data the Sharpe ratio is known");
  }
  const expected = expectedBestSharpe({ trials, variance: varianceOf(sharpes) });
  const value = probabilisticSharpe({ sharpe, bars, skewness, kurtosis, benchmark: expected });
  if (value === null) return without("its skewness and kurtosis leave the ratio no variance");
  return { value, reason: null, ...known, expected_best: expected };
}

/** The variance of the sample; 0 of a single value. */
function varianceOf(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}

/** A Sharpe ratio, of a metric that is a number. */
const FINITE = sql`iif(typeof(${metrics.value}) = 'real' AND
  abs(${metrics.value}) <= 1.7976931348623157e308, ${metrics.value}, NULL)`;

async function trialsOn(
  { database, location }: Registry,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, Trials>> {
  if (hashes.length === 0) return new Map();
  try {
    // SQLite takes the bare column from the row that has the maximum.
    const rows = await database.all<{ readonly data: ArrayBuffer; readonly sharpe: number | null }>(
      sql`
      SELECT ${textOf(runs.dataHash)} AS data, ${FINITE} AS sharpe,
        CAST(max(CASE WHEN ${metrics.value} IS NULL THEN '' ELSE ${runs.startedAt} || ${runs.id} END) AS BLOB)
      FROM ${runs} LEFT JOIN ${metrics}
        ON ${metrics.runId} = ${runs.id} AND ${metrics.key} = 'bar_sharpe'
      WHERE ${runs.dataHash} IN (SELECT value FROM json_each(${JSON.stringify(hashes)}))
        AND ${runs.status} = 'finished' AND ${runs.signalHash} IS NOT NULL
      GROUP BY ${runs.dataHash}, ${runs.signalHash}`,
    );
    return new Map(
      [...Map.groupBy(rows, ({ data }) => decodedText(data))].map(([data, tried]) => [data, {
        trials: tried.length,
        sharpes: tried.flatMap(({ sharpe }) => sharpe ?? []),
      }]),
    );
  } catch (error) {
    throw registryError(error, location);
  }
}
