import { assert, assertEquals, assertThrows } from "@std/assert";
import rollingMean from "../experiments/rolling_mean.ts";
import { decimalColumn } from "../lib/bars/number/decimal_column.ts";
import {
  type Bars,
  COLUMN_NAMES,
  defineExperiment,
  type ExperimentDefinition,
  type SignalInput,
  z,
} from "../lib/experiment.ts";

const PARAMS = { lag: z.int().min(1).default(1) };
type Definition = ExperimentDefinition<typeof PARAMS, "close">;

/** A definition that is right, but for what `changes` say. */
function definition(changes: Readonly<Record<string, unknown>> = {}): Definition {
  return {
    name: "rising-close",
    version: 1,
    summary: "1 while the close is above the close `lag` bars ago, else 0",
    params: PARAMS,
    columns: ["close"],
    signal: ({ bars, params }) => ({
      positions: Int8Array.from(
        bars.close.values,
        (close, t) => close > (bars.close.values[t - params.lag] ?? close) ? 1 : 0,
      ),
      warmup: params.lag,
    }),
    ...changes,
  } as Definition;
}

/** What an experiment is given: these closes, and a log that keeps its lines. */
function input(units: readonly number[], params: Readonly<Record<string, unknown>>): {
  readonly input: SignalInput<Readonly<Record<string, unknown>>>;
  readonly lines: unknown[];
} {
  const lines: unknown[] = [];
  const log = (message: string, fields?: unknown): void => void lines.push([message, fields]);
  const close = decimalColumn(Float64Array.from(units), 1);
  return {
    input: {
      bars: { length: units.length, times: null, close } as unknown as Bars,
      params,
      random: () => {
        throw new Error("no entropy is needed");
      },
      log: { info: log, warn: log },
    },
    lines,
  };
}

Deno.test("an experiment has what its definition says", () => {
  const experiment = defineExperiment(definition());
  assertEquals(
    [experiment.name, experiment.version, experiment.columns],
    ["rising-close", 1, ["close"]],
  );
  assert(experiment.params === PARAMS);
  const { positions, warmup } = experiment.signal(input([10, 12, 11], { lag: 1 }).input);
  assertEquals([[...positions], warmup], [[0, 1, 0], 1]);
});

Deno.test("without limits of its own an experiment has no problem with any parameters", () => {
  assertEquals(defineExperiment(definition()).check({ lag: 1 }), undefined);
});

Deno.test("limits that involve several parameters are asked with their values", () => {
  const experiment = defineExperiment(definition({
    check: ({ lag }: { lag: number }) =>
      lag > 3 ? { param: "lag", message: `expected at most 3, got ${lag}` } : undefined,
  }));
  assertEquals(experiment.check({ lag: 3 }), undefined);
  assertEquals(experiment.check({ lag: 4 }), {
    param: "lag",
    message: "expected at most 3, got 4",
  });
});

Deno.test("a malformed definition is refused with what is wrong", () => {
  const cases: [changes: Readonly<Record<string, unknown>>, message: string][] = [
    ...["", "Rising", "rising_close", "rising-", "-rising", "a--b", "1st", "a b", "a\n"].map(
      (name): [Readonly<Record<string, unknown>>, string] => [
        { name },
        `named ${JSON.stringify(name)}: expected words like my-signal`,
      ],
    ),
    [{ name: undefined }, "expected words like my-signal"],
    [{ name: 7 }, "expected words like my-signal"],
    ...[0, -1, 1.5, NaN, "1", undefined].map(
      (version): [Readonly<Record<string, unknown>>, string] => [
        { version },
        `rising-close: version is a whole number from 1, got ${version}`,
      ],
    ),
    [{ columns: [] }, "rising-close: it reads no column"],
    [
      { columns: ["close", "vwap"] },
      'there is no column "vwap", only open, high, low, close, volume',
    ],
    [{ columns: ["Close"] }, 'there is no column "Close"'],
    [{ params: { minPeriods: z.int() } }, 'parameter "minPeriods" is not in snake_case'],
    [{ params: { "min-periods": z.int() } }, 'parameter "min-periods" is not in snake_case'],
    [{ params: { _lag: z.int() } }, 'parameter "_lag" is not in snake_case'],
  ];
  for (const [changes, message] of cases) {
    assertThrows(() => defineExperiment(definition(changes)), TypeError, message);
  }
});

Deno.test("every column there is can be asked for", () => {
  assertEquals(
    defineExperiment(definition({ columns: COLUMN_NAMES })).columns,
    ["open", "high", "low", "close", "volume"],
  );
});

Deno.test("rolling-mean takes a window of 5 bars, full ones only, unless told otherwise", () => {
  const params = z.object(rollingMean.params);
  assertEquals(params.parse({}), { window: 5 });
  for (const wrong of [{ window: 0 }, { window: 1.5 }, { window: "5" }, { min_periods: 0 }]) {
    assertEquals(params.safeParse(wrong).success, false);
  }
  assertEquals(rollingMean.check({ window: 5 }), undefined);
  assertEquals(rollingMean.check({ window: 5, min_periods: 5 }), undefined);
  assertEquals(rollingMean.check({ window: 5, min_periods: 6 }), {
    param: "min_periods",
    message: "expected at most window (5), got 6",
  });
});

Deno.test("rolling-mean is 1 above the mean, counts ties, and logs how the mean was taken", () => {
  const { input: given, lines } = input([10, 30, 20, 20, 20], { window: 3 });
  const { positions, warmup, metrics } = rollingMean.signal(given);
  assertEquals([[...positions], warmup, metrics], [[0, 0, 0, 0, 0], 2, { ties: 2 }]);
  assertEquals(lines, [["mean computed", {
    window: 3,
    min_periods: 3,
    decimals: 1,
    arithmetic: "double",
  }]]);
  const early = rollingMean.signal(input([10, 30, 20], { window: 3, min_periods: 1 }).input);
  assertEquals([[...early.positions], early.warmup, early.metrics], [[0, 1, 0], 0, { ties: 2 }]);
});
