/**
 * What is left of an import that does not come to its end.
 */

import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { createClient } from "@libsql/client/sqlite3";
import { UserError } from "../../lib/errors.ts";
import { registryLocation } from "../../lib/registry/location.ts";
import { Mirror } from "../../lib/registry/mirror.ts";
import { importRuns, type ImportSource } from "../../lib/transfer/import_runs.ts";
import { ARCHIVE_LIMITS } from "../../lib/transfer/stage_archive.ts";
import { withWorkspace, type Workspace } from "../cli/workspace.ts";

/** Two runs, of which one is here already with older labels, and an archive of both. */
async function prepared({ call }: Workspace): Promise<void> {
  await call("run");
  await call("runs:export latest -o 1.tar");
  await call("runs:import 1.tar --runs-dir other");
  await call("runs:tag latest x");
  await call("run --set window=2");
  await call("runs:export --all --with-data -o 2.tar");
}

/** Imports into `other`. */
async function importing(
  { dir }: Workspace,
  { source, abort }: { readonly source: ImportSource; readonly abort: AbortSignal },
): Promise<void> {
  const mirror = await Mirror.open();
  try {
    await importRuns({
      sources: [source],
      runsDir: `${dir}/other`,
      location: registryLocation("other/registry.db", dir),
      mirror,
      limits: ARCHIVE_LIMITS,
      skipConflicts: false,
      skipDamaged: false,
      dryRun: false,
      now: () => new Date("2026-11-23T09:00:00Z"),
      abort,
    });
  } finally {
    mirror.close();
  }
}

Deno.test("an import whose rows cannot be written takes everything back, labels too", async () => {
  await withWorkspace(async (workspace) => {
    const { call, dir } = workspace;
    await prepared(workspace);
    const before = workspace.files();
    const labels = async (): Promise<unknown> =>
      JSON.parse((await call("runs:show latest --json --runs-dir other")).out).tags;
    const registry = async (sql: string): Promise<void> => {
      const client = createClient({ url: `file:${dir}/other/registry.db` });
      await client.execute(sql);
      client.close();
    };
    await registry("CREATE UNIQUE INDEX only_one ON artifacts (path)");
    const { exit, out, err } = await call("runs:import 2.tar --runs-dir other");
    assertEquals([exit, out], [1, ""]);
    assertMatch(err, /^error: Cannot use the registry .*: .*UNIQUE constraint failed/);
    assertEquals(workspace.files(), before);
    assertEquals(await labels(), []);
    await registry("DROP INDEX only_one");
    assertEquals((await call("runs:verify --runs-dir other")).exit, 0);
    assertMatch((await call("runs:import 2.tar --runs-dir other")).out, /1 imported, 1 already/);
    assertEquals((await call("runs:verify --runs-dir other")).exit, 0);
    assertEquals((await call("runs:list --tag x --runs-dir other")).exit, 0);
  });
});

Deno.test("an import that is told to end does so, and leaves nothing", async () => {
  await withWorkspace(async (workspace) => {
    const { dir, files } = workspace;
    await prepared(workspace);
    const before = files();
    const archive = await Deno.readFile(`${dir}/2.tar`);
    const interruption = new AbortController();
    const pieces = async function* (): AsyncGenerator<Uint8Array<ArrayBuffer>> {
      yield archive.subarray(0, 5000);
      interruption.abort("SIGINT");
      yield archive.subarray(5000);
    };
    for (
      const { source, abort } of [
        { source: { kind: "archive", name: "a", pieces: pieces() }, abort: interruption.signal },
        {
          source: { kind: "folder", name: "runs", path: `${dir}/runs` },
          abort: AbortSignal.abort("SIGTERM"),
        },
      ] as const
    ) {
      const error = await assertRejects(() => importing(workspace, { source, abort }), UserError);
      assertEquals(error.code, "interrupted");
      assertEquals(files(), before);
    }
  });
});
