/**
 * Which columns are open, high, low and close where no title says so. Every
 * row has a vote on which can be the high and the low; open and close are told
 * by continuity: a bar opens near where the one before it closed. Pure.
 *
 * @module
 */

/** Fields of the four prices of a bar. */
export interface PriceFields {
  /** Of the open. */
  readonly open: number;
  /** Of the high. */
  readonly high: number;
  /** Of the low. */
  readonly low: number;
  /** Of the close. */
  readonly close: number;
}

/** A column of numbers. */
export interface NumberColumn {
  /** Index of its field. */
  readonly field: number;
  /** Its numbers in the order of the file; NaN where there is none. */
  readonly values: ArrayLike<number>;
}

/** What all rows say of the prices. */
export type LayoutFinding =
  | { readonly kind: "one"; readonly found: PriceFields }
  /** The one whose bars open nearest to the close before comes first. */
  | { readonly kind: "several"; readonly candidates: readonly PriceFields[] }
  | { readonly kind: "none" };

/** Highs are within this multiple of lows, where both are above 0; volumes are not. */
const MOST_RANGE = 5;
/** The distance of the layout that is taken is below this share of any other's. */
const MARGIN = 0.8;
/** By how many standard deviations more rows are for it than against it. */
const DEVIATIONS = 3;

/** A possible layout, and how far each bar opens from the close before. */
interface Hypothesis {
  readonly fields: PriceFields;
  readonly open: ArrayLike<number>;
  readonly close: ArrayLike<number>;
}

/**
 * The prices among columns of numbers.
 *
 * @param columns those that may be prices, in the order of the file
 * @param isForward whether the rows stand the oldest first
 */
export function findPrices(
  columns: readonly NumberColumn[],
  { isForward }: { readonly isForward: boolean },
): LayoutFinding {
  const hypotheses: Hypothesis[] = [];
  for (let at = 0; at + 4 <= columns.length; at++) {
    const four = columns.slice(at, at + 4);
    if (four[3]!.field - four[0]!.field === 3) hypotheses.push(...hypothesesOf(four));
  }
  const different = hypotheses.filter(({ close }, at) =>
    !hypotheses.slice(0, at).some((other) => isSame(other.close, close))
  );
  if (different.length === 0) return { kind: "none" };
  const best = different.find((one) =>
    different.every((other) => other === one || isCloser(one, other, isForward))
  );
  return best === undefined
    ? { kind: "several", candidates: nearestFirst(different, isForward) }
    : { kind: "one", found: best.fields };
}

/** Whether prices are those of bars: none is above the high or below the low. */
export function arePrices(
  { open, high, low, close }: {
    readonly [K in keyof PriceFields]: ArrayLike<number>;
  },
): boolean {
  for (let row = 0; row < close.length; row++) {
    const [top, bottom] = [high[row]!, low[row]!];
    if (open[row]! > top || close[row]! > top || open[row]! < bottom || close[row]! < bottom) {
      return false;
    }
  }
  return true;
}

/** The ways in which four columns can be the prices of bars. */
function hypothesesOf(four: readonly NumberColumn[]): readonly Hypothesis[] {
  const pick = (isAt: (own: number, other: number) => boolean) =>
    four.filter((column) => four.every((other) => holds(column, other, isAt)));
  const highs = pick((own, other) => own >= other);
  const lows = pick((own, other) => own <= other);
  return highs.flatMap((high) =>
    lows.filter((low) => low !== high && isInRange(high, low)).flatMap((low) => {
      const [a, b] = four.filter((column) => column !== high && column !== low);
      return [[a!, b!], [b!, a!]].map(([open, close]): Hypothesis => ({
        fields: { open: open!.field, high: high.field, low: low.field, close: close!.field },
        open: open!.values,
        close: close!.values,
      }));
    })
  );
}

function holds(
  { values: a }: NumberColumn,
  { values: b }: NumberColumn,
  isAt: (own: number, other: number) => boolean,
): boolean {
  for (let row = 0; row < a.length; row++) {
    if (!isAt(a[row]!, b[row]!) && !Number.isNaN(a[row]!) && !Number.isNaN(b[row]!)) return false;
  }
  return true;
}

/** Whether at least half of the rows have a high and a low of one size. */
function isInRange({ values: high }: NumberColumn, { values: low }: NumberColumn): boolean {
  let inside = 0;
  for (let row = 0; row < high.length; row++) {
    if (low[row]! <= 0 || high[row]! <= low[row]! * MOST_RANGE) inside++;
  }
  return inside * 2 >= high.length;
}

/** Whether rows say clearly that one layout's bars open nearer to the close before. */
function isCloser(one: Hypothesis, other: Hypothesis, isForward: boolean): boolean {
  let [own, others, wins, losses] = [0, 0, 0, 0];
  for (let row = 1; row < one.close.length; row++) {
    const [before, at] = isForward ? [row - 1, row] : [row, row - 1];
    const a = Math.abs(one.open[at]! - one.close[before]!);
    const b = Math.abs(other.open[at]! - other.close[before]!);
    if (Number.isNaN(a) || Number.isNaN(b)) continue;
    own += a;
    others += b;
    if (a < b) wins++;
    else if (a > b) losses++;
  }
  return own < others * MARGIN && wins - losses >= DEVIATIONS * Math.sqrt(wins + losses);
}

function nearestFirst(
  hypotheses: readonly Hypothesis[],
  isForward: boolean,
): readonly PriceFields[] {
  const distance = ({ open, close }: Hypothesis): number => {
    let sum = 0;
    for (let row = 1; row < close.length; row++) {
      const [before, at] = isForward ? [row - 1, row] : [row, row - 1];
      const step = Math.abs(open[at]! - close[before]!);
      if (!Number.isNaN(step)) sum += step;
    }
    return sum;
  };
  return hypotheses.map((one) => ({ fields: one.fields, distance: distance(one) }))
    .toSorted((a, b) => a.distance - b.distance).map(({ fields }) => fields);
}

function isSame(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  for (let row = 0; row < a.length; row++) {
    if (a[row] !== b[row] && !(Number.isNaN(a[row]!) && Number.isNaN(b[row]!))) return false;
  }
  return true;
}
