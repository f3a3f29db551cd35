import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { withWorkspace } from "../cli/workspace.ts";
import { serverTest } from "../registry/sqld.ts";

serverTest("runs are imported to a registry on a server as to one in a file", async (server) => {
  await withWorkspace(async (workspace) => {
    const { call, dir, files } = workspace;
    await call("run --name first --tag a");
    await call("run --set window=2");
    await call("runs:note latest later");
    await call("runs:export --all --with-data -o a.tar.gz");
    const { runs } = JSON.parse((await call("runs:list --json")).out);
    await Deno.rename(join(dir, "runs"), join(dir, "gone"));
    const before = files();
    const shared = (words: string) => call(`${words} --runs-dir here --registry ${server.url}`);
    const dry = await shared("runs:import a.tar.gz --dry-run");
    assertEquals([dry.exit, dry.err], [0, ""]);
    assertEquals(files(), before);
    assertMatch((await shared("runs:import a.tar.gz")).out, /\n2 runs: 2 imported; 1 file of data/);
    assertEquals(JSON.parse((await shared("runs:list --json")).out).runs, runs);
    assertMatch((await shared("runs:verify")).out, /^2 runs: 2 intact; the registry is sound$/m);
    assertMatch((await shared("runs:import gone")).out, /\n2 runs: 2 already here\n/);
    // A member of the team has the rows, and now the directories, too.
    await Deno.remove(join(dir, "here"), { recursive: true });
    const { exit, out } = await shared("runs:import a.tar.gz");
    assertEquals(exit, 0);
    assertMatch(out, /imported +its row was here, its directory was not\n/);
    assertMatch((await shared("runs:verify")).out, /^2 runs: 2 intact; the registry is sound$/m);
    assert(!files().some((path) => path.includes("registry.db") && path.startsWith("here")));
  });
});
