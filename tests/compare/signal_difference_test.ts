import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import type { RunRecord } from "../../lib/record.ts";
import { signalDifference, type StoredRun } from "../../lib/compare/signal_difference.ts";
import { withWorkspace } from "../run/workspace.ts";

function stored(run: RunRecord): StoredRun {
  return { run, directory: run.directory };
}

/** Bars of these closes, a second apart from the first on. */
function data(closes: readonly number[], first = 100_000_001): string {
  return ["time,close", ...closes.map((close, at) => `${first + at},${close}`), ""].join("\n");
}

const CLOSES = [10, 11, 12, 11, 13];

Deno.test("runs on the same bars are compared bar by bar, with time and close", async () => {
  await withWorkspace(async ({ run }) => {
    const before = (await run()).run;
    for (const signals of ["csv", "parquet"]) {
      const after = (await run({ set: ["window=2", `signals=${signals}`] })).run;
      assertEquals(await signalDifference([stored(before), stored(after)], { limit: 5 }), {
        status: "compared",
        aligned: "bar",
        bars: 5,
        alone: [0, 0],
        equal: 4,
        changes: [{ positions: [0, 1], bars: 1 }],
        first: [{ bars: [1, 1], time: 100_000_002_000, closes: ["11", "11"], positions: [0, 1] }],
      });
    }
  });
});

Deno.test("bars are those of the run, with its decimal mark and repeated rows that count", async () => {
  await withWorkspace(async ({ run, write }) => {
    await write(
      "data.csv",
      "time;close\n100000001;1,010\n100000002;1,011\n100000002;1,011\n100000003;1,012\n",
    );
    const set = ["decimal_mark=comma", "duplicates=keep"];
    const before = (await run({ set })).run;
    const after = (await run({ set: [...set, "window=2"] })).run;
    const found = await signalDifference([stored(before), stored(after)], { limit: 1 });
    assert(found.status === "compared" && found.bars === 4);
    assertEquals(found.first.map(({ closes }) => closes), [["1.011", "1.011"]]);
  });
});

Deno.test("equal hashes say that signals are equal, whatever became of their files", async () => {
  await withWorkspace(async ({ run }) => {
    const before = (await run()).run;
    const after = (await run({ set: ["signals=none", "max_missing=0.5"] })).run;
    await Deno.remove(join(before.directory, "signals.csv"));
    const found = await signalDifference([stored(before), stored(after)], { limit: 5 });
    assertEquals(found, {
      status: "compared",
      aligned: "hash",
      bars: 5,
      alone: [0, 0],
      equal: 5,
      changes: [],
      first: [],
    });
  });
});

Deno.test("runs on other bars are compared at the times that both have", async () => {
  await withWorkspace(async ({ run, write }) => {
    const before = (await run()).run;
    // The bar in the middle of the first data is missing, and one follows; other notation of time.
    const iso = data([10, 11, 11.5, 13, 14]).replaceAll(
      /^1000000(\d+)/gm,
      (_, at) => new Date((100_000_000 + Number(at)) * 1000).toISOString(),
    );
    const lines = iso.split("\n");
    lines.splice(2, 1);
    await write("other.csv", lines.join("\n"));
    const after = (await run({ data: [join(before.directory, "../../other.csv")] })).run;
    const found = await signalDifference([stored(before), stored(after)], { limit: 5 });
    assertEquals(found, {
      status: "compared",
      aligned: "time",
      bars: 4,
      alone: [1, 0],
      equal: 2,
      changes: [{ positions: [0, 1], bars: 1 }, { positions: [1, 0], bars: 1 }],
      first: [
        { bars: [2, 1], time: 100_000_003_000, closes: ["12", "11.5"], positions: [1, 0] },
        { bars: [3, 2], time: 100_000_004_000, closes: ["11", "13"], positions: [0, 1] },
      ],
    });
  });
});

Deno.test("what cannot be compared is said, with the run that is why", async () => {
  await withWorkspace(async ({ run, write, path }) => {
    const whole = stored((await run()).run);
    const reason = async (other: StoredRun): Promise<string> => {
      const found = await signalDifference([whole, other], { limit: 5 });
      return found.status === "unknown" ? found.reason : "compared";
    };
    const none = await run({ set: ["window=2", "signals=none"] });
    assertMatch(
      await reason(stored(none.run)),
      /^Run \w{6} left no signals file\. Run it again with --set signals=csv\.$/,
    );
    const failed = await run({ set: ["window=100"] });
    assertMatch(await reason(stored(failed.run)), /^Run \w{6} has no signal \(failed\)\.$/);
    await write("later.csv", data(CLOSES, 200_000_001));
    const later = await run({ data: [path("later.csv")] });
    assertMatch(
      await reason(stored(later.run)),
      /^Runs \w{6} and \w{6} have no bar of the same time\.$/,
    );
    await write("bare.csv", `close\n${CLOSES.slice(1).join("\n")}\n`);
    const bare = await run({ data: [path("bare.csv")], set: ["columns.time=none"] });
    assertMatch(await reason(stored(bare.run)), /have other bars, and without times/);
    const damaged = await run({ set: ["window=2"] });
    await write(`runs/${damaged.run.id}/signals.csv`, "timestamp,close,signal\n");
    assertMatch(
      await reason(stored(damaged.run)),
      /^Run \w{6} has lost its signal: signals\.csv is missing, or not what was published\./,
    );
  });
});

Deno.test("bars without times are told by their numbers", async () => {
  await withWorkspace(async ({ run, write, path }) => {
    await write("bare.csv", `close\n${CLOSES.join("\n")}\n`);
    const request = { data: [path("bare.csv")] };
    const before = (await run({ ...request, set: ["columns.time=none"] })).run;
    const after = (await run({ ...request, set: ["columns.time=none", "window=2"] })).run;
    const found = await signalDifference([stored(before), stored(after)], { limit: 5 });
    assertEquals(found.status === "compared" && found.first, [
      { bars: [1, 1], time: null, closes: ["11", "11"], positions: [0, 1] },
    ]);
  });
});
