import { createClient } from "@libsql/client/sqlite3";
import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { withWorkspace } from "../cli/workspace.ts";

/** Names that every object of JavaScript seems to have. */
const NAMES = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "valueOf",
  "__defineGetter__",
];

Deno.test("a manifest whose parameters have names of JavaScript's own is refused, and nothing breaks", async () => {
  for (const name of NAMES) {
    for (const field of ["params", "metrics", "environment", "quality", "config", "run", ""]) {
      await withWorkspace(async ({ dir, call }) => {
        assertEquals((await call("run")).exit, 0);
        const { id } = JSON.parse((await call("runs:show latest --json")).out);
        const path = join(dir, "runs", id, "manifest.json");
        const text = await Deno.readTextFile(path);
        const opening = field === "" ? "{" : `"${field}": {`;
        await Deno.writeTextFile(path, text.replace(opening, `${opening} "${name}": 1,`));
        const { exit, out, err } = await call("runs:import runs --runs-dir other");
        const said = `${field}.${name}: ${exit} ${out}${err}`;
        assert([0, 3].includes(exit), said);
        for (const words of ["runs:verify", "runs:sync --dry-run", "runs:list --runs-dir other"]) {
          const { exit, out, err } = await call(words);
          assert([0, 1, 3].includes(exit) && !`${out}${err}`.includes("bug"), `${said} ${err}`);
        }
      });
    }
  }
});

Deno.test("parameters and metrics of such names are compared and shown like any other", async () => {
  await withWorkspace(async ({ dir, call }) => {
    assertEquals((await call("run")).exit, 0);
    assertEquals((await call("run --set window=4")).exit, 0);
    const { id } = JSON.parse((await call("runs:show latest --json")).out);
    const { href } = pathToFileURL(join(dir, "runs", "registry.db"));
    const client = createClient({ url: href, concurrency: 1 });
    for (const name of NAMES) {
      const values = `('${id}', '${name}', 7`;
      await client.execute(`INSERT INTO params (run_id, key, value, number) VALUES ${values}, 7)`);
      await client.execute(`INSERT INTO metrics (run_id, key, value) VALUES ${values})`);
    }
    client.close();
    const { params, metrics } = JSON.parse((await call("runs:show latest --json")).out);
    for (const name of NAMES) {
      assertEquals([params, metrics].map((values) => Object.hasOwn(values, name)), [true, true]);
    }
    for (const words of ["runs:list", "runs:list --csv", "runs:compare latest latest~1 --all"]) {
      const { exit, out } = await call(words);
      assertEquals([exit, out.includes("native code")], [0, false], words);
      for (const name of NAMES) assert(out.includes(name), `${words}: ${name}`);
    }
    const listed = await call(["runs:list", "--where", "param.constructor = 7", "--json"]);
    assertEquals(JSON.parse(listed.out).total, 1);
  });
});
