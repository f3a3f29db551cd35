import { assertEquals } from "@std/assert";
import { basename, join } from "node:path";
import { registryLocation } from "../../lib/registry/location.ts";
import { locateRun } from "../../lib/store/locate.ts";
import { withWorkspace } from "../run/workspace.ts";

Deno.test("a run directory is beside the registry, in the folder of runs, or where it was recorded", async () => {
  await withWorkspace(async (workspace) => {
    const { run } = await workspace.run();
    const runsDir = workspace.path("none");
    const at = (registry: string) =>
      locateRun(run, { runsDir, registry: registryLocation(registry, workspace.dir) });
    assertEquals(await at("runs/registry.db"), run.directory);
    assertEquals(await at("elsewhere/registry.db"), run.directory);
    // A copy is looked at where it is, though the original is still there.
    await Deno.mkdir(workspace.path("copied"));
    const copy = join(workspace.path("copied"), basename(run.id));
    await Deno.mkdir(copy);
    await Deno.copyFile(join(run.directory, "manifest.json"), join(copy, "manifest.json"));
    assertEquals(await at("copied/registry.db"), copy);
    await Deno.rename(workspace.path("runs"), workspace.path("moved"));
    assertEquals(await at("moved/registry.db"), join(workspace.path("moved"), basename(run.id)));
    // A registry elsewhere, as on a server, is no sign of where runs are.
    for (const registry of ["elsewhere/registry.db", "http://localhost:8080"]) {
      assertEquals(
        await locateRun(run, {
          runsDir: workspace.path("moved"),
          registry: registryLocation(registry, workspace.dir),
        }),
        join(workspace.path("moved"), basename(run.id)),
      );
    }
    // Where there is none, the recorded place is the one to name.
    assertEquals(await at("elsewhere/registry.db"), run.directory);
  });
});
