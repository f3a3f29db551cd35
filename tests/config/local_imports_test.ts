import { assertEquals, assertRejects } from "@std/assert";
import { dirname, join, relative } from "node:path";
import { moduleFiles } from "../../lib/config/local_imports.ts";
import { withTempDir } from "../temp_dir.ts";

/** Paths, relative to the folder, of the files that `main.ts` is made of. */
function filesOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  return withTempDir(async (dir) => {
    for (const [path, text] of Object.entries(files)) {
      await Deno.mkdir(dirname(join(dir, path)), { recursive: true });
      await Deno.writeTextFile(join(dir, path), text.replaceAll("$DIR", dir));
    }
    const found = await moduleFiles(join(dir, "main.ts"));
    for (const { path, bytes } of found) assertEquals(bytes, await Deno.readFile(path));
    return found.map(({ path }) => relative(dir, path)).sort();
  });
}

Deno.test("every form of an import by path is found", async () => {
  const forms = [
    'import { x } from "./other.ts";',
    "import * as x from './other.ts'",
    'import type { X } from "./other.ts";',
    'import"./other.ts";',
    'import x, { type Y }from"./other.ts";',
    'import {\n  a,\n  b,\n} from\n  "./other.ts";',
    'import x from /* here */ "./other.ts"',
    'import x from // here\n "./other.ts"',
    'export * from "./other.ts";',
    'export { x as y } from "./other.ts";',
    'const { x } = await import("./other.ts");',
    "load(() => import ( /* now */ `./other.ts` ));",
    'import x from "./other.ts?v=2#top";',
    'import x from "././folder/../other.ts";',
    'import x from "./%6fther.ts";',
    'import x from "file://$DIR/other.ts";',
    'import x from "$DIR/other.ts";',
    'import text from "./other.ts" with { type: "text" };',
  ];
  for (const form of forms) {
    const files = { "main.ts": `const first = 1;\n${form}\n`, "other.ts": "" };
    assertEquals(await filesOf(files), ["main.ts", "other.ts"], form);
  }
});

Deno.test("imports are followed, in circles too, and out of the folder", async () => {
  assertEquals(
    await filesOf({
      "main.ts": 'import "./a/one.js"; import "./it\'s 100%25.mjs"; import "./main.ts";',
      "a/one.js": 'export * from "./two.tsx"; import("../table.json", { with: {} });',
      "a/two.tsx": 'import "./one.js"; import "../main.ts"; import "../b/three.mts";',
      "b/three.mts": "",
      "it's 100%.mjs": "",
      "table.json": '{ "text": "from \'./not.ts\'" }',
      "not.ts": "",
      "unused.ts": 'import "./main.ts";',
    }),
    ["a/one.js", "a/two.tsx", "b/three.mts", "it's 100%.mjs", "main.ts", "table.json"],
  );
});

Deno.test("packages, computed imports and what is missing are no files", async () => {
  const text = `import "sigrun"; import "npm:zod"; import "jsr:@std/assert"; import "node:fs";
    import "https://example.com/other.ts"; import "./missing.ts"; import "./folder";
    import("./" + name); import(\`./\${name}.ts\`); import "file://%"; import "./a%00b.ts";
    new URL("./other.ts", import.meta.url); const path = "./other.ts";`;
  assertEquals(
    await filesOf({ "main.ts": text, "other.ts": "", "folder/x.ts": "", "sigrun": "" }),
    ["main.ts"],
  );
});

Deno.test("a module that is missing itself is an error", async () => {
  await withTempDir(async (dir) => {
    await assertRejects(() => moduleFiles(join(dir, "main.ts")), Deno.errors.NotFound);
  });
});
