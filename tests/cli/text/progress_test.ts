import { assertEquals } from "@std/assert";
import { progressBar } from "../../../lib/cli/text/progress.ts";
import { fakeHost, FakeTime } from "../../fake_host.ts";

Deno.test("reading that is soon over, or that nobody watches, shows no bar", () => {
  const cases: [isTerminal: boolean, quiet: boolean, looks: number][] = [
    [true, false, 100],
    [true, true, 10_000],
    [false, false, 10_000],
  ];
  for (const [isTerminal, quiet, looks] of cases) {
    const host = fakeHost({ args: [], cwd: "/", isTerminal, time: new FakeTime() });
    const progress = progressBar(host, quiet);
    for (let done = 0; done < looks; done++) progress.update(done, looks);
    progress.stop();
    assertEquals([host.out, host.err], ["", ""]);
  }
});

Deno.test("a bar that is stopped before it appears never appears", async () => {
  const host = fakeHost({ args: [], cwd: "/", isTerminal: true });
  const progress = progressBar(host, false);
  for (let done = 0; done < 2000; done++) progress.update(done, 2000);
  progress.stop();
  await import("cli-progress");
  progress.update(2000, 2000);
  assertEquals([host.out, host.err], ["", ""]);
});
