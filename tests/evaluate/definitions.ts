/**
 * The definitions of lib/evaluate/README.md, slow and literal: one array per
 * symbol, one line per metric. Nothing is shared with the code that is tested.
 *
 * @module
 */

/** What the page calls by its names. */
export interface Case {
  /** c, one per bar. */
  readonly closes: readonly number[];
  /** p, one per bar. */
  readonly positions: readonly number[];
  /** w. */
  readonly warmup: number;
  /** k. */
  readonly cost: number;
  /** B. */
  readonly barsPerYear: number;
  /** Y. */
  readonly years: number;
  /** risk_free. */
  readonly riskFree: number;
  /** split. */
  readonly split: number;
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const product = (values: readonly number[]): number => values.reduce((a, b) => a * b, 1);
const mean = (values: readonly number[]): number => sum(values) / values.length;

/** All metrics of the page that need no random numbers; what cannot be computed is not finite. */
export function definedMetrics(given: Case): Record<string, number> {
  const { closes, positions, warmup, split } = given;
  const bars = closes.length - 1 - warmup;
  const inSample = Math.min(bars, Math.floor(split * (closes.length - warmup)));
  const parts = [["in_sample", 0, inSample], ["out_of_sample", inSample, bars]] as const;
  const ones = positions.map(() => 1);
  const own = seriesOf(given, positions);
  const hold = seriesOf(given, ones);
  return {
    return_bars: bars,
    ...positionMetrics(own, given.years),
    ...knowledge(own),
    ...earnings(own, given),
    ...prefixed("benchmark_", { hit_rate: knowledge(hold).hit_rate!, ...earnings(hold, given) }),
    ...Object.assign(
      {},
      ...parts.map(([prefix, from, to]) => {
        const [ownPart, holdPart] = [part(own, from, to), part(hold, from, to)];
        const [earned, held] = [earnings(ownPart, given), earnings(holdPart, given)];
        const { hit_rate, edge } = knowledge(ownPart);
        return prefixed(`${prefix}_`, {
          net_return: from === to ? NaN : earned.net_return!,
          benchmark_net_return: from === to ? NaN : held.net_return!,
          sharpe: earned.sharpe!,
          benchmark_sharpe: held.sharpe!,
          hit_rate: hit_rate!,
          edge: edge!,
        });
      }),
    ),
  };
}

interface Series {
  readonly p: readonly number[];
  readonly r: readonly number[];
  readonly d: readonly number[];
  readonly g: readonly number[];
  readonly q: readonly number[];
  readonly k: number;
}

function seriesOf({ closes, warmup, cost: k }: Case, positions: readonly number[]): Series {
  const T = closes.map((_, t) => t).slice(warmup, -1);
  const p = T.map((t) => positions[t]!);
  const r = T.map((t) => closes[t + 1]! / closes[t]! - 1);
  const d = p.map((position, at) => Math.abs(position - (p[at - 1] ?? 0)));
  const g = p.map((position, at) => Math.max(0, 1 + position * r[at]!));
  const q = g.map((growth, at) => growth * (1 - k) ** d[at]!);
  return { p, r, d, g, q, k };
}

function part({ p, r, d, g, q, k }: Series, from: number, to: number): Series {
  return {
    p: p.slice(from, to),
    r: r.slice(from, to),
    d: d.slice(from, to),
    g: g.slice(from, to),
    q: q.slice(from, to),
    k,
  };
}

/** First and last bar of each trade, counted from the first bar that earns. */
function tradesOf({ p }: Series): readonly (readonly [number, number])[] {
  const starts = p.map((_, at) => at).filter((at) => p[at] !== 0 && p[at] !== (p[at - 1] ?? 0));
  return starts.map((start) => {
    const length = p.slice(start).findIndex((position) => position !== p[start]);
    return [start, length === -1 ? p.length - 1 : start + length - 1];
  });
}

function positionMetrics(series: Series, years: number): Record<string, number> {
  const trades = tradesOf(series);
  const held = series.p.filter((position) => position !== 0).length;
  return {
    exposure: mean(series.p.map(Math.abs)),
    trades: trades.length,
    turnover: sum(series.d) / years,
    mean_holding_bars: held / trades.length,
  };
}

function knowledge(series: Series): Record<string, number> {
  const { p, r, g, k } = series;
  const trades = tradesOf(series);
  const earned = p.map((position, at) => position * r[at]!);
  const inside = earned.filter((_, at) => p[at] !== 0);
  const covariance = mean(earned) - mean(p) * mean(r);
  const variance = mean(p.map((position) => position ** 2)) - mean(p) ** 2;
  return {
    hit_rate: inside.filter((value) => value > 0).length / inside.length,
    win_rate:
      trades.filter(([from, to]) =>
        product(g.slice(from, to + 1)) * (1 - k) ** (to === p.length - 1 ? 1 : 2) > 1
      ).length / trades.length,
    mean_return_in: mean(inside),
    mean_return_out: mean(r.filter((_, at) => p[at] === 0)),
    edge: new Set(p).size < 2 ? NaN : covariance / variance,
  };
}

function earnings(
  { g, q }: Series,
  { barsPerYear, years, riskFree }: Case,
): Record<string, number> {
  const free = riskFree / barsPerYear;
  const x = q.map((growth) => growth - 1);
  const average = mean(x);
  const moment = (power: number): number => mean(x.map((value) => (value - average) ** power));
  const isConstant = Math.max(...x) - Math.min(...x) <= 1e-12;
  const sd = isConstant
    ? (x.length < 2 ? NaN : 0)
    : Math.sqrt(moment(2) * x.length / (x.length - 1));
  const downside = Math.sqrt(mean(x.map((value) => Math.min(0, value - free) ** 2)));
  const equity = q.map((_, at) => product(q.slice(0, at + 1)));
  const heights = equity.map((_, at) => Math.max(1, ...equity.slice(0, at + 1)));
  const isAsHigh = (value: number, height: number): boolean => value >= height * (1 - 1e-9);
  const falls = equity.map((value, at) =>
    isAsHigh(value, heights[at]!) ? 0 : 1 - value / heights[at]!
  );
  const depth = Math.max(0, ...falls);
  const trough = falls.findIndex((fall) => fall >= depth - 1e-12);
  const height = heights[trough]!;
  const recovery = equity.findIndex((value, at) => at > trough && isAsHigh(value, height));
  const peak = [1, ...equity].findLastIndex((value, at) => at <= trough && isAsHigh(value, height));
  const cagr = product(q) ** (1 / years) - 1;
  const losses = sum(x.map((value) => Math.max(0, -value)));
  return {
    gross_return: product(g) - 1,
    net_return: product(q) - 1,
    cagr,
    volatility: sd * Math.sqrt(barsPerYear),
    sharpe: isConstant ? NaN : (average - free) / sd * Math.sqrt(barsPerYear),
    sortino: (average - free) / downside * Math.sqrt(barsPerYear),
    calmar: cagr / depth,
    max_drawdown: depth,
    max_drawdown_bars: depth === 0 ? 0 : (recovery === -1 ? q.length : recovery + 1) - peak,
    profit_factor: sum(x.map((value) => Math.max(0, value))) / losses,
    bar_sharpe: isConstant ? NaN : (average - free) / sd,
    skewness: isConstant ? NaN : moment(3) / moment(2) ** 1.5,
    kurtosis: isConstant ? NaN : moment(4) / moment(2) ** 2,
  };
}

function prefixed(prefix: string, values: Record<string, number>): Record<string, number> {
  const { bar_sharpe: _a, skewness: _b, kurtosis: _c, ...rest } = values;
  return Object.fromEntries(Object.entries(rest).map(([name, value]) => [prefix + name, value]));
}
