/**
 * Local times that happen twice, as a clock was set back between them: which of
 * the two each one is, told by the order of the rows. Pure.
 *
 * @module
 */

/** The times of a column, some of which may be others. */
export interface OpenTimes {
  /** In the order of the file, each read as the first of two times that it may be. */
  readonly times: Float64Array;
  /** By row, the second time that it may be; in the order of the rows. */
  readonly later: ReadonlyMap<number, number>;
}

/** Which times are meant, or the row of which that cannot be told. */
export type SettledTimes =
  | { readonly times: Float64Array; readonly open: null }
  | { readonly times: null; readonly open: number };

/**
 * Times of rows in order go on: where one steps back or stays, while it may be
 * the second of two, it and those after it are. A time that stands once is the
 * first.
 */
export function settleTimes({ times, later }: OpenTimes): SettledTimes {
  const rises = netRises(times);
  // One step in one direction may be that of a clock.
  if (Math.abs(rises) < 2 && times.length > 1) {
    return { times: null, open: later.keys().next().value! };
  }
  const forward = rises > 0;
  const settled = times.slice();
  let isSplit = false;
  for (const run of runsOf([...later.keys()])) {
    const rows = forward ? run : run.toReversed();
    const back = rows.flatMap((row, at) =>
      at > 0 && times[row]! <= times[rows[at - 1]!]! ? [at] : []
    );
    if (back.length > 1) return { times: null, open: run[0]! };
    if (back.length === 0) continue;
    isSplit = true;
    for (const row of rows.slice(back[0])) settled[row] = later.get(row)!;
    const [before, after] = [rows[back[0]! - 1]!, rows[back[0]!]!];
    // Two equal times follow each other by as much as the clock was set back, or are one.
    const isEqual = times[before] === times[after];
    const shift = later.get(after)! - times[after]!;
    if (isEqual && !hasNeighbour(settled, { rows, step: shift })) {
      return { times: null, open: before };
    }
  }
  const open = isSplit ? disordered(settled, { forward, later }) : repeated(settled, later);
  return open === null ? { times: settled, open: null } : { times: null, open };
}

/** Rows that follow each other without another between them. */
function runsOf(rows: readonly number[]): readonly (readonly number[])[] {
  const runs: number[][] = [];
  for (const row of rows) {
    if (runs.at(-1)?.at(-1) === row - 1) runs.at(-1)!.push(row);
    else runs.push([row]);
  }
  return runs;
}

/** How many more steps go forward than back. */
function netRises(times: Float64Array): number {
  let rises = 0;
  for (let row = 1; row < times.length; row++) rises += Math.sign(times[row]! - times[row - 1]!);
  return rises;
}

/** Whether a row around the run is that step away from it. */
function hasNeighbour(
  times: Float64Array,
  { rows, step }: { readonly rows: readonly number[]; readonly step: number },
): boolean {
  const [low, high] = [Math.min(...rows), Math.max(...rows)];
  return [low, high + 1].some((row) => Math.abs(times[row]! - times[row - 1]!) === step);
}

/** The first row that may be two times, if rows are not in order after all. */
function disordered(
  times: Float64Array,
  { forward, later }: { readonly forward: boolean; readonly later: ReadonlyMap<number, number> },
): number | null {
  for (let row = 1; row < times.length; row++) {
    const step = times[row]! - times[row - 1]!;
    if (forward ? step < 0 : step > 0) return later.keys().next().value!;
  }
  return null;
}

/** The first row that may be two times and has the one that another such row has. */
function repeated(times: Float64Array, later: ReadonlyMap<number, number>): number | null {
  const found = new Set<number>();
  for (const row of later.keys()) {
    if (found.has(times[row]!)) return row;
    found.add(times[row]!);
  }
  return null;
}
