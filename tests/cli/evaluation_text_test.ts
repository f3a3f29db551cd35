import { assertEquals, assertMatch } from "@std/assert";
import { evaluationSummary, evaluationWarning } from "../../lib/cli/evaluation_text.ts";

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
