import { assertEquals, assertThrows } from "@std/assert";
import { taskCommand } from "./contenders.ts";
import { median, ratio } from "./measure.ts";

Deno.test("the median of an even count is the mean of the middle two", () => {
  assertEquals(median([3, 1, 2]), 2);
  assertEquals(median([4, 1, 3, 2]), 2.5);
});

Deno.test("a ratio is taken within each round, so a slow spell of the machine cancels out", () => {
  const of = (name: string, ms: number[]) => ({ name, ms, peakMib: null, rate: null });
  assertEquals(ratio(of("a", [10, 100, 10]), of("b", [20, 200, 20])), 0.5);
});

Deno.test("sigrun is started with the flags of the run task", () => {
  const [program, ...args] = taskCommand(
    '{ "tasks": { "run": { "command": "deno run --frozen --allow-read main.ts run" } } }',
    "run",
  );
  assertEquals(program, Deno.execPath());
  assertEquals(args, ["run", "--frozen", "--allow-read", "main.ts", "run"]);
});

Deno.test("a run task that needs a shell is refused", () => {
  for (
    const command of ["deno run main.ts | cat", "X=1 deno run main.ts", "deno run $HOME/main.ts"]
  ) {
    assertThrows(
      () => taskCommand(JSON.stringify({ tasks: { run: command } }), "run"),
      Error,
      "plain call of deno",
    );
  }
  assertThrows(() => taskCommand("{}", "run"), Error, "no task run");
});
