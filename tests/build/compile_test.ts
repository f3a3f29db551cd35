import { assert, assertEquals, assertMatch } from "@std/assert";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import project from "../../deno.json" with { type: "json" };
import { experiments } from "../../experiments/mod.ts";
import {
  binaryPermissions,
  compile,
  failureSentence,
  hiddenModules,
} from "../../lib/build/compile.ts";
import { COMMANDS } from "../../lib/cli/commands/mod.ts";
import { EMBEDDED_IDENTITY } from "../../lib/run/code_identity.ts";
import { withTempDir } from "../temp_dir.ts";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Paths of the program's own modules that `deno compile` finds from `entry`. */
async function graph(
  entry: string,
): Promise<{ own: readonly string[]; packages: readonly string[] }> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--frozen", entry],
    cwd: root,
    stdin: "null",
    stderr: "null",
  }).output();
  const info: {
    readonly modules: readonly { readonly specifier: string; readonly error?: string }[];
  } = JSON.parse(new TextDecoder().decode(stdout));
  const own = info.modules.flatMap(({ specifier, error }) => {
    if (!specifier.startsWith("file:")) return [];
    assertEquals(error, undefined, specifier);
    return [fileURLToPath(specifier).slice(root.length + 1)];
  });
  const packages = info.modules.flatMap(({ specifier }) =>
    specifier.startsWith("npm:/") ? [specifier.slice("npm:/".length)] : []
  );
  return { own, packages };
}

async function filesUnder(folder: string, ending: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(root, folder))) {
    const path = `${folder}/${name}`;
    if (isDirectory) found.push(...await filesUnder(path, ending));
    else if (name.endsWith(ending)) found.push(path);
  }
  return found;
}

Deno.test("what is to be embedded is complete: every source file, migration and experiment", async () => {
  const graphs = await Promise.all(["main.ts", ...await hiddenModules(root)].map(graph));
  const own = graphs.flatMap(({ own }) => own);
  const packages = graphs.flatMap(({ packages }) => packages);
  const wanted = [
    ...await filesUnder("lib", ".ts"),
    ...await filesUnder("lib", ".sql"),
    ...await filesUnder("lib", ".wasm"),
    ...await filesUnder("lib/vendor", ".js"),
    ...await filesUnder("experiments", ".ts"),
    "deno.json",
  ].filter((path) => !path.endsWith(".d.ts") && !path.startsWith("lib/build/"))
    // What is made of it is embedded.
    .filter((path) => !/\/assembly\/|^lib\/vendor\/.*\.ts$/.test(path));
  const missing = wanted.filter((path) => !own.includes(path));
  assertEquals(missing, []);
  assert(Object.keys(experiments).length > 0 && Object.keys(COMMANDS).length > 0);
  for (const name of ["@libsql/client@", "hyparquet@"]) {
    assert(packages.some((found) => found.startsWith(name)), `${name} is not in the module graph`);
  }
});

Deno.test("compiling with a stand-in for the runtime embeds migrations, identity and addon", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const output = join(folder, "sigrun");
    // The deno binary itself: it takes the place of the runtime, but does not run what it carries.
    const { code, stderr } = await compile({ root, output, denort: Deno.execPath() });
    assertEquals(code, 0, stderr);
    const binary = await Deno.readFile(output);
    const embedded = binary.subarray((await Deno.stat(Deno.execPath())).size);
    const identity = JSON.parse(await Deno.readTextFile(join(root, EMBEDDED_IDENTITY)));
    assertMatch(identity.hash, /^sha256:[0-9a-f]{64}$/);
    // The last one is from inside the native addon.
    for (
      const text of [
        "CREATE TABLE runs (",
        identity.hash,
        "rolling-mean",
        "block_reader.ts",
        "parquet_worker.ts",
        "runs_list.ts",
        "SQLite format 3",
      ]
    ) {
      assert(contains(embedded, text), `${text} is not in the binary`);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a failed compilation says which runtime there is not, and leaves nothing behind", async () => {
  await withTempDir(async (folder) => {
    for (const { name } of Deno.readDirSync(root)) {
      if (/^(lib|experiments|main\.ts|deno\.\w+)$/.test(name)) {
        await Deno.symlink(join(root, name), join(folder, name));
      }
    }
    const denort = join(folder, "nonexistent");
    const { code, stderr } = await compile({ root: folder, output: join(folder, "out"), denort });
    assertEquals(
      [code, failureSentence(stderr)],
      [
        1,
        `Cannot compile: DENORT_BIN names ${denort}, which cannot be read: No such file or ` +
        "directory (os error 2); name another runtime, or none to have it downloaded",
      ],
    );
    assertEquals([...Deno.readDirSync(join(folder, "dist"))], []);
  });
});

Deno.test("the binary may do what any command's task may, but for asking git", () => {
  const tasks = (...commands: string[]) => ({
    tasks: Object.fromEntries(commands.map((command, at) => [`${at}`, { command }])),
  });
  assertEquals(
    binaryPermissions(tasks(
      "deno run --allow-read --allow-sys=a,b --allow-run=git main.ts run",
      "deno run --allow-read=x --allow-sys=b,c --allow-write main.ts x",
      "deno run --allow-net tests/bench.ts",
    )),
    ["--allow-read", "--allow-sys=a,b,c", "--allow-write"],
  );
  const permissions = binaryPermissions(project);
  assert(permissions.includes("--allow-ffi") && permissions.includes("--allow-read"));
  assert(!permissions.some((flag) => flag.startsWith("--allow-run") || flag === "-A"));
});

Deno.test("a failed compilation is told in one sentence", () => {
  const download =
    "error: Writing…\n  1: error sending request for url (https://example.com/denort.zip)";
  assertMatch(failureSentence(download), /^Cannot compile: the runtime .* DENORT_BIN=/);
  assertEquals(failureSentence("error: no space\nmore"), "Cannot compile: error: no space");
});

function contains(bytes: Uint8Array, text: string): boolean {
  const wanted = new TextEncoder().encode(text);
  for (let at = bytes.indexOf(wanted[0]!); at !== -1; at = bytes.indexOf(wanted[0]!, at + 1)) {
    let length = 1;
    while (length < wanted.length && bytes[at + length] === wanted[length]) length++;
    if (length === wanted.length) return true;
  }
  return false;
}
