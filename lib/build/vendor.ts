/**
 * Makes lib/vendor: what its entries name of packages from npm, each entry
 * with all that it needs in one file, and the licences of what is in them.
 *
 * @module
 */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Esbuild, loadEsbuild, type PluginBuild } from "./esbuild.ts";
import { licencesText, type UsedPackage } from "./licences.ts";

/** What is to be made, from the project's root. */
const FOLDER = "lib/vendor";

/** Where names of packages mean what is on npm: there the import map has a scope. */
const ENTRIES = `./${FOLDER}/entries/`;

/** What takes the place of libsql's way to its native addon. */
const ADDON = "libsql_addon.ts";

/** What is imported from another file of lib/vendor. */
const VENDORED: Readonly<Record<string, string>> = {
  "@libsql/client/sqlite3": "./libsql_client.js",
};

/** A module of a package that is not taken as it is. */
interface Change {
  /** Its path within node_modules. */
  readonly path: string;
  readonly change: (source: string, scratch: string) => string;
}

const CHANGES: readonly Change[] = [
  {
    // Messages in English, without those in fifty other languages.
    path: "zod/v4/locales/index.js",
    change: () => `export { default as en } from "./en.js";\n`,
  },
  {
    // The native addon as libsql_addon.ts finds it.
    path: "libsql/index.js",
    change: (source, scratch) => {
      const addon = JSON.stringify(join(scratch, FOLDER, ADDON));
      return [
        [/^.*require\("@neon-rs\/load"\);\n/m, ""],
        [/^.*require\("detect-libc"\);\n/m, ""],
        [
          /^function requireNative\(\) \{\n.*?^\}\n/ms,
          `const { loadAddon: requireNative } = require(${addon});\n`,
        ],
      ].reduce((text, [pattern, by]) => replaced(text, pattern as RegExp, by as string), source);
    },
  },
];

function replaced(source: string, pattern: RegExp, by: string): string {
  const text = source.replace(pattern, () => by);
  if (text === source) throw new Error(`Cannot find ${pattern}`);
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
  await installPackages(root, scratch);
  const { scopes } = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
  const specifiers: Specifiers = scopes[ENTRIES];
  // Beside the packages, so that no path in a comment depends on where the project is.
  await Deno.mkdir(join(scratch, ENTRIES), { recursive: true });
  const entries = await entryNames(root);
  for (const path of [ADDON, ...entries.map((name) => `entries/${name}`)]) {
    await Deno.copyFile(join(root, FOLDER, path), join(scratch, FOLDER, path));
  }
  const esbuild = await loadEsbuild();
  try {
    const bundles = await Promise.all(
      entries.map((name) => bundle(esbuild, { name, scratch, specifiers })),
    );
    const inputs = [...new Set(bundles.flatMap(({ inputs }) => inputs))];
    checkChanges(inputs);
    return [
      ...bundles.map(({ name, text }) => ({ name, text })),
      { name: "LICENSES.txt", text: await licencesText(usedPackages(inputs, scratch)) },
    ];
  } finally {
    await esbuild.stop();
  }
}

async function entryNames(root: string): Promise<readonly string[]> {
  const names = await Array.fromAsync(Deno.readDir(join(root, ENTRIES)), ({ name }) => name);
  return names.filter((name) => name.endsWith(".ts")).sort();
}

/** What the import map says of the entries: `zod` is `npm:zod@4.6.7`. */
type Specifiers = Readonly<Record<string, string>>;

/** Installs the packages of the project as folders, as its lock file has them. */
async function installPackages(root: string, scratch: string): Promise<void> {
  for (const file of ["deno.json", "deno.lock"]) {
    await Deno.copyFile(join(root, file), join(scratch, file));
  }
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["install", "--quiet", "--frozen", "--node-modules-dir=auto"],
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
    // None of a folder above.
    tsconfigRaw: {},
    plugins: [{ name: "vendor", setup: (build) => setUp(build, place) }],
  });
  return {
    name: name.replace(/ts$/, "js"),
    text: [
      // Heard of in the first line alone.
      "// deno-coverage-ignore-file",
      "// Made by `deno task vendor` of parts of packages; their licences are in LICENSES.txt.",
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
  for (const { path, change } of CHANGES) {
    build.onLoad({ filter: withPath(path) }, async (module) => ({
      contents: change(await Deno.readTextFile(module.path), scratch),
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

/** Matches paths of a module within node_modules, on every system. */
function withPath(path: string): RegExp {
  const parts = ["node_modules", ...path.split("/")].map((part) => RegExp.escape(part));
  return new RegExp(`[\\\\/]${parts.join("[\\\\/]")}$`);
}

/** A change of a module that is elsewhere now would be lost without a word. */
function checkChanges(inputs: readonly string[]): void {
  for (const { path } of CHANGES) {
    if (!inputs.some((input) => withPath(path).test(input))) {
      throw new Error(`Cannot change ${path}: no entry needs it`);
    }
  }
}

/** The packages that modules belong to, in the order of their names. */
function usedPackages(inputs: readonly string[], scratch: string): readonly UsedPackage[] {
  const folderOf = (path: string): string | undefined =>
    path.match(/^node_modules\/\.deno\/[^/]+\/node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0];
  return [...Map.groupBy(inputs, folderOf)].flatMap(([folder, modules]) =>
    folder === undefined
      ? []
      : [{ folder: join(scratch, folder), modules: modules.map((path) => join(scratch, path)) }]
  ).sort((a, b) => a.folder < b.folder ? -1 : 1);
}

if (import.meta.main) {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  // Into another folder to compare.
  const output = Deno.args[0] ?? join(root, FOLDER);
  await Deno.mkdir(output, { recursive: true });
  const scratch = await Deno.realPath(await Deno.makeTempDir({ prefix: "sigrun-vendor-" }));
  try {
    const files = await vendor(root, scratch);
    for await (const { name } of Deno.readDir(output)) {
      if (name.endsWith(".js")) await Deno.remove(join(output, name));
    }
    for (const { name, text } of files) await Deno.writeTextFile(join(output, name), text);
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
}
