import { assertEquals, assertMatch } from "@std/assert";
import { withWorkspace } from "../workspace.ts";

Deno.test("the best runs by a metric come first, those without it not at all", async () => {
  await withWorkspace(async ({ call }) => {
    for (const window of [3, 2, 1, 100]) {
      await call(["run", "-q", "--set", `window=${window}`, "--name", `w${window}`]);
    }
    const names = async (words: string) =>
      (await call(`runs:best ${words} --jsonl`)).out.trimEnd().split("\n").map((line) =>
        JSON.parse(line).name
      ).join(" ");
    assertEquals(await names("--max signal_rate"), "w2 w3 w1");
    assertEquals(await names("--min metric.signal_rate"), "w1 w3 w2");
    assertEquals(await names("--max signal_rate -n 1"), "w2");
    assertEquals(await names("--max signal_rate --where window!=2"), "w3 w1");
    const { out, err } = await call("runs:best --max valid_bars -n 2");
    assertMatch(out, /^RUN +window +valid_bars +STARTED \(UTC\) +NAME +EXPERIMENT +DATA\n/);
    assertEquals(err, "2 of 3 runs\n");
    const { total, runs } = JSON.parse((await call("runs:best --min ties -n 1 --json")).out);
    assertEquals([total, runs.length], [3, 1]);
  });
});

Deno.test("a metric that is none is refused with the nearest", async () => {
  await withWorkspace(async ({ call }) => {
    assertMatch((await call("runs:best --max ties")).err, /^error: There is no registry/);
    await call("run -q");
    const cases: Readonly<Record<string, RegExp>> = {
      "--max signal-rate": /^error: Unknown metric 'signal-rate': did you mean signal_rate\?\n/,
      "--max window": /^error: Unknown metric 'window'/,
      "--max ties --min ties": /^error: Cannot use --max and --min at once/,
      "--where window=1": /^error: Expected --max METRIC or --min METRIC/,
    };
    for (const [words, message] of Object.entries(cases)) {
      const { exit, out, err } = await call(`runs:best ${words}`);
      assertEquals([exit, out], [2, ""], words);
      assertMatch(err, message);
    }
  });
});
