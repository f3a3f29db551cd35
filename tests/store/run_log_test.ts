import { assertEquals } from "@std/assert";
import { openRunLog } from "../../lib/store/run_log.ts";

Deno.test("logs of several runs are open at once, each with lines of its own", () => {
  const [one, other]: [string[], string[]] = [[], []];
  const now = () => new Date("2026-01-02T03:04:05.678Z");
  const first = openRunLog({ write: (line) => one.push(line), now });
  const second = openRunLog({ write: (line) => other.push(line), now });
  first.info("a {brace}", { bars: 3 });
  second.of("my-signal").warn("odd");
  first.error("it ended");
  const time = "time=2026-01-02T03:04:05.678Z";
  assertEquals(one, [
    `${time} level=info logger=sigrun msg="a {brace}" bars=3\n`,
    `${time} level=error logger=sigrun msg="it ended"\n`,
  ]);
  assertEquals(other, [`${time} level=warning logger=sigrun.my-signal msg=odd\n`]);
});
