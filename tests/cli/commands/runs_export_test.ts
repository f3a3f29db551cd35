import { assert, assertEquals, assertMatch } from "@std/assert";
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Output } from "../../../lib/host.ts";
import { streamArchive } from "../../../lib/transfer/archive_file.ts";
import { refusalOf } from "../../bars/refusal.ts";
import { withWorkspace, type Workspace } from "../workspace.ts";

/** Names and sizes of the entries of a plain archive. */
function entriesOf(archive: Uint8Array): readonly (readonly [name: string, bytes: number])[] {
  const text = (from: number, length: number): string =>
    new TextDecoder().decode(archive.subarray(from, from + length)).replace(/\0.*$/s, "");
  const entries: [string, number][] = [];
  for (let at = 0; text(at, 100) !== "";) {
    const bytes = Number.parseInt(text(at + 124, 12), 8);
    entries.push([text(at, 100), bytes]);
    at += 512 + Math.ceil(bytes / 512) * 512;
  }
  return entries;
}

/** The bytes of a gzip file, unpacked. */
async function unzipped(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Ids of the run directories, oldest first. */
function ids({ dir }: Workspace): readonly string[] {
  return [...Deno.readDirSync(join(dir, "runs"))].map(({ name }) => name)
    .filter((name) => /^\d{8}-/.test(name)).sort();
}

Deno.test("an archive holds what the manifests list, and the manifests, in the order of names", async () => {
  await withWorkspace(async (workspace) => {
    const { call, dir } = workspace;
    await call("run");
    await call("run --set signals=none");
    const { exit, out, err } = await call("runs:export --all -o a.tar.gz");
    assertEquals([exit, err], [0, ""]);
    assertMatch(
      out,
      /^exported {2}2 runs \(9 files\)\narchive {3}a\.tar\.gz \(\d+ bytes\)\nnext {6}deno task runs:import a\.tar\.gz\n$/,
    );
    const entries = entriesOf(await unzipped(await Deno.readFile(join(dir, "a.tar.gz"))));
    const [first, second] = ids(workspace);
    assertEquals(entries.map(([name]) => name), [
      ...["config.yaml", "manifest.json", "metrics.json", "run.log", "signals.csv"]
        .map((name) => `${first}/${name}`),
      ...["config.yaml", "manifest.json", "metrics.json", "run.log"]
        .map((name) => `${second}/${name}`),
    ]);
    for (const [name, bytes] of entries) {
      assertEquals((await Deno.stat(join(dir, "runs", name))).size, bytes);
    }
  });
});

Deno.test("equal runs make equal archives, however they are named, and a name that ends in .tar a plain one", async () => {
  await withWorkspace(async (workspace) => {
    const { call, dir } = workspace;
    await call("run");
    await call("run --set window=2");
    const [first, second] = ids(workspace);
    await call("runs:export --all --with-data -o a.tar.gz");
    const named = await call(
      `runs:export ${second} ${first} latest --with-data --json -o b.tar.gz`,
    );
    const a = await Deno.readFile(join(dir, "a.tar.gz"));
    assertEquals(await Deno.readFile(join(dir, "b.tar.gz")), a);
    assertEquals(JSON.parse(named.out), {
      schema: 1,
      file: "$DIR/b.tar.gz",
      runs: [first, second],
      files: 10,
      data_files: 1,
      without_data: [],
      skipped: [],
      bytes: a.length,
      sha256: `sha256:${createHash("sha256").update(a).digest("hex")}`,
    });
    await call("runs:export --where window<=2 --json -o d.tar");
    const fitting = entriesOf(await Deno.readFile(join(dir, "d.tar")));
    assertEquals(new Set(fitting.map(([name]) => name.split("/")[0])), new Set([second]));
    await call("runs:export --all --with-data -o c.tar");
    assertEquals(await Deno.readFile(join(dir, "c.tar")), await unzipped(a));
    const piped = await call("runs:export --all --with-data -o -");
    assertEquals([piped.exit, piped.out, piped.bytes], [0, "", a]);
    assertMatch(piped.err, /^archive {3}standard output/m);
  });
});

Deno.test("kept data of a series is the list and its files; what was not kept is said", async () => {
  await withWorkspace(async ({ call, write, dir }) => {
    await write("a.csv", "time,close\n100000001,10\n100000002,11\n100000003,12\n");
    await write("b.csv", "time,close\n100000004,11\n100000005,13\n");
    await call("run --data a.csv --data b.csv");
    await call("run --set keep_data=false");
    const { out } = await call("runs:export --all --with-data -o a.tar");
    assertMatch(out, /^exported {2}2 runs \(10 files, 3 data files\)$/m);
    assertMatch(out, /^no data {3}of 1 run not all data was kept: ekrx27$/m);
    const data = entriesOf(await Deno.readFile(join(dir, "a.tar"))).map(([name]) => name)
      .filter((name) => name.startsWith("data/"));
    assertEquals(
      data,
      [...Deno.readDirSync(join(dir, "runs", "data"))]
        .map(({ name }) => `data/${name}`).sort(),
    );
  });
});

Deno.test("an archive that is there is replaced only if that is asked for", async () => {
  await withWorkspace(async ({ call, write, dir }) => {
    await call("run");
    await write("a.tar.gz", "mine");
    assertEquals(await call("runs:export latest -o a.tar.gz"), {
      exit: 2,
      out: "",
      err: "error: Cannot write the archive $DIR/a.tar.gz: it is there already\n" +
        "hint: Name another file, or replace it: --force.\n",
    });
    assertEquals(await Deno.readTextFile(join(dir, "a.tar.gz")), "mine");
    assertMatch((await call("runs:export latest -o runs --force")).err, /: it is a directory\n/);
    assertEquals((await call("runs:export latest -o a.tar.gz --force")).exit, 0);
    assert((await Deno.stat(join(dir, "a.tar.gz"))).size > 100);
  });
});

Deno.test("a run that is damaged is refused, and leaves no archive", async () => {
  await withWorkspace(async (workspace) => {
    const { call, dir } = workspace;
    await call("run");
    await call("run");
    const log = join(dir, "runs", ids(workspace)[0]!, "run.log");
    const text = await Deno.readTextFile(log);
    for (const [changed, file] of [["x" + text, "run.log"], ["x" + text.slice(1), "run.log"]]) {
      await Deno.writeTextFile(log, changed!);
      for (const output of ["a.tar.gz", "-"]) {
        const { exit, err } = await call(`runs:export --all -o ${output}`);
        assertEquals(exit, 3);
        assertEquals(
          err,
          `error: Cannot export run 7adgkp: ${file} is not as its manifest says\n` +
            "hint: Export the others without it; runs:verify 7adgkp says all that is wrong.\n",
        );
      }
    }
    assertEquals([...Deno.readDirSync(dir)].filter(({ name }) => /tar/.test(name)), []);
    assertEquals((await call("runs:export latest -o a.tar.gz")).exit, 0);
  });
});

Deno.test("a run that is running or crashed is refused by its name, and left out of all", async () => {
  await withWorkspace(async (workspace) => {
    const { call, dir } = workspace;
    await call("run");
    await call("run");
    await call("run");
    const [, second, third] = ids(workspace);
    for (const id of [second, third]) {
      await Deno.remove(join(dir, "runs", id!, "manifest.json"));
    }
    // A new registry takes them for runs that never came to an end.
    await Deno.remove(join(dir, "runs", "registry.db"));
    await call("runs:verify --repair");
    using log = await Deno.open(join(dir, "runs", third!, "run.log"), { write: true });
    await log.lock(true);
    const running = await call(`runs:export ${third} -o a.tar.gz`);
    assertEquals([running.exit, running.err], [
      2,
      "error: Cannot export run nw3ahr: it is still running\nhint: Wait until it has ended.\n",
    ]);
    const crashed = await call(`runs:export ${second} -o a.tar.gz`);
    assertEquals(crashed.exit, 2);
    assertMatch(crashed.err, /^error: Cannot export run ekrx27: it crashed, and left nothing that/);
    const all = await call("runs:export --all -o a.tar.gz");
    assertEquals(all.exit, 0);
    assertMatch(all.out, /^exported +1 run \(5 files\)$/m);
    assertMatch(all.out, /^skipped +2 runs: 1 running, 1 crashed$/m);
    // The row of one whose directory is on another machine, as a team's registry has them.
    await Deno.rename(join(dir, "runs", second!), join(dir, "moved"));
    await call("run");
    await Deno.remove(join(dir, "runs", ids(workspace).at(-1)!), { recursive: true });
    const shared = await call("runs:export --all -o b.tar.gz --json");
    assertEquals(
      JSON.parse(shared.out).skipped.map(({ reason }: { readonly reason: string }) => reason),
      ["elsewhere", "running", "crashed"],
    );
    const far = await call("runs:export latest -o c.tar.gz");
    assertEquals(far.exit, 2);
    assertMatch(far.err, /: its directory is not here\n/);
  });
});

Deno.test("what to export and where to is asked for", async () => {
  await withWorkspace(async ({ call }) => {
    const none = await call("runs:export --all -o a.tar");
    assertMatch(none.err, /^error: There is no registry at /);
    await call("run");
    for (
      const [words, error] of [
        ["runs:export latest", "Expected the archive to write"],
        ["runs:export -o a.tar", "Expected runs, --where or --all"],
        ["runs:export latest --all -o a.tar", "Cannot use both --all and a run"],
        ["runs:export latest --where id=1 -o a.tar", "Cannot use both --where and a run"],
        ["runs:export --where windo=1 -o a.tar", "Unknown"],
        ["runs:export --where window=1 -o a.tar", "There is no run to export"],
        ["runs:export latest --json -o -", "Cannot print both an archive and JSON"],
        ["runs:export nope -o a.tar", "Cannot find run 'nope'"],
      ] as const
    ) {
      const { exit, err } = await call(words);
      assertEquals([exit, err.split("\n")[0]!.startsWith(`error: ${error}`)], [2, true], err);
    }
    const terminal = await call("runs:export latest -o -", { isTerminal: true });
    assertEquals(terminal.exit, 2);
    assertMatch(terminal.err, /Cannot write an archive to a terminal/);
  });
});

Deno.test("that nobody reads an archive any more is not blamed on the disk", async () => {
  const stream = (error: Error) => () => {
    const stdout = {
      writeBytes: () => {
        throw error;
      },
    } as unknown as Output;
    return streamArchive(stdout, ReadableStream.from([new Uint8Array(1)]));
  };
  const closed = await refusalOf(stream(new Deno.errors.BrokenPipe("Broken pipe")));
  assertMatch(closed.hint!, /^The program that reads it has ended/);
  assertMatch((await refusalOf(stream(new Error("full")))).hint!, /^Is the disk full\?/);
});
