import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { keepDataFile, keptDataFolder, keptDataPath } from "../../lib/store/kept_data.ts";
import { KeptDataHold } from "../../lib/store/kept_data_hold.ts";
import type { RunOutcome } from "../../lib/run/publish.ts";
import { refusalOf } from "../bars/refusal.ts";
import { inputOf } from "../fake_host.ts";
import { assertComplete, sha256Of } from "../run/complete.ts";
import { sigrun } from "../run/sigrun_process.ts";
import { DATA, PROGRAM, withWorkspace, type Workspace } from "../run/workspace.ts";

const BYTES = new TextEncoder().encode(DATA);

/** Names of the kept files of a workspace. */
function kept({ path }: Workspace): readonly string[] {
  try {
    return [...Deno.readDirSync(path("runs/data"))].map(({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function hex({ run }: RunOutcome): string {
  return run.hashes.data!.slice("sha256:".length);
}

function logOf({ run }: RunOutcome): Promise<string> {
  return Deno.readTextFile(join(run.directory, "run.log"));
}

Deno.test("data is kept once for each hash", async () => {
  await withWorkspace(async (workspace) => {
    const first = await workspace.run();
    assertEquals(kept(workspace), [hex(first)]);
    const copy = keptDataPath(workspace.path("runs"), first.run.hashes.data!);
    assertEquals(copy, workspace.path(`runs/data/${hex(first)}`));
    assertEquals(await Deno.readTextFile(copy), DATA);
    const before = await Deno.stat(copy);
    await workspace.write("copy.csv", DATA);
    for (const path of ["data.csv", "copy.csv"].map(workspace.path)) {
      assertMatch(await logOf(await workspace.run({ data: [path] })), / msg="data kept" path=/);
    }
    const after = await Deno.stat(copy);
    assertEquals([after.ino, after.mtime], [before.ino, before.mtime], "it was not written again");
    await workspace.write("data.csv", DATA.replace("13", "14"));
    const other = await workspace.run();
    assertEquals(kept(workspace), [hex(first), hex(other)].sort());
    await assertComplete(other.run);
  });
});

Deno.test("a change of the data in place does not reach what was kept", async () => {
  await withWorkspace(async (workspace) => {
    const { run } = await workspace.run();
    const copy = keptDataPath(workspace.path("runs"), run.hashes.data!);
    using file = await Deno.open(workspace.path("data.csv"), { write: true });
    await file.write(new TextEncoder().encode("XXXX"));
    assertEquals(await Deno.readTextFile(copy), DATA);
    assertEquals((await Deno.stat(copy)).nlink, 1);
  });
});

Deno.test("keep_data says whether data is kept, and up to which size", async () => {
  const cases: [value: string, isKept: boolean][] = [
    ["true", true],
    ["false", false],
    [String(BYTES.length), true],
    [String(BYTES.length - 1), false],
    ["0", false],
    ["1kB", true],
    ["0.01KiB", false],
  ];
  for (const [value, isKept] of cases) {
    await withWorkspace(async (workspace) => {
      const outcome = await workspace.run({ set: [`keep_data=${value}`] });
      assertEquals([outcome.exitCode, outcome.error], [0, undefined]);
      assertEquals(kept(workspace), isKept ? [hex(outcome)] : [], value);
      const log = await logOf(outcome);
      assertEquals(log.includes('msg="data kept"'), isKept);
      const line = ` msg="data not kept, only its hash" path=${workspace.path("data.csv")} ` +
        `bytes=${BYTES.length} hash=${outcome.run.hashes.data} ` +
        `reason="larger than keep_data: ${value}"\n`;
      assertEquals(log.includes(line), !isKept && value !== "false", log);
      assertEquals(String(outcome.run.config?.keep_data), value);
    });
  }
});

Deno.test("a run with and one without kept data are held against each other", async () => {
  await withWorkspace(async (workspace) => {
    const first = await workspace.run({ set: ["keep_data=false"] });
    const second = await workspace.run({ set: ["keep_data=true"] });
    assertEquals(second.run.hashes, first.run.hashes);
    assertEquals(second.reproduction, { of: first.run.id, identical: true });
  });
});

Deno.test("nothing is kept under a hash that is not its own", async () => {
  await withWorkspace(async (workspace) => {
    const path = workspace.path("data.csv");
    const runsDir = workspace.path("runs");
    const file = { path, hash: sha256Of(BYTES), bytes: BYTES.length };
    using hold = new KeptDataHold(keptDataFolder(runsDir));
    await workspace.write("data.csv", DATA.replace("13", "14"));
    const changed = { kept: false, reason: "it changed since it was read" };
    assertEquals(await keepDataFile(file, runsDir, { hold }), changed as never);
    await Deno.remove(path);
    assertEquals(await keepDataFile(file, runsDir, { hold }), {
      kept: false,
      reason: "it is gone",
    });
    assertEquals(kept(workspace), []);
    // A damaged copy of another size is replaced.
    await workspace.write("data.csv", DATA);
    const copy = keptDataPath(runsDir, file.hash);
    await workspace.write(`runs/data/${file.hash.slice(7)}`, "x");
    assertEquals(await keepDataFile(file, runsDir, { hold }), { kept: true, path: copy });
    assertEquals(await Deno.readTextFile(copy), DATA);
    assertEquals(kept(workspace), [file.hash.slice(7)]);
  });
});

Deno.test("of a series each file is kept, and the list of them that its hash is of", async () => {
  await withWorkspace(async (workspace) => {
    const rows = DATA.split("\n");
    const first = await workspace.write("a.csv", `${rows.slice(0, 3).join("\n")}\n`);
    const second = await workspace.write("b.csv", [rows[0], ...rows.slice(3)].join("\n"));
    const outcome = await workspace.run({ data: [second, first] });
    assertEquals(outcome.error, undefined);
    const hashes = await Promise.all(
      [first, second].map(async (path) => sha256Of(await Deno.readFile(path))),
    );
    assertEquals(kept(workspace), [...hashes.map((hash) => hash.slice(7)), hex(outcome)].sort());
    const sizes = [first, second].map((path) => Deno.statSync(path).size);
    assertEquals(
      await Deno.readTextFile(workspace.path(`runs/data/${hex(outcome)}`)),
      `${hashes[0]} ${sizes[0]}\n${hashes[1]} ${sizes[1]}\n`,
    );
    const { run } = await workspace.run({ data: [first, second], set: ["keep_data=1"] });
    assertEquals(run.hashes.data, outcome.run.hashes.data);
  });
});

Deno.test("what came from standard input is not kept", async () => {
  await withWorkspace(async (workspace) => {
    // A file of that name is none of the run's.
    await workspace.write("-", DATA);
    const outcome = await workspace.run({ data: ["-"], machine: { stdin: inputOf(DATA) } });
    assertEquals([outcome.error, kept(workspace)], [undefined, []]);
    assertMatch(await logOf(outcome), / msg="data not kept, .* reason="standard input"\n/);
  });
});

Deno.test({
  name: "what is no regular file is not kept, and the log says so",
  ignore: Deno.build.os === "windows",
  async fn() {
    await withWorkspace(async (workspace) => {
      const pipe = workspace.path("pipe");
      assert((await new Deno.Command("mkfifo", { args: [pipe] }).output()).success);
      const writing = (async () => {
        using opened = await Deno.open(pipe, { write: true });
        await opened.write(BYTES);
      })();
      const outcome = await workspace.run({ data: [pipe] });
      await writing;
      assertEquals([outcome.exitCode, kept(workspace)], [0, []]);
      assertMatch(await logOf(outcome), / msg="data not kept, .* reason="no regular file"\n/);
    });
  },
});

Deno.test({
  name: "a copy can be written whatever the mode of the data, and is as private as that",
  ignore: Deno.build.os === "windows",
  async fn() {
    for (const [mode, copied] of [[0o400, 0o600], [0o444, 0o644], [0o640, 0o640]] as const) {
      await withWorkspace(async (workspace) => {
        await Deno.chmod(workspace.path("data.csv"), mode);
        const { run } = await workspace.run();
        const copy = await Deno.stat(keptDataPath(workspace.path("runs"), run.hashes.data!));
        assertEquals(copy.mode! & 0o777, copied);
      });
    }
  },
});

Deno.test("a copy that cannot be written fails the run, and says what to do", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.write("runs/data", "a file in the way");
    const { run, error, exitCode } = await workspace.run();
    assertEquals([exitCode, run.status, error?.code], [1, "failed", "runs_dir_unusable"]);
    assertMatch(error!.message, /^Cannot keep a copy of .*data\.csv: /);
    assertMatch(error!.hint!, /--set keep_data=false/);
    await assertComplete(run);
    assertEquals((await workspace.run({ set: ["keep_data=false"] })).exitCode, 0);
    const runsDir = workspace.path("runs");
    using hold = new KeptDataHold(keptDataFolder(runsDir));
    const file = { path: workspace.path("data.csv"), hash: sha256Of(BYTES), bytes: 1 };
    assertEquals(
      (await refusalOf(() => keepDataFile(file, runsDir, { hold }))).code,
      "runs_dir_unusable",
    );
  });
});

Deno.test("two runs at once keep one copy", async () => {
  await withWorkspace(async (workspace) => {
    await Deno.copyFile(join(PROGRAM, "data.csv"), workspace.path("data.csv"));
    const ended = await Promise.all(
      Array.from({ length: 4 }, () => sigrun(["run", "--json"], { cwd: workspace.dir })),
    );
    assertEquals(ended.map(({ code, err }) => [code, err]), ended.map(() => [0, ""]));
    const [hash] = ended.map(({ out }) => JSON.parse(out).hashes.data as string);
    assertEquals(kept(workspace), [hash!.slice(7)]);
    assertEquals(
      sha256Of(await Deno.readFile(workspace.path(`runs/data/${hash!.slice(7)}`))),
      hash,
    );
  });
});
