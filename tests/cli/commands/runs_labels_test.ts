import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { withWorkspace, type Workspace } from "../workspace.ts";

/** The last letters of the ids of all runs, oldest first, however they are listed. */
function suffixes({ dir }: Workspace): readonly string[] {
  return [...Deno.readDirSync(join(dir, "runs"))].map(({ name }) => name)
    .filter((name) => /^\d{8}-/.test(name)).sort().map((name) => name.slice(-6));
}

async function shown({ call }: Workspace, reference: string) {
  return JSON.parse((await call(["runs:show", reference, "--json"])).out);
}

Deno.test("a run gets tags beside those that it has, and loses some", async () => {
  await withWorkspace(async (workspace) => {
    const { call } = workspace;
    await call("run --tag b");
    const [run] = suffixes(workspace);
    assertEquals(await call("runs:tag latest c a"), {
      exit: 0,
      out: `${run}  tags a, b, c\n`,
      err: "",
    });
    assertEquals(
      (await call(`runs:tag ${run} --tag a`)).out,
      `${run}  tags a, b, c  (as before)\n`,
    );
    assertEquals((await call("runs:untag latest a c x")).out, `${run}  tags b\n`);
    assertEquals((await call("runs:untag latest b")).out, `${run}  no tags\n`);
    assertEquals((await shown(workspace, "latest")).tags, []);
    const json = JSON.parse((await call(["runs:tag", "latest", "x y", "--json"])).out);
    assertEquals(json, {
      schema: 1,
      total: 1,
      runs: [{
        id: json.runs[0].id,
        changed: true,
        name: null,
        tags: ["x y"],
        note: null,
        deleted_at: null,
        labels_at: json.runs[0].labels_at,
      }],
    });
  });
});

Deno.test("several runs are tagged with --tag, and none is taken for a tag", async () => {
  await withWorkspace(async (workspace) => {
    const { call } = workspace;
    for (let run = 0; run < 3; run++) await call("run");
    const [a, b, c] = suffixes(workspace);
    for (
      const words of [`runs:tag ${a} ${b} x`, `runs:tag ${a} x latest~1`, `runs:untag ${a} ${b}`]
    ) {
      const { exit, out, err } = await call(words);
      assertEquals([exit, out], [2, ""]);
      assertMatch(err, /^error: Cannot tell whether '.*' is a tag: it names a run\nhint: Several/);
    }
    assertEquals((await shown(workspace, a!)).tags, []);
    const { out } = await call(`runs:tag ${a} ${b} ${a} --tag x --tag ${c}`);
    assertEquals(
      out,
      `${a}  tags ${[c, "x"].sort().join(", ")}\n${b}  tags ${[c, "x"].sort().join(", ")}\n`,
    );
    assertEquals((await shown(workspace, c!)).tags, []);
    // One that is not there keeps the others from being tagged.
    assertEquals((await call(`runs:tag ${c} zzzzzz --tag y`)).exit, 2);
    assertEquals((await shown(workspace, c!)).tags, []);
    const none = await call("runs:tag latest");
    assertEquals([none.exit, none.out], [2, ""]);
    assertMatch(none.err, /^error: Expected a tag after 'latest', got nothing\n/);
    for (const words of [[" "], ["x", ""], ["--tag", " "], ["--tag=x", "--tag", " "]]) {
      const { exit, err } = await call(["runs:tag", "latest", ...words]);
      assertEquals(exit, 2);
      assertMatch(err, /^error: Cannot use the tag ' ?': it is empty\n/);
    }
  });
});

Deno.test("a run is named and loses its name", async () => {
  await withWorkspace(async (workspace) => {
    const { call } = workspace;
    await call("run --name first");
    const [run] = suffixes(workspace);
    const hostile = "\u001b[31m\u202e=1+1";
    const named = await call(["runs:name", "latest", hostile]);
    assertEquals(named, { exit: 0, out: `${run}  name \\u{1b}[31m\\u{202e}=1+1\n`, err: "" });
    assertEquals((await shown(workspace, "latest")).name, hostile);
    assertEquals((await call("runs:name latest --remove")).out, `${run}  no name\n`);
    for (const words of [["latest"], ["latest", ""], ["latest", "x", "--remove"]]) {
      assertEquals((await call(["runs:name", ...words])).exit, 2, words.join());
    }
    assertEquals((await shown(workspace, "latest")).name, null);
  });
});

Deno.test("a note is written from words or standard input, shown whole, and taken away", async () => {
  await withWorkspace(async (workspace) => {
    const { call } = workspace;
    await call("run");
    const [run] = suffixes(workspace);
    assertEquals(await call("runs:note latest"), { exit: 0, out: "", err: "There is no note.\n" });
    assertEquals(
      (await call(["runs:note", "latest", "é"])).out,
      `${run}  note of 1 character\n`,
    );
    const text = Array.from({ length: 30 }, (_, line) => `line ${line}\t\u202e`).join("\n");
    const written = await call(["runs:note", "latest", "-"], { stdin: `${text}\n` });
    assertEquals(written.exit, 0);
    assertEquals((await shown(workspace, "latest")).note, text);
    const { out } = await call("runs:note latest");
    assertEquals(out.split("\n").length, 31);
    assert(out.startsWith("line 0\\t\\u{202e}\nline 1"), out);
    const page = await call("runs:show latest");
    assertMatch(page.out, / note +│ line 0\\t\\u\{202e\}\n +│ line 1\\t/);
    assertMatch(page.out, /\n +… 10 lines more\n/);
    const large = "0123456789abcdef".repeat(1 << 16);
    assertEquals((await call(["runs:note", "latest", "-"], { stdin: large })).exit, 0);
    assertEquals(JSON.parse((await call("runs:note latest --json")).out).note, large);
    const refused: readonly (string | Uint8Array)[] = ["", "\n", Uint8Array.of(0xff)];
    for (const stdin of refused) {
      assertEquals((await call(["runs:note", "latest", "-"], { stdin })).exit, 2);
    }
    assertEquals((await shown(workspace, "latest")).note, large);
    assertEquals((await call("runs:note latest --remove")).out, `${run}  no note\n`);
    assertEquals((await shown(workspace, "latest")).note, null);
    assertEquals((await call("runs:note latest x --remove")).exit, 2);
  });
});

Deno.test("runs are deleted after a question, and not without an answer", async () => {
  await withWorkspace(async (workspace) => {
    const { call } = workspace;
    await call("run --name first");
    await call("run");
    const [first, second] = suffixes(workspace);
    const unasked = await call(`runs:delete ${first}`);
    assertEquals([unasked.exit, unasked.out], [2, ""]);
    assertMatch(unasked.err, new RegExp(`^${first}  2026-11-23 .*  rolling-mean  first\nerror: `));
    assert(unasked.err.endsWith("hint: To do it without being asked: --yes.\n"));
    for (const stdin of ["", "\n", "n\n", "yesterday\n"]) {
      const { exit, out, err } = await call(`runs:delete ${first}`, { stdin, isTerminal: true });
      assertEquals([exit, out], [1, ""]);
      assert(err.endsWith("Delete 1 run? [y/N] Nothing was done.\n"), err);
    }
    assertEquals((await shown(workspace, first!)).deleted_at, null);
    const yes = await call(`runs:delete ${first}`, { stdin: "y\n", isTerminal: true });
    assertEquals([yes.exit, yes.out], [0, `${first}  deleted\n`]);
    assert((await shown(workspace, first!)).deleted_at !== null);
    assertMatch((await call(`runs:show ${first}`)).out, /\n +deleted +2026-11-23 /);
    // Nothing to ask about.
    const again = await call(`runs:delete ${first}`);
    assertEquals([again.exit, again.out], [0, `${first}  deleted  (as before)\n`]);
    assertEquals((await call(`runs:delete ${second} --yes`)).exit, 0);
    assertEquals((await call("runs:show latest")).exit, 2, "no run is the latest");
    assertEquals((await call("runs:verify")).exit, 0);
    assertEquals((await call("runs:delete")).exit, 2);
  });
});

Deno.test("a deleted run is no measure for others until it is restored", async () => {
  await withWorkspace(async (workspace) => {
    const { call } = workspace;
    await call("run");
    const [first] = suffixes(workspace);
    await call(`runs:delete ${first} --yes`);
    assert(!(await call("run")).out.includes("reproduces"));
    const [, second] = suffixes(workspace);
    const restored = await call(`runs:restore ${first}`);
    assertEquals(restored, { exit: 0, out: `${first}  not deleted\n`, err: "" });
    assertEquals((await call(`runs:restore ${first}`)).out, `${first}  not deleted  (as before)\n`);
    assertMatch((await call("run")).out, new RegExp(`reproduces +${first}`));
    await call(`runs:delete ${first} --yes`);
    assertMatch((await call("run --if-new")).out, new RegExp(second!));
    const reproduced = await call(`runs:reproduce ${first}`);
    assertMatch(reproduced.out, /identical/);
  });
});

Deno.test("runs that fit an expression are tagged, deleted and restored together", async () => {
  await withWorkspace(async (workspace) => {
    const { call } = workspace;
    for (const window of [2, 3, 4]) await call(`run --set window=${window}`);
    const [a, b, c] = suffixes(workspace);
    const where = (words: string, expression: string) =>
      call([...words.split(" "), "--where", expression]);
    assertEquals(
      (await where("runs:tag --tag wide", "window > 2")).out,
      `${b}  tags wide\n${c}  tags wide\n`,
    );
    assertEquals((await where("runs:untag --tag wide", "window = 4")).out, `${c}  no tags\n`);
    assertEquals(
      (await where("runs:delete --yes", "not tag = wide")).out,
      `${a}  deleted\n${c}  deleted\n`,
    );
    assertEquals(
      (await where("runs:delete --yes", "not tag = wide")).err,
      "There is nothing to delete.\n",
    );
    assertEquals((await where("runs:restore", "window = 4")).out, `${c}  not deleted\n`);
    assertEquals((await call("runs:list --json")).out.match(/"id"/g)!.length, 2);
    assertEquals((await call("runs:list --deleted --json")).out.match(/"id"/g)!.length, 1);
    for (const words of [`runs:delete ${a}`, `runs:tag ${a} --tag x`, "runs:tag x"]) {
      assertEquals((await where(words, "window = 4")).exit, 2, words);
    }
    assertEquals((await where("runs:delete --yes", "windw = 4")).exit, 2);
    assertEquals((await call(`runs:delete --crashed ${b} --yes`)).exit, 2);
  });
});

Deno.test("runs that crashed are deleted together", async () => {
  await withWorkspace(async (workspace) => {
    const { call, dir } = workspace;
    await call("run");
    await call("run");
    const none = await call("runs:delete --crashed --yes");
    assertEquals(none, { exit: 0, out: "", err: "There is nothing to delete.\n" });
    const [first] = suffixes(workspace);
    const directory = (await shown(workspace, first!)).directory.replace("$DIR", dir);
    await Deno.remove(join(directory, "manifest.json"));
    await Deno.remove(join(dir, "runs/registry.db"));
    await call("runs:verify --repair");
    assertEquals((await call("runs:delete --crashed --yes")).out, `${first}  deleted\n`);
    assertEquals((await call("runs:delete --crashed --yes")).out, "");
    assertMatch((await call("runs:verify")).out, /2 runs: 1 intact, 1 crashed/);
  });
});

Deno.test("without a registry there is nothing to label", async () => {
  await withWorkspace(async ({ call, files }) => {
    const before = files();
    for (const words of ["tag x y", "untag x y", "name x y", "note x y", "delete x", "restore x"]) {
      const { exit, err } = await call(`runs:${words}`);
      assertEquals(exit, 2);
      assertMatch(err, /^error: There is no registry at /);
    }
    assertEquals(files(), before);
  });
});
