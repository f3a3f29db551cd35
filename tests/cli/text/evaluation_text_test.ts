import { assertEquals, assertMatch } from "@std/assert";
import { evaluationSummary, evaluationWarning } from "../../../lib/cli/text/evaluation_text.ts";

/** What a run recorded of its evaluation, as far as a summary reads it. */
function recorded(
  metrics: Readonly<Record<string, number>>,
  evaluation: Readonly<Record<string, unknown>> = {},
): Parameters<typeof evaluationSummary>[0] {
  return { metrics, evaluation: { cost_bps: 10, slippage_bps: 0, split: null, ...evaluation } };
}

Deno.test("a summary says why there is no Sharpe ratio, and what to do about it", () => {
  const run = recorded({ net_return: 0.5, gross_return: 0.6, benchmark_net_return: 0.1 }, {
    undefined: { sharpe: "there is no time column: set evaluate.bars_per_year" },
  });
  const lines = new Map(evaluationSummary(run));
  assertEquals(
    lines.get("net return"),
    "50.00 %  (60.00 % before costs of 10 bps, buy and hold 10.00 %)",
  );
  assertMatch(
    lines.get("sharpe")!,
    /^none: there is no time column: set evaluate\.bars_per_year {2}\(buy and hold none\)$/,
  );
});

Deno.test("a summary says how it annualises, and how much data there is", () => {
  const year = (evaluation: Readonly<Record<string, unknown>>): string | undefined =>
    new Map(evaluationSummary(recorded({}, evaluation))).get("annualised");
  assertEquals(
    year({ bars_per_year: 365, bars_per_year_from: "interval", years: 2, coverage: 0.7 }),
    "at 365 bars a year; 2 years of data, 70 % of the expected bars",
  );
  assertEquals(
    year({ bars_per_year: 8760, bars_per_year_from: "interval", years: 1.140982, coverage: 1 }),
    "at 8,760 bars a year; 1.14 years of data",
  );
  assertEquals(
    year({ bars_per_year: 251.6, bars_per_year_from: "calendar", years: 10.01, coverage: 0.69 }),
    "at 252 bars a year, as the market closes; 10 years of data",
  );
  assertEquals(year({ bars_per_year: null, years: null, coverage: null }), "no");
});

Deno.test("a warning tells both edges, and tells one that is gone from one that nobody can measure", () => {
  const split = { survives: false };
  assertEquals(
    evaluationWarning(recorded({ in_sample_edge: 0.001, out_of_sample_edge: -0.0002 }, { split })),
    "the edge turns negative out of sample: +10 → −2 bps a bar",
  );
  assertEquals(
    evaluationWarning(recorded({ in_sample_edge: 0.001 }, {
      split,
      undefined: { out_of_sample_edge: "the position is the same at every bar" },
    })),
    "the edge in sample, +10 bps a bar, cannot be confirmed out of sample: " +
      "the position is the same at every bar",
  );
  assertEquals(
    evaluationWarning(recorded({ in_sample_edge: 0.001 }, { split: { survives: true } })),
    null,
  );
});
