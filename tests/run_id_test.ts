import { assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { newRunId, runSuffix, startOfRunId } from "../lib/run_id.ts";

Deno.test("a run id is the time in UTC and a suffix from the random bytes", () => {
  const now = new Date("2026-11-23T08:55:01.999Z");
  assertEquals(newRunId(now, new Uint8Array(6)), "20261123-085501-000000");
  assertEquals(newRunId(now, Uint8Array.of(31, 10, 32, 255, 64, 1)), "20261123-085501-za0z01");
  assertEquals(runSuffix("20261123-085501-za0z01"), "za0z01");
});

Deno.test("ids sort by time, and have no letter to misread", () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date(0), max: new Date("9999-12-31"), noInvalidDate: true }),
      fc.uint8Array({ minLength: 6, maxLength: 6 }),
      (now, random) => {
        const id = newRunId(now, random);
        assertMatch(id, /^\d{8}-\d{6}-[0-9a-hjkmnp-tv-z]{6}$/);
        const later = newRunId(new Date(now.getTime() + 1000), random);
        assertEquals(later > id, true);
      },
    ),
    { seed: 5 },
  );
});

Deno.test("an id tells when its run began, and what is no id tells nothing", () => {
  const now = new Date("2026-11-23T08:55:01Z");
  assertEquals(startOfRunId(newRunId(now, Uint8Array.of(31, 10, 32, 255, 64, 1))), now);
  for (
    const name of [
      "",
      "data",
      "registry.db",
      "20261123-085501",
      "20261123-085501-za0z01-copy",
      "20261123-085501-ZA0Z01",
      "20261123-085501-ilouuu",
      "20261323-085501-za0z01",
      "20261123-245501-za0z01",
      " 20261123-085501-za0z01",
    ]
  ) assertEquals(startOfRunId(name), undefined, name);
});
