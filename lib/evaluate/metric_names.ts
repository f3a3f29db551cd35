/**
 * The names of the metrics of a run that is evaluated.
 *
 * @module
 */

/** The metrics of a run that is evaluated, in the order in which they are shown. */
export const EVALUATION_METRICS = [
  "return_bars",
  "exposure",
  "trades",
  "turnover",
  "mean_holding_bars",
  "hit_rate",
  "win_rate",
  "mean_return_in",
  "mean_return_out",
  "edge",
  "gross_return",
  "net_return",
  "cagr",
  "volatility",
  "sharpe",
  "sortino",
  "calmar",
  "max_drawdown",
  "max_drawdown_bars",
  "profit_factor",
  "bar_sharpe",
  "skewness",
  "kurtosis",
  "benchmark_hit_rate",
  "benchmark_gross_return",
  "benchmark_net_return",
  "benchmark_cagr",
  "benchmark_volatility",
  "benchmark_sharpe",
  "benchmark_sortino",
  "benchmark_calmar",
  "benchmark_max_drawdown",
  "benchmark_max_drawdown_bars",
  "benchmark_profit_factor",
  "p_value",
  "p_value_two_sided",
  "sharpe_low",
  "sharpe_high",
  "edge_low",
  "edge_high",
  "in_sample_net_return",
  "out_of_sample_net_return",
  "in_sample_benchmark_net_return",
  "out_of_sample_benchmark_net_return",
  "in_sample_sharpe",
  "out_of_sample_sharpe",
  "in_sample_benchmark_sharpe",
  "out_of_sample_benchmark_sharpe",
  "in_sample_hit_rate",
  "out_of_sample_hit_rate",
  "in_sample_edge",
  "out_of_sample_edge",
] as const;

/** One of {@linkcode EVALUATION_METRICS}. */
export type EvaluationMetric = typeof EVALUATION_METRICS[number];
