import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { join } from "node:path";
import { UserError } from "../../lib/errors.ts";
import { registryLocation } from "../../lib/registry/location.ts";
import { isRunId } from "../../lib/run_id.ts";
import { belongsHere, locateRun, placeOf } from "../../lib/store/place.ts";
import { withWorkspace } from "../run/workspace.ts";

Deno.test("a run directory is beside the registry or in the folder of runs, and nowhere else", async () => {
  await withWorkspace(async (workspace) => {
    const { run } = await workspace.run();
    const at = (registry: string, runsDir = "none") =>
      locateRun(run, {
        runsDir: workspace.path(runsDir),
        registry: registryLocation(registry, workspace.dir),
      });
    assertEquals(await at("runs/registry.db"), run.directory);
    assertEquals(await at("elsewhere/registry.db", "runs"), run.directory);
    assertEquals(await at("http://localhost:8080", "runs"), run.directory);
    // Its row says where it is, which is in no folder that was given.
    assertEquals(await at("elsewhere/registry.db"), null);
    // A copy is looked at where it is, though the original is still there.
    const copy = workspace.path(`copied/${run.id}`);
    await Deno.mkdir(copy, { recursive: true });
    assertEquals(await at("copied/registry.db", "runs"), copy);
    // A link is no directory.
    await Deno.mkdir(workspace.path("linked"));
    await Deno.symlink(copy, workspace.path(`linked/${run.id}`));
    assertEquals(await at("linked/registry.db"), null);
  });
});

Deno.test("who changes a run finds it in the folder of runs or its trash, never where its row says", async () => {
  await withWorkspace(async (workspace) => {
    const { run } = await workspace.run();
    const { id, directory } = run;
    const runsDir = workspace.path("runs");
    assertEquals(await placeOf(run, runsDir), { kind: "here", path: directory });
    assertEquals(await placeOf({ id, directory: "/moved/from" }, runsDir), {
      kind: "here",
      path: directory,
    });
    const other = workspace.path("other");
    await Deno.mkdir(other);
    assertEquals(await placeOf(run, other), { kind: "elsewhere" });
    assertEquals(await placeOf({ id, directory: join(other, id) }, other), { kind: "none" });
    await Deno.mkdir(join(other, ".trash"));
    await Deno.rename(directory, join(other, ".trash", id));
    assertEquals(await placeOf(run, other), { kind: "trash", path: join(other, ".trash", id) });
  });
});

Deno.test("what is not the id of a run makes no path", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.run();
    const runsDir = workspace.path("runs");
    const registry = registryLocation("runs/registry.db", workspace.dir);
    const id = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("", ".", "..", "../..", "/", "/etc", "data", ".trash", "registry.db"),
      fc.string({ unit: "grapheme-ascii" }).map((end) => `20260102-030405-k3f9x2${end}x`),
      fc.constantFrom(
        "20260102-030405-k3f9x2/..",
        "20260102-030405-k3f9x2\0",
        "20260102-030405-\n",
      ),
    ).filter((id) => !isRunId(id));
    await fc.assert(fc.asyncProperty(id, async (id) => {
      const run = { id, directory: join(runsDir, id) };
      for (const find of [placeOf(run, runsDir), locateRun(run, { runsDir, registry })]) {
        assertEquals((await assertRejects(() => find, UserError)).code, "run_damaged");
      }
    }));
  });
});

Deno.test("a run belongs here if its row says that it was made here", () => {
  const id = "20260102-030405-k3f9x2";
  const places = { runsDir: "/runs", registry: registryLocation("/beside/registry.db", "/") };
  for (
    const [folder, expected] of [["/runs", true], ["/beside", true], ["/other", false]] as const
  ) {
    assertEquals(belongsHere({ id, directory: `${folder}/${id}` }, places), expected);
  }
});
