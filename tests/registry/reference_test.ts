import { assertEquals, assertMatch } from "@std/assert";
import type { UserError } from "../../lib/errors.ts";
import { listRuns } from "../../lib/registry/list_runs.ts";
import { findRun, findRunId } from "../../lib/registry/reference.ts";
import { refusalOf } from "../bars/refusal.ts";
import { sampleRun, withRegistry } from "./temp_registry.ts";

const IDS = [
  "20260101-000000-abc123",
  "20260101-000001-abd456",
  "20260102-000000-0x0y0z",
  "20260103-235959-202601",
];

const RUNS = IDS.map((id, i) => sampleRun({ id, started_at: `2026-01-0${i + 1}T00:00:00.000Z` }));

function found(reference: string): Promise<string> {
  return withRegistry(RUNS, async (registry) => (await findRun(registry, reference)).id);
}

Deno.test("a run is found by its id, its suffix, and the beginning of either", async () => {
  const references: Readonly<Record<string, string>> = {
    "20260101-000000-abc123": IDS[0]!,
    "abc123": IDS[0]!,
    "abc": IDS[0]!,
    "abd": IDS[1]!,
    "20260101-000001": IDS[1]!,
    "20260102": IDS[2]!,
    "0": IDS[2]!,
    "0x0y0z": IDS[2]!,
    "20260103-": IDS[3]!,
  };
  await withRegistry(RUNS, async (registry) => {
    for (const [reference, id] of Object.entries(references)) {
      assertEquals((await findRun(registry, reference)).id, id, reference);
    }
  });
});

Deno.test("case does not count in a reference", async () => {
  assertEquals(await found("ABC123"), IDS[0]);
  assertEquals(await found("Latest~1"), IDS[2]);
});

Deno.test("latest is the run that began last, latest~N the Nth before it", async () => {
  assertEquals(await found("latest"), IDS[3]);
  assertEquals(await found("latest~0"), IDS[3]);
  assertEquals(await found("latest~1"), IDS[2]);
  assertEquals(await found("latest~3"), IDS[0]);
});

Deno.test("latest~N of too few runs is not found", async () => {
  await withRegistry(RUNS, async (registry) => {
    const error = await refusalOf(() => findRun(registry, "latest~4"));
    assertEquals([error.code, error.exitCode], ["run_not_found", 2]);
    assertMatch(error.hint!, /not that many/);
  });
  await withRegistry([], async (registry) => {
    assertEquals((await refusalOf(() => findRun(registry, "latest"))).code, "run_not_found");
  });
});

Deno.test("a reference that fits several runs is refused with their ids", async () => {
  await withRegistry(RUNS, async (registry) => {
    for (const reference of ["ab", "2026", "20260101", "202601", "20260101-00000"]) {
      const error = await refusalOf(() => findRun(registry, reference));
      assertEquals([error.code, error.exitCode], ["run_ambiguous", 2], reference);
      assertMatch(error.message, new RegExp(`${reference}.*${IDS[1]}.*${IDS[0]}`));
    }
  });
});

Deno.test("many runs that fit are not all listed", async () => {
  const many = ["a", "b", "c", "d", "e", "f", "g"].map((letter) =>
    sampleRun({ id: `20260101-000000-x${letter.repeat(5)}` })
  );
  await withRegistry(many, async (registry) => {
    const { message } = await refusalOf(() => findRun(registry, "x"));
    assertEquals(message.match(/2026/g)?.length, 5);
    assertMatch(message, /, …$/);
  });
});

Deno.test("what means something to SQL means nothing in a reference", async () => {
  await withRegistry(RUNS, async (registry) => {
    const references = [
      "%",
      "_",
      "a%",
      "abc12_",
      "______",
      "*",
      "abc123'",
      "",
      " ",
      "abc123\0",
      "\\",
    ];
    for (const reference of [...references, "latest~", "latest~-1", "latest~1e1", "latest~x"]) {
      const error = await refusalOf(() => findRun(registry, reference));
      assertEquals([error.code, error.exitCode], ["run_not_found", 2], reference);
    }
  });
});

Deno.test("a reference to no run is refused with the forms there are", async () => {
  await withRegistry(RUNS, async (registry) => {
    const error = await refusalOf(() => findRun(registry, "zzz"));
    assertEquals([error.code, error.exitCode], ["run_not_found", 2]);
    assertMatch(error.message, /Cannot find run 'zzz'/);
    assertMatch(error.hint!, /latest~1/);
  });
});

Deno.test("a list of ids is searched as the registry is", async () => {
  await withRegistry(RUNS, async (registry) => {
    const ids = (await listRuns(registry)).runs.map(({ id }) => id);
    const references = ["latest", "latest~1", "latest~99", "zzz", "%", "2", ...ids];
    const parts = ids.flatMap((
      id,
    ) => [id.slice(-6), id.slice(-6, -3).toUpperCase(), id.slice(0, 12)]);
    for (const reference of [...references, ...parts]) {
      const wanted = await findRun(registry, reference).then(({ id }) => id, ({ code }) => code);
      let found: unknown;
      try {
        found = findRunId(reference, ids);
      } catch (error) {
        found = (error as UserError).code;
      }
      assertEquals(found, wanted, reference);
    }
  });
});
