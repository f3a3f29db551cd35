/** Archives that tar made of a folder of runs are taken as that folder. */

import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { join } from "node:path";
import { LeadingFolder } from "../../lib/transfer/leading_folder.ts";
import { TarProblem } from "../../lib/transfer/tar_header.ts";
import { withWorkspace } from "../cli/workspace.ts";
import { entriesOf, type Entry, gzip, tar } from "./tar_archive.ts";

const ID = "20261123-085501-k3f9x2";
const OTHER_ID = "20261123-085502-7m2c0d";
const HASH = "0123456789abcdef".repeat(4);

/** Where entries belong, folders by the slash at their end; and the folder that all are in. */
function places(...names: readonly string[]): readonly string[] {
  const leading = new LeadingFolder();
  const found = names.map((name) => {
    const place = leading.place({ name, kind: name.endsWith("/") ? "folder" : "file" });
    return place.of === "run" ? `${place.id} ${place.file}` : place.of;
  });
  return [...found, leading.end()];
}

Deno.test("runs are found at the top of an archive, and in one folder of it", () => {
  for (const folder of ["", "./", "runs/", "./runs/", "home/me/my runs/", "data/"]) {
    const found = places(
      `${folder}${ID}/`,
      `${folder}${ID}/run.log`,
      `${folder}data/`,
      `${folder}data/${HASH}`,
    );
    assertEquals(found, ["neither", `${ID} run.log`, "neither", "data", folder]);
  }
  assertEquals(places(`runs/data/${HASH}`, `runs/${ID}/run.log`).at(-1), "runs/");
  assertEquals(places(), [""]);
});

Deno.test("what lies beside runs in a folder is left alone, before them and after them", () => {
  const beside = [
    "./runs/",
    "./runs/registry.db",
    "./runs/README.md",
    "./runs/notes/",
    "./runs/notes/a.txt",
    `./runs/.trash/${OTHER_ID}/run.log`,
    `./runs/.import-x/0/runs/${OTHER_ID}/run.log`,
    `./runs/.import-x/0/data/${HASH}`,
    `./runs/data/${HASH}.x.tmp`,
  ];
  const neither = beside.map(() => "neither");
  const run = `./runs/${ID}/run.log`;
  assertEquals(places(...beside, run), [...neither, `${ID} run.log`, "./runs/"]);
  assertEquals(places(run, ...beside), [`${ID} run.log`, ...neither, "./runs/"]);
});

Deno.test("what is in no folder that all share is refused by its name", () => {
  const other = "is not in the same folder as the runs before it";
  const stray = "is neither a file of a run nor kept data";
  const cases: [names: string[], refused: string, reason: string][] = [
    [[`${ID}/run.log`, `./${OTHER_ID}/run.log`], `./${OTHER_ID}/run.log`, other],
    [[`./${ID}/run.log`, `${ID}/run.log`], `${ID}/run.log`, other],
    [[`runs/${ID}/run.log`, `Runs/${ID}/run.log`], `Runs/${ID}/run.log`, other],
    [[`runs/${ID}/run.log`, `runs/old/${OTHER_ID}/run.log`], `runs/old/${OTHER_ID}/run.log`, other],
    [[`runs/${ID}/run.log`, `data/${HASH}`], `data/${HASH}`, other],
    [[`data/${ID}/run.log`, `data/${HASH}`], `data/${HASH}`, other],
    [["./", "./registry.db", `${ID}/run.log`], "./", stray],
    [["runs/", "runs/registry.db"], "runs/", stray],
    [["registry.db", `runs/${ID}/run.log`], "registry.db", stray],
    [["run/", `runs/${ID}/run.log`], "run/", stray],
    [[`runs/${ID}/run.log`, "other/x"], "other/x", stray],
    [[`runs/${ID}/run.log`, "runs"], "runs", stray],
    [[`runs//${ID}/run.log`], `runs//${ID}/run.log`, stray],
    [[`runs/./${ID}/run.log`], `runs/./${ID}/run.log`, stray],
    [[`././${ID}/run.log`], `././${ID}/run.log`, stray],
    [[`.trash/${ID}/run.log`], `.trash/${ID}/run.log`, stray],
  ];
  for (const [names, refused, reason] of cases) {
    const { entry, message } = assertThrows(() => places(...names), TarProblem);
    assertEquals([entry, message], [refused, reason], names.join(" "));
  }
});

Deno.test("an archive that tar made of a folder of runs is imported as that folder is", async () => {
  await withWorkspace(async ({ call, dir, write, files }) => {
    await call("run");
    await call("run --set window=2");
    await call("run --set window=3");
    const runs = join(dir, "runs");
    const [first, second, crashed] = [...Deno.readDirSync(runs)].map(({ name }) => name)
      .filter((name) => /^\d{8}-/.test(name)).sort() as [string, string, string];
    await Deno.remove(join(runs, crashed, "manifest.json"));
    await write("runs/data/" + HASH, "not the data of its hash");
    const folder = (name: string): Entry => ({ name, type: "5" });
    const archive = (prefix: string): Uint8Array<ArrayBuffer> =>
      tar([
        ...(prefix === "" ? [] : [folder(prefix)]),
        { name: `${prefix}registry.db`, content: Deno.readFileSync(join(runs, "registry.db")) },
        { name: `${prefix}README.md`, content: "x" },
        folder(`${prefix}data/`),
        ...[...Deno.readDirSync(join(runs, "data"))].filter(({ name }) => name !== HASH)
          .map(({ name }) => ({
            name: `${prefix}data/${name}`,
            content: Deno.readFileSync(join(runs, "data", name)),
          })),
        { name: `${prefix}.trash/${first}/run.log`, content: "x" },
        ...[first, second, crashed].flatMap((id) => [
          folder(`${prefix}${id}/`),
          ...entriesOf(join(runs, id), prefix),
        ]),
      ]);
    const asFolder = await call("runs:import runs --runs-dir folder");
    assertMatch(asFolder.out, /\n3 runs: 2 imported, 1 unfinished; 1 file of data \(76 bytes\)\n$/);
    const inFolder = (name: string): readonly string[] =>
      files().filter((path) => path.startsWith(`${name}/`))
        .map((path) => path.slice(name.length));
    for (const [at, prefix] of ["./", "runs/", "./runs/"].entries()) {
      await write("a.tar", archive(prefix));
      await write("b.tar.gz", await gzip(archive(prefix)));
      for (const name of ["a.tar", "b.tar.gz"]) {
        const to = `${name}-${at}`;
        const { exit, out, err } = await call(`runs:import ${name} --runs-dir ${to}`);
        assertEquals([exit, out, err], [0, asFolder.out, ""], prefix);
        assertEquals(inFolder(to), inFolder("folder"));
        assertEquals((await call(`runs:verify --runs-dir ${to}`)).exit, 0);
      }
    }
    // At the top of an archive there is what an export writes, and nothing else.
    await write("a.tar", archive(""));
    const { exit, err } = await call("runs:import a.tar --runs-dir other");
    assertEquals(exit, 1);
    assertMatch(err, /^error: Cannot import a\.tar: entry 'registry\.db' is neither a file of a/);
  });
});
