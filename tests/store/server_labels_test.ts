import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { labelledRow } from "../../lib/registry/labels.ts";
import { openRegistry } from "../../lib/registry/open.ts";
import { listRuns } from "../../lib/registry/list_runs.ts";
import { whileLocked } from "../../lib/registry/transaction.ts";
import { changeLabels } from "../../lib/store/change_labels.ts";
import { garbagePlan } from "../../lib/store/garbage/collect.ts";
import { readLabels } from "../../lib/store/labels.ts";
import { serverTest } from "../registry/sqld.ts";
import { withWorkspace } from "../run/workspace.ts";

const NOW = new Date("2026-11-30T00:00:00.000Z");

serverTest(
  "runs in a registry on a server are labelled, and collected where they are",
  async (server) => {
    await withWorkspace(async ({ path, run }) => {
      const location = server.location();
      const { run: kept } = await run({ registry: location });
      const { run: deleted } = await run({ registry: location, tags: ["a"] });
      const elsewhere = { hostname: "other", runsDir: path("elsewhere"), registry: location };
      const registry = await openRegistry(location);
      try {
        const label = (id: string, deleted_at: string | null) =>
          changeLabels(registry, {
            id,
            runsDir: path("runs"),
            now: () => NOW,
            hostname: "test",
            change: (labels) => ({ ...labels, tags: [...labels.tags, "b"], deleted_at }),
          });
        await label(kept.id, null);
        await label(deleted.id, NOW.toISOString());
        assertEquals((await readLabels(deleted.directory))!.tags, ["a", "b"]);
        const row = await whileLocked(registry, (tables) => labelledRow(tables, deleted.id));
        assertEquals(row!.labels, (await readLabels(deleted.directory))!);
        await Deno.rename(path("runs"), path("moved"));
        const far = await garbagePlan(registry, { ...elsewhere, now: NOW });
        await Deno.mkdir(path("elsewhere"));
        assertEquals((await far.collect()).runs, []);
        assertEquals(far.garbage.left, { elsewhere: 1, running: 0, unclear: 0, damaged: 0 });
        await Deno.rename(path("moved"), path("runs"));
        const here = await garbagePlan(registry, {
          runsDir: path("runs"),
          hostname: "test",
          registry: location,
          now: NOW,
        });
        const { runs, data } = await here.collect();
        assertEquals([runs.map(({ id }) => id), data], [[deleted.id], []]);
        const left = (await listRuns(registry, { deleted: "included" })).runs;
        assertEquals(left.map(({ id, tags }) => [id, tags]), [[kept.id, ["b"]]]);
        assert((await Deno.stat(join(kept.directory, "labels.json"))).isFile);
        assertEquals(await Deno.stat(deleted.directory).catch(() => "gone"), "gone");
      } finally {
        registry.close();
      }
    });
  },
);
