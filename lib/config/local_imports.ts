/**
 * The files that a module is made of: itself, and what it imports by path.
 *
 * @module
 */

import { fileURLToPath, pathToFileURL } from "node:url";

/** A file and its bytes. */
export interface SourceFile {
  /** Its absolute path. */
  readonly path: string;
  /** Its content. */
  readonly bytes: Uint8Array;
}

const GAP = String.raw`(?:\s|/\*[^]*?\*/|//[^\n]*\n)*`;

/**
 * `from "…"`, `import "…"` and `import("…")`. Found wherever they stand, in a
 * comment too: better a file too many than one that is overlooked.
 */
const IMPORTS = new RegExp(
  String.raw`\b(?:from|import)${GAP}(?:\(${GAP})?(["'\`])((?:\.{0,2}/|file:)(?:(?!\1)[^\n])*)\1`,
  "g",
);

/** Other files, such as JSON, import nothing. */
const MODULE = /\.[cm]?[jt]sx?$/;

/**
 * A module and all that it imports by path, directly or not, each file once:
 * with `import` and `export … from`, and with `import()` of a literal. What
 * comes from a package is no file of the module's, and a file that is missing
 * is left to who loads the module.
 *
 * @throws {Deno.errors.NotFound} if the module itself is missing
 */
export async function moduleFiles(path: string): Promise<readonly SourceFile[]> {
  const files: SourceFile[] = [{ path, bytes: await Deno.readFile(path) }];
  const seen = new Set([path]);
  for (const file of files) {
    if (!MODULE.test(file.path)) continue;
    for (const imported of localImports(file)) {
      if (seen.has(imported)) continue;
      seen.add(imported);
      const bytes = await Deno.readFile(imported).catch(() => undefined);
      if (bytes !== undefined) files.push({ path: imported, bytes });
    }
  }
  return files;
}

/** Absolute paths of the files that a module names in its imports. */
function localImports({ path, bytes }: SourceFile): readonly string[] {
  const text = new TextDecoder().decode(bytes);
  return [...text.matchAll(IMPORTS)].flatMap(([, , specifier]) => {
    try {
      // A specifier is a URL: it may be escaped, and have a query.
      return [fileURLToPath(new URL(specifier!, pathToFileURL(path)))];
    } catch {
      return [];
    }
  });
}
