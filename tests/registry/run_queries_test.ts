import { assertEquals, assertMatch } from "@std/assert";
import { NO_HASHES } from "../../lib/record.ts";
import {
  firstWithFingerprint,
  latestWithInputs,
  runningRuns,
  sqliteVersion,
} from "../../lib/registry/run_queries.ts";
import type { StorableRun } from "../../lib/registry/store.ts";
import { sampleRun, withRegistry } from "./temp_registry.ts";

/** A run named by one letter, which began in that order. */
function run(letter: string, changes: Partial<StorableRun> = {}): StorableRun {
  const second = letter.charCodeAt(0) - "a".charCodeAt(0);
  return sampleRun({
    id: `20260101-00000${second}-${letter.repeat(6)}`,
    started_at: `2026-01-01T00:00:0${second}.000Z`,
    ...changes,
  });
}

const DELETED = { deleted_at: "2026-02-01T00:00:00.000Z" };

Deno.test("the first finished run with a fingerprint is the one to compare with", async () => {
  const hashes = (fingerprint: string, result: string | null) => ({
    hashes: { ...NO_HASHES, fingerprint, result },
  });
  const runs = [
    run("a", { ...hashes("sha256:f", "sha256:failed"), status: "failed" }),
    run("b", hashes("sha256:f", null)),
    run("c", { ...hashes("sha256:f", "sha256:deleted"), ...DELETED }),
    run("e", hashes("sha256:f", "sha256:second")),
    run("d", hashes("sha256:f", "sha256:first")),
    run("f", hashes("sha256:g", "sha256:other")),
  ];
  await withRegistry(runs, async (registry) => {
    assertEquals(await firstWithFingerprint(registry, "sha256:f"), {
      id: run("d").id,
      result: "sha256:first",
    });
    assertEquals(await firstWithFingerprint(registry, "sha256:h"), undefined);
  });
});

Deno.test("the latest finished run with a config and data is the one to compare with", async () => {
  const hashes = (config: string, data: string, result: string | null) => ({
    hashes: { ...NO_HASHES, config, data, result },
  });
  const runs = [
    run("b", hashes("sha256:c", "sha256:d", "sha256:latest")),
    run("a", hashes("sha256:c", "sha256:d", "sha256:first")),
    run("c", { ...hashes("sha256:c", "sha256:d", "sha256:failed"), status: "failed" }),
    run("d", hashes("sha256:c", "sha256:d", null)),
    run("e", hashes("sha256:c", "sha256:other", "sha256:other data")),
    run("f", hashes("sha256:other", "sha256:d", "sha256:other config")),
    run("g", { ...hashes("sha256:c", "sha256:d", "sha256:deleted"), ...DELETED }),
  ];
  await withRegistry(runs, async (registry) => {
    assertEquals(await latestWithInputs(registry, { config: "sha256:c", data: "sha256:d" }), {
      id: run("b").id,
      result: "sha256:latest",
    });
    assertEquals(
      await latestWithInputs(registry, { config: "sha256:x", data: "sha256:d" }),
      undefined,
    );
  });
});

Deno.test("runs that are stored as running are found, deleted ones if asked for", async () => {
  const runs = [
    run("a"),
    run("b", { status: "running" }),
    run("c", { status: "failed" }),
    run("d", { status: "running", ...DELETED }),
  ];
  await withRegistry(runs, async (registry) => {
    const placed = (letter: string) => {
      const { id, directory } = run(letter);
      return { id, directory, hostname: null };
    };
    assertEquals(await runningRuns(registry), [placed("b")]);
    assertEquals(await runningRuns(registry, { deleted: "included" }), [placed("b"), placed("d")]);
    assertEquals(await runningRuns(registry, { deleted: "only" }), [placed("d")]);
  });
});

Deno.test("SQLite tells its version", async () => {
  await withRegistry([], async (registry) => {
    assertMatch(await sqliteVersion(registry), /^3\.\d+\.\d+$/);
  });
});
