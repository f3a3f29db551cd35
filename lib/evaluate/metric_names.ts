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
  "trade_hit_rate",
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
  "hold_hit_rate",
  "hold_gross_return",
  "hold_net_return",
  "hold_cagr",
  "hold_volatility",
  "hold_sharpe",
  "hold_sortino",
  "hold_calmar",
  "hold_max_drawdown",
  "hold_max_drawdown_bars",
  "hold_profit_factor",
  "p_value",
  "p_value_two_sided",
  "sharpe_low",
  "sharpe_high",
  "edge_low",
  "edge_high",
  "is_net_return",
  "oos_net_return",
  "is_hold_net_return",
  "oos_hold_net_return",
  "is_sharpe",
  "oos_sharpe",
  "is_hold_sharpe",
  "oos_hold_sharpe",
  "is_hit_rate",
  "oos_hit_rate",
  "is_edge",
  "oos_edge",
] as const;

/** One of {@linkcode EVALUATION_METRICS}. */
export type EvaluationMetric = typeof EVALUATION_METRICS[number];
