/**
 * Archives as an attacker, a broken connection or a wrong program would make
 * them: each is refused with the name of the entry, and nothing is left behind.
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { printableLines } from "../../lib/quote.ts";
import { type Called, withWorkspace, type Workspace } from "../cli/workspace.ts";
import { concat, entriesOf, type Entry, gzip, latin1, tar } from "./tar_archive.ts";

/** A workspace with a run in `runs`, and imports into `other`. */
interface Hostile extends Workspace {
  /** The id of the run. */
  readonly id: string;
  /** Its files as entries. */
  readonly entries: readonly Entry[];
  /** Imports an archive, or tries to. */
  import(archive: Uint8Array, words?: string): Promise<Called>;
  /** Asserts that an archive is refused with this message, and leaves nothing. */
  refused(archive: Uint8Array, message: string | RegExp): Promise<void>;
}

function withHostile(use: (hostile: Hostile) => Promise<void>): Promise<void> {
  return withWorkspace(async (workspace) => {
    const { call, dir, write } = workspace;
    await call("run");
    const id = [...Deno.readDirSync(join(dir, "runs"))].map(({ name }) => name)
      .find((name) => /^\d{8}-/.test(name))!;
    const importArchive = async (archive: Uint8Array, words = ""): Promise<Called> => {
      await write("a.tar", archive);
      return await call(`runs:import a.tar --runs-dir other ${words}`.trim());
    };
    await use({
      ...workspace,
      id,
      entries: entriesOf(join(dir, "runs", id)),
      import: importArchive,
      async refused(archive, message) {
        const before = workspace.files();
        const { exit, out, err } = await importArchive(archive);
        assertEquals(out, "");
        assert(exit === 1 || exit === 3, `exit ${exit}: ${err}`);
        const line = err.split("\n")[0]!;
        if (typeof message === "string") assertStringIncludes(line, message);
        else assertMatch(line, message);
        assertEquals(printableLines(err), err);
        const after = workspace.files().filter((path) => path !== "a.tar");
        assertEquals(after, before.filter((path) => path !== "a.tar"), "nothing is left behind");
      },
    });
  });
}

Deno.test("the entries of these tests are an archive that is imported, were it not for one of them", async () => {
  await withHostile(async ({ entries, id, call, import: importArchive }) => {
    const folder = { name: `${id}/`, type: "5" };
    const { exit, out } = await importArchive(tar([folder, ...entries]));
    assertEquals([exit, out], [
      0,
      "RUN     OUTCOME   DETAIL\n7adgkp  imported\n\n1 run: 1 imported\n",
    ]);
    assertEquals((await call("runs:verify --runs-dir other")).exit, 0);
  });
});

Deno.test("entries that would leave their folder are refused", async () => {
  await withHostile(async ({ entries, id, refused }) => {
    for (
      const [name, reason] of [
        ["/etc/passwd", "has an absolute path"],
        [`/${id}/run.log`, "has an absolute path"],
        ["C:/run.log", "has an absolute path"],
        [`../${id}/run.log`, "has .. in its path"],
        [`${id}/../../run.log`, "has .. in its path"],
        [`${id}/..`, "has .. in its path"],
        [`data/../${id}`, "has .. in its path"],
        [`${id}\\..\\x`, "has a backslash in its name"],
        [`..\\x`, "has a backslash in its name"],
        [`${id}//x`, "is neither a file of a run nor kept data"],
        [`${id}/a/b`, "is neither a file of a run nor kept data"],
        [id, "is neither a file of a run nor kept data"],
        ["registry.db", "is neither a file of a run nor kept data"],
        ["x/run.log", "is neither a file of a run nor kept data"],
        [`${id}/`, "is no file that a run writes"],
        [`${id}/.hidden`, "is no file that a run writes"],
        [`${id}/con.txt`, "is no file that a run writes"],
        [`${id}/run.log.`, "is no file that a run writes"],
        [`${id}/run.log:x`, "is no file that a run writes"],
        ["data/x", "is kept data without a hash for its name"],
        [`data/${"A".repeat(64)}`, "is kept data without a hash for its name"],
      ] as const
    ) {
      for (const at of [0, 3, entries.length]) {
        const quoted = `Cannot import a.tar: entry '${name}' ${reason}`;
        await refused(tar(entries.toSpliced(at, 0, { name, content: "x" })), quoted);
      }
    }
  });
});

Deno.test("in a folder of an archive nothing more is accepted, but what it leaves alone", async () => {
  await withHostile(async ({ dir, id, refused, import: importArchive }) => {
    for (const folder of ["./", "runs/"]) {
      const entries = entriesOf(join(dir, "runs", id), folder);
      for (
        const [name, reason] of [
          [`/${id}/x`, "has an absolute path"],
          [`/${folder}${id}/x`, "has an absolute path"],
          [`${folder}../x`, "has .. in its path"],
          [`../${folder}${id}/x`, "has .. in its path"],
          [`${folder}${id}/../../x`, "has .. in its path"],
          [`${folder}a\\..\\x`, "has a backslash in its name"],
          [`${folder}a\nb`, "has a control character in its name"],
          [`${folder}${id}/a/b`, "is neither a file of a run nor kept data"],
          [`${folder}${id}//x`, "is neither a file of a run nor kept data"],
          [`${folder}${id}`, "is neither a file of a run nor kept data"],
          [`${folder}${id}/.hidden`, "is no file that a run writes"],
          [`${folder}${id}/con.txt`, "is no file that a run writes"],
          [`${folder}${id}/run.log`, "is there twice"],
          [`${folder}${id}/RUN.log`, "is no file that a run writes"],
          [`${id}/run.log`, "is not in the same folder as the runs before it"],
        ] as const
      ) {
        const quoted = `entry '${name.replace("\n", "\\n")}' ${reason}`;
        await refused(tar([...entries, { name, content: "x" }]), quoted);
      }
      const beside = { name: `${folder}beside`, content: "x" };
      await refused(tar([...entries, beside, beside]), `entry '${folder}beside' is there twice`);
      for (const type of ["1", "2"]) {
        const link = { name: `${folder}beside`, type, link: `${id}/run.log` };
        await refused(tar([link, ...entries]), /entry '[^']+beside' is a (hard|symbolic) link$/);
      }
      const added = { name: `${folder}${id}/added`, content: "x" };
      await refused(tar([...entries, added]), "is no file that a run writes");
      const other = createHash("sha256").update("x").digest("hex");
      const wrong = { name: `${folder}data/${other}`, content: "y" };
      await refused(tar([...entries, wrong]), "is not of the hash that is its name");
      const size = await importArchive(
        tar([...entries, { ...beside, content: new Uint8Array(1 << 20) }]),
        "--max-size 1MB",
      );
      assertMatch(
        size.err,
        /entry '[^']+beside' has 1048576 bytes, more than the 1000000 that a f/,
      );
      assertEquals((await importArchive(tar([beside, ...entries]), "--dry-run")).exit, 0);
    }
  });
});

Deno.test("names with control characters, and bytes after their end, are refused", async () => {
  await withHostile(async ({ entries, id, refused }) => {
    const first = (name: string): Uint8Array => tar([{ name, content: "x" }, ...entries]);
    await refused(first(`${id}/a\0b`), `entry '${id}/a' has a NUL character in its name`);
    await refused(first(`${id}/run.log\0/../../x`), "has a NUL character in its name");
    await refused(first(`${id}/a\nerror: b`), "has a control character in its name");
    await refused(first(`${id}/\x1b[2J`), "has a control character in its name");
    await refused(first(`${id}/\x9b2J`), "has a control character in its name");
    await refused(first(`${id}/\xe2\x80\xae`), "is no file that a run writes");
    await refused(first(""), "entry '' has no name");
  });
});

Deno.test("what is no file is refused", async () => {
  await withHostile(async ({ entries, id, refused }) => {
    for (
      const [type, reason] of [
        ["1", "is a hard link"],
        ["2", "is a symbolic link"],
        ["3", "is a device"],
        ["4", "is a device"],
        ["6", "is a named pipe"],
        ["7", "is of a kind that depends on the system"],
        ["S", "is a sparse file"],
        ["L", "is a long name of GNU's form"],
        ["K", "is a long link name of GNU's form"],
        ["x", "is a PAX header"],
        ["g", "is a PAX header"],
        ["M", "continues on another volume"],
        ["V", "is a volume label"],
        ["D", "is a folder of GNU's incremental form"],
        ["Z", 'is of the unknown kind "Z"'],
        ["\x01", 'is of the unknown kind "\\u0001"'],
      ] as const
    ) {
      const entry = { name: `${id}/x`, type, link: "/etc/passwd" };
      await refused(tar([...entries, entry]), `entry '${id}/x' ${reason}`);
    }
    await refused(tar([{ name: `${id}/`, type: "5", content: "x" }]), "is a folder with content");
    const pax = { name: "PaxHeaders/x", type: "x", content: "30 path=../../../etc/cron.d/x\n" };
    await refused(tar([pax, ...entries]), "entry 'PaxHeaders/x' is a PAX header");
    const long = { name: "././@LongLink", type: "L", content: `../${"x".repeat(200)}\0` };
    await refused(tar([long, ...entries]), "entry '././@LongLink' is a long name");
    const prefixed = { name: `${id}/x`, put: { 345: "../.." } };
    await refused(tar([prefixed, ...entries]), "has a name in two parts");
  });
});

Deno.test("an entry that is there twice is refused, also where case alone tells the two apart", async () => {
  await withHostile(async ({ entries, id, refused }) => {
    const again = (name: string): Uint8Array => tar([...entries, { name, content: "x" }]);
    await refused(again(`${id}/run.log`), `entry '${id}/run.log' is there twice`);
    await refused(
      again(`${id}/RUN.log`),
      `entry '${id}/RUN.log' is no file that a run writes`,
    );
    const folder = { name: `${id}/`, type: "5" };
    await refused(tar([folder, folder, ...entries]), `entry '${id}/' is there twice`);
    // A file and then a folder of its name, and the other way round.
    await refused(
      tar([...entries, { name: `data/`, type: "5" }, { name: "data", content: "" }]),
      "entry 'data' is neither a file of a run nor kept data",
    );
  });
});

Deno.test("bombs are refused before they are unpacked", async () => {
  await withHostile(async ({ entries, id, refused, import: importArchive }) => {
    const claims = (name: string, bytes: number): Uint8Array =>
      tar([{ name, size: `${bytes.toString(8).padStart(11, "0")}\0` }], "");
    await refused(claims(`${id}/signals.csv`, 8 ** 11 - 1), "it is cut off");
    await refused(
      claims(`${id}/manifest.json`, 17 << 20),
      `entry '${id}/manifest.json' has 17825792 bytes, more than the 16777216`,
    );
    const huge = tar([{ name: `${id}/signals.csv`, size: "\x80\0\0\0\0\0\0\x10\0\0\0\0" }], "");
    await refused(huge, "has 68719476736 bytes, more than the 17179869184 that a file may have");
    const negative = tar([{ name: `${id}/signals.csv`, size: "\xff".repeat(12) }], "");
    await refused(negative, "has a size that is no number");
    const beyond = tar([{ name: `${id}/signals.csv`, size: "\x80" + "\xff".repeat(11) }], "");
    await refused(beyond, "has a size that is no number");
    const { exit, err } = await importArchive(tar(entries), "--max-size 2kB");
    assertEquals(exit, 1);
    assertMatch(
      err,
      /entry '[^']+' (has \d+ bytes, more than the 2000|brings the whole to \d+ bytes, more than the 2000 that are allowed)/,
    );
    const total = await importArchive(tar(entries), "--max-size 4kB");
    assertMatch(total.err, /brings the whole to \d+ bytes, more than the 4000 that are allowed/);
    // 80 MB of zeros are 80 kB of gzip.
    const zeros = { name: `${id}/signals.csv`, content: new Uint8Array(80 << 20) };
    await refused(
      await gzip(tar([zeros])),
      "it unpacks to more than 64 MiB and 200 times its size",
    );
    await refused(tar(entries, "\0".repeat(1024 + 512 * 3000)), "it goes on after its end");
  });
});

Deno.test("an archive that is cut off at any block is refused, as is one with more after its end", async () => {
  await withHostile(async ({ entries, refused }) => {
    const whole = tar(entries);
    const cuts = Array.from({ length: Math.floor(whole.length / 512) }, (_, at) => at * 512);
    for (const cut of [...cuts.filter((_, at) => at % 3 === 1), 1, 700, whole.length - 1]) {
      await refused(whole.subarray(0, cut), "it is cut off");
    }
    await refused(new Uint8Array(0), "it is empty");
    await refused(concat([whole, latin1("x")]), "it goes on after its end");
    await refused(concat([whole, tar(entries)]), "it goes on after its end");
    const zipped = await gzip(whole);
    for (const cut of [2, 10, zipped.length >> 1, zipped.length - 8, zipped.length - 1]) {
      await refused(zipped.subarray(0, cut), "its gzip data is damaged, cut off, or goes on");
    }
    for (const more of [latin1("x"), zipped, new Uint8Array(20_000).fill(7)]) {
      await refused(concat([zipped, more]), "its gzip data is damaged, cut off, or goes on");
    }
    const flipped = zipped.slice();
    flipped[zipped.length >> 1]! ^= 1;
    await refused(flipped, /its gzip data is damaged|is not a tar archive|differs|malformed/);
    await refused(latin1("PK\x03\x04".padEnd(600)), "it is not a tar archive, or damaged");
  });
});

Deno.test("a run whose files are not those of its manifest is refused", async () => {
  await withHostile(async ({ entries, id, refused, import: importArchive }) => {
    const text = ({ content }: Entry): string =>
      new TextDecoder().decode(content as Uint8Array<ArrayBuffer>);
    const changed = (file: string, change: (text: string) => string): Uint8Array =>
      tar(
        entries.map((entry) =>
          entry.name === `${id}/${file}` ? { ...entry, content: change(text(entry)) } : entry
        ),
      );
    const without = (file: string): Uint8Array =>
      tar(entries.filter(({ name }) => name !== `${id}/${file}`));
    const run = "Cannot import run 7adgkp of a.tar: ";
    const added = { name: `${id}/added`, content: "x" };
    await refused(tar([...entries, added]), `entry '${id}/added' is no file that a run writes`);
    await refused(without("run.log"), `${run}run.log missing`);
    await refused(without("manifest.json"), `${run}manifest.json missing`);
    await refused(
      changed("run.log", (text) => text.replace("s", "t")),
      `${run}run.log sha256 differs`,
    );
    await refused(changed("run.log", (text) => `${text}x`), `${run}run.log bytes differs`);
    await refused(
      changed("manifest.json", (text) => `${text} `),
      /manifest\.json text, line \d+ malf/,
    );
    await refused(changed("manifest.json", () => "{}"), `${run}manifest.json malformed`);
    await refused(changed("manifest.json", () => "\xff\xfe"), `${run}manifest.json malformed`);
    await refused(changed("manifest.json", () => "["), `${run}manifest.json malformed`);
    const deep = "[".repeat(4_000_000) + "]".repeat(4_000_000);
    await refused(changed("manifest.json", () => deep), `${run}manifest.json malformed`);
    const nested = (text: string): string =>
      text.replace(
        '"environment": {',
        `"environment": {"a": ${"[".repeat(1e5)}${"]".repeat(1e5)},`,
      );
    await refused(changed("manifest.json", nested), `${run}manifest.json malformed`);
    const other = (text: string): string => text.replaceAll(id, "20261123-085500-000000");
    await refused(changed("manifest.json", other), `${run}manifest.json malformed`);
    const labels = { name: `${id}/labels.json`, content: "{}" };
    await refused(tar([...entries, labels]), `${run}labels.json malformed`);
    // Whoever changes a file and its hash in the manifest meets the hashes of what is in it.
    const log = entries.find(({ name }) => name.endsWith("metrics.json"))!;
    const forged = text(log).replace('"ones": 2', '"ones": 3');
    const hash = (text: string): string =>
      `sha256:${createHash("sha256").update(text).digest("hex")}`;
    const both = tar(entries.map((entry) => {
      if (entry === log) return { ...entry, content: forged };
      if (!entry.name.endsWith("manifest.json")) return entry;
      return { ...entry, content: text(entry).replace(hash(text(log)), hash(forged)) };
    }));
    await refused(both, `${run}metrics.json metrics.ones differs`);
    const { exit, out } = await importArchive(both, "--skip-damaged");
    assertEquals(exit, 0);
    assertMatch(out, /^7adgkp +damaged +metrics\.json metrics\.ones differs/m);
  });
});

Deno.test("data that is not of its hash, or of no run, is refused", async () => {
  await withHostile(async ({ entries, refused, dir }) => {
    const [{ name: hash }] = [...Deno.readDirSync(join(dir, "runs", "data"))] as [Deno.DirEntry];
    const data = Deno.readFileSync(join(dir, "runs", "data", hash));
    const changed = data.slice();
    changed[0]! ^= 1;
    await refused(
      tar([...entries, { name: `data/${hash}`, content: changed }]),
      `entry 'data/${hash}' is not of the hash that is its name`,
    );
    const other = createHash("sha256").update("x").digest("hex");
    await refused(
      tar([...entries, { name: `data/${hash}`, content: data }, {
        name: `data/${other}`,
        content: "x",
      }]),
      `entry 'data/${other}' is the data of no run in it`,
    );
  });
});

Deno.test("the data of a damaged run that is left out is left out with it", async () => {
  await withHostile(async ({ entries, files, dir, import: importArchive }) => {
    const [{ name: hash }] = [...Deno.readDirSync(join(dir, "runs", "data"))] as [Deno.DirEntry];
    const data = Deno.readFileSync(join(dir, "runs", "data", hash));
    const damaged = entries.map((entry) =>
      entry.name.endsWith("run.log") ? { ...entry, content: "" } : entry
    );
    const archive = tar([...damaged, { name: `data/${hash}`, content: data }]);
    const { exit, out } = await importArchive(archive, "--skip-damaged");
    assertEquals(exit, 0);
    assertMatch(out, /damaged/);
    assertEquals(files().filter((path) => path.startsWith("other/") && path.includes(hash)), []);
  });
});
