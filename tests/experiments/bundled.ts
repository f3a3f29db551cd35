/**
 * The bundled experiments, with parameters to try them with.
 *
 * @module
 */

import { experiments } from "../../experiments/mod.ts";
import { type Bars, type Experiment, type Signal, z } from "../../lib/experiment.ts";
import { signalOf } from "../../lib/run/signal.ts";

/** Parameters of an experiment, those that are left out being the defaults. */
export type GivenParams = Readonly<Record<string, unknown>>;

/** Besides the defaults, small windows, so that short bars have a signal. */
export const PARAMS: Readonly<Record<string, readonly GivenParams[]>> = {
  "bollinger-reversal": [{}, { window: 2, width: 1 }, { window: 5, width: 0.7 }],
  "buy-and-hold": [{}],
  "donchian-breakout": [{}, { entry: 1, exit: 1 }, { entry: 4, exit: 7 }],
  "ema-cross": [{}, { fast: 1, slow: 2 }, { fast: 3, slow: 8 }],
  "macd": [{}, { fast: 1, slow: 2, smooth: 1 }, { fast: 3, slow: 5, smooth: 4 }],
  "momentum": [{}, { lookback: 1 }, { lookback: 7 }],
  "random": [{}, { exposure: 0.2, mean_holding: 10 }, { exposure: 0 }, { exposure: 1 }],
  "rolling-mean": [{}, { window: 1 }, { window: 20, min_periods: 1 }, { window: 20 }],
  "rsi-reversal": [{}, { window: 1 }, { window: 4, oversold: 40, recovered: 60 }],
  "sma-cross": [{}, { fast: 1, slow: 2 }, { fast: 3, slow: 8 }],
  "supertrend": [{}, { window: 1, multiplier: 1 }, { window: 5, multiplier: 2.5 }],
  "volatility-filter": [
    {},
    { window: 1, atr_window: 1, baseline: 1 },
    { window: 3, atr_window: 4, baseline: 5, max_ratio: 1.2 },
  ],
};

/** All experiments with each of their parameters. */
export async function bundledCases(): Promise<
  readonly {
    readonly experiment: Experiment;
    readonly params: GivenParams;
    readonly what: string;
  }[]
> {
  const cases = await Promise.all(
    Object.entries(experiments).map(async ([name, load]) => {
      const experiment = (await load()).default;
      return (PARAMS[name] ?? [{}]).map((given) => ({
        experiment,
        params: withDefaults(experiment, given),
        what: `${name} ${JSON.stringify(given)}`,
      }));
    }),
  );
  return cases.flat();
}

/** Parameters with the defaults of what is left out. */
export function withDefaults(experiment: Experiment, given: GivenParams): GivenParams {
  return z.strictObject(experiment.params).parse(given);
}

/** The signal of an experiment of that name. */
export async function bundledSignal(
  name: string,
  { bars, params = {}, seed = 42 }: {
    readonly bars: Bars;
    readonly params?: GivenParams;
    readonly seed?: number;
  },
): Promise<Signal> {
  const experiment = (await experiments[name]!()).default;
  return signalOf({ experiment, params: withDefaults(experiment, params) }, { bars, seed });
}
