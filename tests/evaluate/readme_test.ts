import { assertEquals } from "@std/assert";
import { EVALUATION_METRICS } from "../../lib/evaluate/metric_names.ts";
import { SIGNAL_METRICS } from "../../lib/evaluate/signal_rate.ts";

const PAGE = new URL("../../lib/evaluate/README.md", import.meta.url);

Deno.test("every metric of the code is on the page, and every one of the page in the code", async () => {
  const page = await Deno.readTextFile(PAGE);
  const rows = page.split("\n").filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|")[1]!);
  const listed = [...page.matchAll(/`((?:benchmark|in_sample|out_of_sample)_[a-z_]+[a-z])`/g)].map((
    [, name],
  ) => name!);
  const names = [...rows.flatMap((cell) => cell.match(/[a-z_]+/g) ?? []), ...listed];
  assertEquals(
    [...new Set(names)].sort(),
    [...SIGNAL_METRICS, ...EVALUATION_METRICS].sort(),
  );
});
