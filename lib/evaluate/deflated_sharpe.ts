/**
 * The deflated Sharpe ratio of D. H. Bailey and M. López de Prado, "The Deflated
 * Sharpe Ratio: Correcting for Selection Bias, Backtest Overfitting and
 * Non-Normality" (Journal of Portfolio Management 40, 2014). Pure.
 *
 * @module
 */

import { normalCdf, normalQuantile } from "./normal.ts";

/** The Euler–Mascheroni constant. */
const GAMMA = 0.5772156649015329;

/**
 * The Sharpe ratio that the best of some trials is expected to have if none of
 * them knows anything: `sqrt(V) ((1 - γ) Z(1 - 1/N) + γ Z(1 - 1/(N e)))`, where
 * `V` is the variance of the trials' Sharpe ratios and `Z` the quantile of the
 * standard normal distribution; 0 of a single trial.
 */
export function expectedBestSharpe(
  { trials, variance }: { readonly trials: number; readonly variance: number },
): number {
  if (trials <= 1) return 0;
  return Math.sqrt(variance) * (
    (1 - GAMMA) * normalQuantile(1 - 1 / trials) +
    GAMMA * normalQuantile(1 - 1 / (trials * Math.E))
  );
}

/**
 * How likely the true Sharpe ratio is above `benchmark`, the probabilistic
 * Sharpe ratio: `Φ((SR - SR0) sqrt(T - 1) / sqrt(1 - γ3 SR + (γ4 - 1) / 4 SR²))`
 * with skewness γ3 and kurtosis γ4 (3 of a normal distribution). All Sharpe
 * ratios are by the bar. With {@linkcode expectedBestSharpe} as the benchmark it
 * is the deflated one.
 *
 * @returns null where the estimate has no variance above 0
 */
export function probabilisticSharpe(
  { sharpe, bars, skewness, kurtosis, benchmark }: {
    readonly sharpe: number;
    /** How many returns it is of. */
    readonly bars: number;
    readonly skewness: number;
    readonly kurtosis: number;
    readonly benchmark: number;
  },
): number | null {
  const variance = 1 - skewness * sharpe + (kurtosis - 1) / 4 * sharpe * sharpe;
  if (!(variance > 0) || bars < 2) return null;
  return normalCdf((sharpe - benchmark) * Math.sqrt(bars - 1) / Math.sqrt(variance));
}
