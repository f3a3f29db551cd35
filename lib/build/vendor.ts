/**
 * Makes lib/vendor: what its entries name of packages from npm, each entry
 * with all that it needs in one file, and the licences of what is in them.
 *
 * @module
 */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Esbuild, loadEsbuild, type PluginBuild } from "./esbuild.ts";

/** What is to be made, from the project's root. */
const FOLDER = "lib/vendor";

/** Where names of packages mean what is on npm: there the import map has a scope. */
const ENTRIES = `./${FOLDER}/entries/`;

/** What is imported from another file of lib/vendor. */
const VENDORED: Readonly<Record<string, string>> = {
  "@libsql/client/sqlite3": "./libsql_client.js",
};

/** The modules of packages that are not taken as they are. */
const CHANGED: readonly {
  readonly module: RegExp;
  readonly change: (source: string, scratch: string) => string;
}[] = [
  {
    // Messages in English, without those in fifty other languages.
    module: /\/zod\/v4\/locales\/index\.js$/,
    change: () => `export { default as en } from "./en.js";\n`,
  },
  {
    // The native addon as libsql_addon.ts finds it.
    module: /\/libsql\/index\.js$/,
    change: (source, scratch) =>
      [/^.*require\("@neon-rs\/load"\);\n/m, /^.*require\("detect-libc"\);\n/m].reduce(
        (text, pattern) => replaced(text, pattern, ""),
        replaced(
          source,
          /^function requireNative\(\) \{\n.*?^\}\n/ms,
          `const { loadAddon: requireNative } = require("${scratch}/${FOLDER}/libsql_addon.ts");\n`,
        ),
      ),
  },
];

function replaced(source: string, pattern: RegExp, by: string): string {
  const text = source.replace(pattern, () => by);
  if (text === source) throw new Error(`Cannot find ${pattern} in a package`);
  return text;
}

/** A file of lib/vendor. */
export interface VendoredFile {
  /** Its name. */
  readonly name: string;
  /** What is in it. */
  readonly text: string;
}

/**
 * Makes the files of lib/vendor.
 *
 * @param root the project's folder
 * @param scratch an empty folder, into which the packages are installed
 */
export async function vendor(root: string, scratch: string): Promise<readonly VendoredFile[]> {
  const { scopes } = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
  const specifiers: Specifiers = scopes[ENTRIES];
  await installPackages(specifiers, { root, scratch });
  // Beside the packages, so that no path in a comment depends on where the project is.
  await Deno.mkdir(join(scratch, ENTRIES), { recursive: true });
  const entries = await filesIn(join(root, ENTRIES));
  for (const path of ["libsql_addon.ts", ...entries.map((name) => `entries/${name}`)]) {
    await Deno.copyFile(join(root, FOLDER, path), join(scratch, FOLDER, path));
  }
  const esbuild = await loadEsbuild();
  try {
    const bundles = await Promise.all(
      entries.map((name) => bundle(esbuild, { name, scratch, specifiers })),
    );
    const folders = new Set(bundles.flatMap(({ inputs }) => inputs.flatMap(packageFolder)));
    const licences = [...folders].sort().map((folder) => licence(join(scratch, folder)));
    return [
      ...bundles.map(({ name, text }) => ({ name, text })),
      { name: "LICENSES.txt", text: (await Promise.all(licences)).join("\n\n") },
    ];
  } finally {
    await esbuild.stop();
  }
}

async function filesIn(folder: string): Promise<readonly string[]> {
  return (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
}

/** What the import map says of the entries: `zod` is `npm:zod@4.6.7`. */
type Specifiers = Readonly<Record<string, string>>;

/** Installs the packages as folders, in the versions of deno.lock. */
async function installPackages(
  specifiers: Specifiers,
  { root, scratch }: { readonly root: string; readonly scratch: string },
): Promise<void> {
  await Deno.writeTextFile(
    join(scratch, "deno.json"),
    JSON.stringify({ imports: specifiers, nodeModulesDir: "auto" }),
  );
  await Deno.copyFile(join(root, "deno.lock"), join(scratch, "deno.lock"));
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["install", "--quiet"],
    cwd: scratch,
    stdin: "null",
  }).output();
  if (!success) throw new Error(`Cannot install: ${new TextDecoder().decode(stderr)}`);
}

interface Place {
  readonly scratch: string;
  readonly specifiers: Specifiers;
}

/** An entry with all that it needs, and the paths of its modules below `scratch`. */
async function bundle(
  esbuild: Esbuild,
  { name, ...place }: Place & { readonly name: string },
): Promise<VendoredFile & { readonly inputs: readonly string[] }> {
  const { outputFiles, metafile } = await esbuild.build({
    entryPoints: [join(place.scratch, ENTRIES, name)],
    absWorkingDir: place.scratch,
    outdir: place.scratch,
    write: false,
    metafile: true,
    bundle: true,
    format: "esm",
    target: "esnext",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["deno", "import"],
    plugins: [{ name: "vendor", setup: (build) => setUp(build, place) }],
  });
  return {
    name: name.replace(/ts$/, "js"),
    text: [
      // Heard of in the first line alone.
      "// deno-coverage-ignore-file",
      "// Made by `deno task vendor`.",
      `// @ts-self-types="./entries/${name}"`,
      outputFiles[0]!.text,
    ].join("\n"),
    inputs: Object.keys(metafile.inputs),
  };
}

function setUp(build: PluginBuild, { scratch, specifiers }: Place): void {
  build.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, external: true }));
  build.onResolve({ filter: /^[^./]/ }, ({ path, importer, kind, pluginData }) => {
    if (pluginData === ON_NPM) return undefined;
    if (importer.startsWith(join(scratch, ENTRIES))) {
      const options = { kind, resolveDir: scratch, pluginData: ON_NPM };
      return build.resolve(packagePath(path, specifiers), options);
    }
    const vendored = VENDORED[path];
    return vendored === undefined ? undefined : { path: vendored, external: true };
  });
  for (const { module, change } of CHANGED) {
    build.onLoad({ filter: module }, async ({ path }) => ({
      contents: change(await Deno.readTextFile(path), scratch),
    }));
  }
}

/** Marks a name that is one on npm already. */
const ON_NPM = "on npm";

/** What an entry imports, without the version: `@std/yaml/parse` is `deno-std/yaml/parse.js`. */
function packagePath(specifier: string, specifiers: Specifiers): string {
  const key = Object.keys(specifiers).find((name) =>
    specifier === name || specifier.startsWith(`${name}/`)
  );
  if (key === undefined) throw new Error(`${specifier} is not in the import map of ${ENTRIES}`);
  return specifiers[key]!.replace(/^npm:(@?[^@]+)@[^/]+/, "$1") + specifier.slice(key.length);
}

/** The folder of the package that a module belongs to, if it belongs to one. */
function packageFolder(path: string): readonly string[] {
  return path.match(/^node_modules\/\.deno\/[^/]+\/node_modules\/(?:@[^/]+\/)?[^/]+/) ?? [];
}

/** A package under its name and version, with its licence; the text of it is not in every package. */
async function licence(folder: string): Promise<string> {
  const { name, version, license, repository } = JSON.parse(
    await Deno.readTextFile(join(folder, "package.json")),
  );
  const title = `${name} ${version}, ${license}, ${repository.url ?? repository}`;
  const files = await filesIn(folder);
  const file = files.find((file) => /^licen[cs]e(\.\w+)?$/i.test(file));
  const text = file === undefined ? "" : await Deno.readTextFile(join(folder, file));
  return `${title}\n${"=".repeat(title.length)}\n\n${text.trim()}`.trim() + "\n";
}

if (import.meta.main) {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  // Into another folder to compare.
  const output = Deno.args[0] ?? join(root, FOLDER);
  const scratch = await Deno.realPath(await Deno.makeTempDir({ prefix: "sigrun-vendor-" }));
  try {
    for (const { name, text } of await vendor(root, scratch)) {
      await Deno.writeTextFile(join(output, name), text);
    }
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
}
