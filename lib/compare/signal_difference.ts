/**
 * At which bars the signals of two runs differ, from what the runs left.
 *
 * @module
 */

import { join } from "node:path";
import type { LoadedBars, LoadRequest } from "../bars/load.ts";
import type { DecimalMark } from "../bars/number/decimal_mark.ts";
import { decimalText } from "../bars/number/decimal_text.ts";
import type { TimeFormat } from "../bars/time/time_format.ts";
import type { RunRecord } from "../record.ts";
import { type AlignedPositions, alignPositions, type DifferingBar } from "./aligned_positions.ts";
import { runSuffix } from "../run_id.ts";
import { SIGNALS_FILES } from "../store/run_directory.ts";
import { storedPositions } from "../store/stored_positions.ts";

/** A run, and where its directory is. */
export interface StoredRun {
  /** The run. */
  readonly run: RunRecord;
  /** Absolute path of its directory; null if it is not here. */
  readonly directory: string | null;
}

/** A bar at which two positions differ. */
export interface BarDifference {
  /** The bar in each run, from 0. */
  readonly bars: readonly [number, number];
  /** Its time, milliseconds since 1970-01-01 UTC; null without times. */
  readonly time: number | null;
  /** The close that each run saw, exactly; null if it cannot be read. */
  readonly closes: readonly [string | null, string | null];
  /** The position in each run. */
  readonly positions: readonly [number, number];
}

/** Two signals that were compared. */
export interface SignalComparison extends Omit<AlignedPositions, "differing"> {
  /** By what bars were put side by side; hashes tell without looking at a bar. */
  readonly aligned: "hash" | "bar" | "time";
  /** The first bars at which the positions differ. */
  readonly first: readonly BarDifference[];
}

/** What came of it: a comparison, or why there is none. */
export type SignalDifference =
  | ({ readonly status: "compared" } & SignalComparison)
  | { readonly status: "unknown"; readonly reason: string };

/** Compares the signals of two runs; at most `limit` differing bars are told one by one. */
export async function signalDifference(
  [before, after]: readonly [StoredRun, StoredRun],
  { limit }: { readonly limit: number },
): Promise<SignalDifference> {
  const hasSameRows = isSame(before, after, "rows");
  if (hasSameRows && isSame(before, after, "signal")) {
    const bars = Number(before.run.quality?.bars ?? 0);
    const equal = { bars, alone: [0, 0] as const, equal: bars, changes: [], first: [] };
    return { status: "compared", aligned: "hash", ...equal };
  }
  const positions: Int8Array[] = [];
  for (const side of [before, after]) {
    const read = await storedPositions(side.run, side.directory);
    if (read === undefined) return unknown(whyNone(side));
    positions.push(read);
  }
  const [first, second] = positions as [Int8Array, Int8Array];
  // One after the other: there may be tens of millions of bars.
  const barsBefore = await barsOf(before, first.length);
  const barsAfter = hasSameRows ? barsBefore : await barsOf(after, second.length);
  const [times, otherTimes] = [barsBefore?.bars.times, barsAfter?.bars.times];
  const names = `Runs ${runSuffix(before.run.id)} and ${runSuffix(after.run.id)}`;
  if (!hasSameRows && !(times && otherTimes)) {
    return unknown(
      `${names} have other bars, and without times that can be read these cannot be put side ` +
        "by side.",
    );
  }
  const { differing, ...compared } = alignPositions([first, second], {
    times: hasSameRows ? null : [times!, otherTimes!],
    limit,
  });
  if (compared.bars === 0) return unknown(`${names} have no bar of the same time.`);
  const told = ({ bars, positions }: DifferingBar): BarDifference => ({
    bars,
    time: times?.[bars[0]] ?? null,
    closes: [closeText(barsBefore, bars[0]), closeText(barsAfter, bars[1])],
    positions,
  });
  return {
    status: "compared",
    aligned: hasSameRows ? "bar" : "time",
    ...compared,
    first: differing.map(told),
  };
}

function unknown(reason: string): SignalDifference {
  return { status: "unknown", reason };
}

function isSame(before: StoredRun, after: StoredRun, hash: "rows" | "signal"): boolean {
  const known = before.run.hashes[hash];
  return known !== null && known === after.run.hashes[hash];
}

/** Why there are no positions to read. */
function whyNone({ run }: StoredRun): string {
  const name = `Run ${runSuffix(run.id)}`;
  if (run.hashes.signal === null) return `${name} has no signal (${run.status}).`;
  const published = run.artifacts.find(({ path }) => SIGNALS_FILES.includes(path));
  return published === undefined
    ? `${name} left no signals file. Run it again with --set signals=csv.`
    : `${name} has lost its signal: ${published.path} is missing, or not what was published. ` +
      "runs:verify tells more.";
}

/** The bars of a signals file; undefined where they cannot be read. */
async function barsOf(
  { run, directory }: StoredRun,
  length: number,
): Promise<LoadedBars | undefined> {
  const { loadBars } = await import("../bars/load.ts");
  if (directory === null) return undefined;
  const file = run.artifacts.find(({ path }) => SIGNALS_FILES.includes(path))!.path;
  try {
    const loaded = await loadBars({
      path: join(directory, file),
      columns: ["close"],
      overrides: run.quality?.first_time == null ? { time: "none" } : {},
      // In Parquet times and closes are typed, in CSV they stand as in the data.
      ...(file.endsWith(".csv") ? writtenAs(run) : {}),
      // Each row is a bar, however often its time is there.
      duplicates: "keep",
      maxMissing: 0,
      keepLines: false,
    });
    return loaded.bars.length === length ? loaded : undefined;
  } catch {
    // Of files that were one series, times may be of several forms.
    return undefined;
  }
}

function writtenAs(
  { config }: RunRecord,
): Pick<LoadRequest, "timeFormat" | "timeZone" | "decimalMark"> {
  return {
    decimalMark: config?.decimal_mark as DecimalMark | undefined,
    timeFormat: config?.time_format as TimeFormat | undefined,
    timeZone: config?.time_zone as string | undefined,
  };
}

function closeText(loaded: LoadedBars | undefined, bar: number): string | null {
  if (loaded === undefined) return null;
  const { units, decimals } = loaded.bars.close;
  return decimalText(units[bar]!, decimals);
}
