import { assertEquals, assertThrows } from "@std/assert";
import { UserError } from "../../../lib/errors.ts";
import { checkedName, fileOf } from "../../../lib/cli/new_experiment/experiment_name.ts";

Deno.test("a name is words of lower-case letters and digits, joined by hyphens", () => {
  for (const name of ["x", "my-signal", "ema-12-26", "a".repeat(36)]) {
    assertEquals(checkedName(name), name);
  }
  assertEquals(fileOf("my-best-signal"), "my_best_signal.ts");
});

Deno.test("another name is refused, with the nearest one", () => {
  const cases: readonly (readonly [name: string, near: string | undefined])[] = [
    ["MySignal", "my-signal"],
    ["My Signal!", "my-signal"],
    ["my_signal", "my-signal"],
    ["my_signal.ts", "my-signal"],
    ["my--signal-", "my-signal"],
    ["3ducks", "ducks"],
    ["Größe", "gro-e"],
    ["été", "ete"],
    ["a".repeat(37), "a".repeat(36)],
    ["信号", undefined],
    ["42", undefined],
    ["", undefined],
    ["mod", undefined],
    ["Mod", undefined],
  ];
  for (const [name, near] of cases) {
    const { message, exitCode } = assertThrows(() => checkedName(name), UserError);
    assertEquals(exitCode, 2);
    const said = /: did you mean (.*)\?$/.exec(message)?.[1];
    assertEquals(said, near, message);
  }
});
