import { assert, assertEquals } from "@std/assert";
import { createClient } from "@libsql/client/sqlite3";
import { join } from "node:path";
import { manifestJson } from "../../lib/store/manifest.ts";
import { registryLocation } from "../../lib/registry/location.ts";
import type { StorableRun } from "../../lib/registry/store.ts";
import { sha256Of } from "../run/complete.ts";
import { withWorkspace } from "../cli/workspace.ts";
import { printableLines } from "../../lib/quote.ts";
import { withAudited, wrongOf } from "./audited.ts";

/** Root may read anything, so that a test of permissions says nothing. */
const ROOT = Deno.build.os !== "windows" && Deno.uid() === 0;
const POSIX = Deno.build.os !== "windows";

/** JSON that is nested deeper than a stack. */
const DEEP = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;

Deno.test("whatever is in a file of a run, it ends in findings", async () => {
  const texts: readonly string[] = [
    "",
    "\0",
    "null",
    "[]",
    '"text"',
    "{",
    "\ufeff{}",
    '{"__proto__": 1, "constructor": {"prototype": 1}}',
    '{"schema": 1, "run": null}',
    '{"schema": 1, "run": {"status": "finished"}}',
    "a: &a [*a, *a]\nb: *a",
    DEEP,
    `{"a": ${DEEP}}`,
    "x".repeat(17 << 20),
    "timestamp,close,signal\n1,2,3\n",
    '"'.repeat(99),
  ];
  await withAudited(async ({ run, verify }) => {
    const { directory } = (await run()).run;
    for (const { name } of Deno.readDirSync(directory)) {
      const path = join(directory, name);
      const bytes = await Deno.readFile(path);
      for (const text of texts) {
        await Deno.writeTextFile(path, text);
        const found = wrongOf(await verify());
        assert(found.some((line) => line.includes(name)), `${name}: ${text.slice(0, 40)}`);
      }
      await Deno.writeFile(path, Uint8Array.of(0xff, 0xfe, 0x80));
      assert(wrongOf(await verify()).length > 0, name);
      await Deno.writeFile(path, bytes);
    }
    assertEquals(wrongOf(await verify()), []);
  });
});

Deno.test("whatever a manifest says of a run, it ends in findings", async () => {
  await withAudited(async ({ run, verify, repair }) => {
    const first = (await run({ tags: ["a"] })).run;
    const path = join(first.directory, "manifest.json");
    const text = await Deno.readTextFile(path);
    const values = [null, 0, "", [], {}, [null], { x: { y: [1] } }, "\ud800\0\u202e", 1e400, true];
    for (const key of Object.keys(first)) {
      for (const value of values) {
        if (JSON.stringify(first[key as keyof StorableRun]) === JSON.stringify(value)) continue;
        const run = { ...first, [key]: value } as StorableRun;
        await Deno.writeTextFile(path, manifestJson(run));
        assert(wrongOf(await verify()).length > 0, `${key}: ${JSON.stringify(value)}`);
      }
    }
    await Deno.writeTextFile(path, manifestJson({ ...first, more: 1 } as StorableRun));
    assertEquals(wrongOf(await verify()), ["0 manifest.json more unexpected"]);
    await Deno.writeTextFile(path, text.replace('"schema"', '"more": 1, "schema"'));
    assertEquals(wrongOf(await verify()).length, 1);
    await Deno.writeTextFile(path, text);
    assertEquals((await repair()).repairs, []);
  });
});

Deno.test({
  name: "nothing is followed out of a run directory",
  ignore: !POSIX,
  async fn() {
    await withAudited(async (audited) => {
      const { run } = await audited.run();
      // The very bytes that are wanted, but elsewhere.
      for (const { name } of [...Deno.readDirSync(run.directory)]) {
        const path = join(run.directory, name);
        const outside = audited.path(name);
        await Deno.rename(path, outside);
        await Deno.symlink(outside, path);
        const found = wrongOf(await audited.verify());
        assert(found.includes(`0 ${name} differs`), `${name}: ${found}`);
        await Deno.remove(path);
        await Deno.mkdir(path);
        assert(wrongOf(await audited.verify()).includes(`0 ${name} differs`), name);
        await Deno.remove(path);
        await Deno.rename(outside, path);
      }
      const outside = audited.path("outside");
      await Deno.rename(run.directory, outside);
      await Deno.symlink(outside, run.directory);
      assertEquals(wrongOf(await audited.verify()), ["0 directory differs"]);
      await Deno.remove(run.directory);
      await Deno.writeTextFile(run.directory, "");
      assertEquals(wrongOf(await audited.verify()), ["0 directory differs"]);
      await Deno.remove(audited.registryPath);
      assertEquals(wrongOf(await audited.repair()), ["0 directory differs", "0 row missing"]);
    });
  },
});

Deno.test("a list of files cannot lead out of a run directory", async () => {
  await withAudited(async (audited) => {
    const { run } = await audited.run();
    const bytes = await Deno.readFile(audited.path("data.csv"));
    for (
      const path of ["../../data.csv", audited.path("data.csv"), "..", ".", "", "a/../run.log"]
    ) {
      const artifact = { path, sha256: sha256Of(bytes), bytes: bytes.length };
      const forged = { ...run, artifacts: [artifact, ...run.artifacts] };
      await Deno.writeTextFile(join(run.directory, "manifest.json"), manifestJson(forged));
      await Deno.remove(audited.registryPath);
      const found = wrongOf(await audited.repair());
      assertEquals(found, ["0 manifest.json artifacts malformed"], path);
    }
  });
});

Deno.test({
  name: "a pipe in place of a file keeps nobody waiting",
  ignore: !POSIX,
  async fn() {
    await withAudited(async (audited) => {
      const { run } = await audited.run();
      for (const name of ["run.log", "manifest.json"]) {
        await Deno.remove(join(run.directory, name));
        const { code } = await new Deno.Command("mkfifo", { args: [join(run.directory, name)] })
          .output();
        assertEquals(code, 0);
        assert(wrongOf(await audited.verify()).includes(`0 ${name} differs`));
      }
      await Deno.remove(audited.registryPath);
      assertEquals(wrongOf(await audited.repair()), ["0 manifest.json differs"]);
    });
  },
});

Deno.test({
  name: "what cannot be read is a finding (needs not to be root)",
  ignore: ROOT || !POSIX,
  async fn() {
    await withAudited(async (audited) => {
      const { run } = await audited.run();
      for (const { name } of Deno.readDirSync(run.directory)) {
        await Deno.chmod(join(run.directory, name), 0o000);
        assert(wrongOf(await audited.verify()).some((line) => /unreadable/.test(line)), name);
        await Deno.chmod(join(run.directory, name), 0o644);
      }
      await Deno.chmod(run.directory, 0o000);
      assert(wrongOf(await audited.verify()).some((line) => /unreadable/.test(line)));
      await Deno.chmod(run.directory, 0o755);
    });
  },
});

Deno.test("hostile text from files and rows reaches no terminal as it is", async () => {
  const hostile = "a\u001b[2J\u009b31m\u202e\u200b\u0007\r\nb";
  await withWorkspace(async ({ call, dir }) => {
    await call(["run", "--name", hostile, "--tag", hostile]);
    const id = [...Deno.readDirSync(join(dir, "runs"))].find(({ name }) => /^\d{8}-/.test(name))!
      .name;
    await Deno.writeTextFile(join(dir, "runs", id, `${hostile}.tmp`), "");
    const location = registryLocation(join(dir, "runs/registry.db"), "/");
    const client = createClient({ url: location.url, concurrency: 1 });
    await client.execute({
      sql: "UPDATE runs SET name = ?, directory = directory || '/' || ?",
      args: [hostile + "x", hostile],
    });
    client.close();
    for (const words of ["runs:verify", "runs:verify --verbose", "runs:verify --json"]) {
      const { exit, out, err } = await call(words);
      assertEquals([exit, err], [3, ""]);
      assertEquals(printableLines(out), out, words);
    }
    assertEquals((await call("runs:verify --repair")).exit, 3);
    for (const words of ["runs:verify --repair", "runs:show latest", "runs:list"]) {
      const { out } = await call(words);
      assertEquals(printableLines(out), out, words);
    }
  });
});
