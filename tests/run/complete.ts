/**
 * What it means that a run directory is complete.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { RunRecord } from "../../lib/record.ts";

/** The SHA-256 of bytes, as node computes it. */
export function sha256Of(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/**
 * Checks that the directory of a run holds what its manifest lists, byte for
 * byte, and nothing else; and that the row says the same as the manifest.
 */
export async function assertComplete(run: RunRecord): Promise<void> {
  const { directory } = run;
  const manifest = JSON.parse(await Deno.readTextFile(join(directory, "manifest.json")));
  assertEquals(manifest.schema, 1);
  // The registry keeps parameters, metrics and the like without their order.
  assertEquals(run, manifest.run);
  const listed = run.artifacts.map(({ path }) => path);
  const found = [...Deno.readDirSync(directory)].map(({ name }) => name).sort();
  assertEquals(found, [...listed, "manifest.json"].sort());
  for (const { path, sha256, bytes } of run.artifacts) {
    const content = await Deno.readFile(join(directory, path));
    assertEquals([sha256, bytes], [sha256Of(content), content.length], path);
  }
  const metrics = JSON.parse(await Deno.readTextFile(join(directory, "metrics.json")));
  assertEquals(metrics.run_id, run.id);
  assertEquals(metrics.status, run.status === "finished" ? "success" : "error");
  const log = await Deno.readTextFile(join(directory, "run.log"));
  const lines = log.trimEnd().split("\n");
  assert(lines[0]!.includes('msg="job started"'), lines[0]);
  assert(lines.at(-1)!.includes(`msg=finished status=${run.status} `), lines.at(-1));
}
