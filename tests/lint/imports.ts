/**
 * What a file imports, in whatever form, and where in the project that is.
 *
 * @module
 */

import { isAbsolute, relative } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Names of the import map that lead into the project. */
const ALIASES: Readonly<Record<string, string>> = { sigrun: "lib/experiment.ts" };

/** An import, a re-export, an `import()` or an `import("…")` type. */
export interface Import {
  /** Where it stands. */
  readonly node: Deno.lint.Node;
  /** What it says, for example `../errors.ts`. */
  readonly specifier: string;
  /** The path from the project's root; null for a package or a module of the runtime. */
  readonly path: string | null;
  /** The names it takes of values, as they are called over there; null for all of them. */
  readonly values: readonly string[] | null;
}

/** A file's path from the project's root, with slashes. */
export function projectPath(filename: string): string {
  const path = isAbsolute(filename) ? relative(ROOT, filename) : filename;
  return path.replaceAll("\\", "/");
}

/** Calls `found` for each import of a file whose specifier is written out. */
export function visitImports(
  filename: string,
  found: (imported: Import) => void,
): Deno.lint.LintVisitor {
  const importer = projectPath(filename);
  const add = (
    node: Deno.lint.Node,
    specifier: unknown,
    values: readonly string[] | null,
  ): void => {
    if (typeof specifier !== "string") return;
    found({ node, specifier, path: targetOf(specifier, importer), values });
  };
  return {
    ImportDeclaration(node) {
      add(node, node.source.value, node.importKind === "type" ? [] : importedValues(node));
    },
    ExportNamedDeclaration(node) {
      if (node.source === null) return;
      const values = node.specifiers.filter(({ exportKind }) => exportKind !== "type");
      add(
        node,
        node.source.value,
        node.exportKind === "type" ? [] : values.map(({ local }) => nameOf(local)),
      );
    },
    ExportAllDeclaration(node) {
      add(node, node.source.value, node.exportKind === "type" ? [] : null);
    },
    ImportExpression(node) {
      add(node, node.source.type === "Literal" ? node.source.value : undefined, null);
    },
    TSImportType(node) {
      const { argument } = node;
      const literal = argument.type === "TSLiteralType" ? argument.literal : undefined;
      add(node, literal?.type === "Literal" ? literal.value : undefined, []);
    },
  };
}

function importedValues(node: Deno.lint.ImportDeclaration): readonly string[] | null {
  const names: string[] = [];
  for (const specifier of node.specifiers) {
    if (specifier.type === "ImportNamespaceSpecifier") return null;
    if (specifier.type === "ImportDefaultSpecifier") names.push("default");
    else if (specifier.importKind !== "type") names.push(nameOf(specifier.imported));
  }
  // `import "./x.ts"` takes no name and yet runs all of it.
  return node.specifiers.length === 0 ? null : names;
}

function nameOf(
  node: { readonly type: string; readonly name?: string; readonly value?: unknown },
): string {
  return node.name ?? String(node.value);
}

function targetOf(specifier: string, importer: string): string | null {
  if (Object.hasOwn(ALIASES, specifier)) return ALIASES[specifier]!;
  if (!/^\.{0,2}\//.test(specifier)) return null;
  return decodeURIComponent(new URL(specifier, `file:///${importer}`).pathname.slice(1));
}
