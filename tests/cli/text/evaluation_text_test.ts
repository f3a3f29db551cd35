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
  const run = recorded({ net_return: 0.5, gross_return: 0.6, hold_net_return: 0.1 }, {
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

Deno.test("a summary says what a year is, and how much of one is there", () => {
  const year = (evaluation: Readonly<Record<string, number | null>>): string | undefined =>
    new Map(evaluationSummary(recorded({}, evaluation))).get("a year is");
  assertEquals(
    year({ bars_per_year: 365, years: 2, coverage: 0.7 }),
    "365 bars; the bars took 2 years, of which 70.00 % are there",
  );
  assertEquals(
    year({ bars_per_year: 8760, years: 2, coverage: 1 }),
    "8760 bars; the bars took 2 years",
  );
  assertEquals(year({ bars_per_year: null, years: null, coverage: null }), "unknown");
});

Deno.test("a warning tells both edges, and tells one that is gone from one that nobody can measure", () => {
  const split = { survives: false };
  assertEquals(
    evaluationWarning(recorded({ is_edge: 0.001, oos_edge: -0.0002 }, { split })),
    "the edge of 0.001 a bar in sample does not survive out of sample: it is -0.0002 there",
  );
  assertEquals(
    evaluationWarning(recorded({ is_edge: 0.001 }, {
      split,
      undefined: { oos_edge: "the position is the same at every bar" },
    })),
    "the edge of 0.001 a bar in sample cannot be confirmed out of sample: " +
      "the position is the same at every bar",
  );
  assertEquals(
    evaluationWarning(recorded({ is_edge: 0.001 }, { split: { survives: true } })),
    null,
  );
});
