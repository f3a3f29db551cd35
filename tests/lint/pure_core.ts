/**
 * `sigrun/pure-core`: where a result comes from, there is no clock, no entropy
 * and no effect, so equal inputs give equal results.
 *
 * @module
 */

import { type Import, projectPath, visitImports } from "./imports.ts";

const PURE = [
  "lib/signal/",
  "lib/evaluate/",
  "lib/bars/",
  "lib/check/",
  "experiments/",
  "lib/random.ts",
];
/** The files of those folders that reach out, and what else a pure file must not lean on. */
const IMPURE = [
  "lib/bars/parquet/parquet_decoder.ts",
  "lib/bars/parquet/parquet_worker.ts",
  "lib/bars/source/block_reader.ts",
  "lib/bars/source/block_source.ts",
  "lib/bars/source/container.ts",
  "lib/bars/source/data_file.ts",
  "lib/bars/source/find_data_files.ts",
  "lib/bars/source/inflate.ts",
  "lib/bars/blocks.ts",
  "lib/bars/file.ts",
  "lib/bars/load.ts",
  "lib/bars/series.ts",
  "lib/bars/source/unpack.ts",
  "lib/bars/source/unzip.ts",
  "lib/bars/source/zip_directory.ts",
  "lib/bars/source/whole_file.ts",
  "main.ts",
];

/** Globals that a pure file has no use for, and what they are. */
const GLOBALS: Readonly<Record<string, string>> = {
  Deno: "the machine",
  process: "the machine",
  globalThis: "anything",
  self: "anything",
  performance: "the clock",
  crypto: "entropy",
  fetch: "the network",
  setTimeout: "the clock",
  setInterval: "the clock",
};

/** Members of globals that are otherwise welcome. */
const MEMBERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Date: { now: "the clock" },
  Temporal: { Now: "the clock" },
  Math: { random: "entropy" },
};

/** Hashing is pure; the rest of node:crypto is not. */
const NODE_IMPORTS: Readonly<Record<string, readonly string[]>> = { "node:crypto": ["createHash"] };

const HINT = "Take it as an argument; what reads the machine is passed in from main.ts.";

/** Any node: what is in which of its slots depends on its type. */
interface AnyNode {
  readonly type: string;
  readonly parent?: AnyNode;
  readonly [slot: string]: unknown;
}

/** The rule; see the module. */
export const pureCore: Deno.lint.Rule = {
  create(context) {
    const file = projectPath(context.filename);
    if (IMPURE.includes(file) || !PURE.some((pure) => file.startsWith(pure))) return {};
    const local = new Set<string>();
    const uses: { readonly node: Deno.lint.Node; readonly name: string }[] = [];
    const report = (node: Deno.lint.Node, what: string): void =>
      context.report({ node, message: `A pure file must not use ${what}`, hint: HINT });
    return {
      ...visitImports(file, (imported) => {
        const why = impurity(imported);
        if (why !== null) report(imported.node, why);
      }),
      Identifier(node) {
        if (!Object.hasOwn(GLOBALS, node.name)) return;
        const role = roleOf(node as unknown as AnyNode);
        if (role === "declaration") local.add(node.name);
        if (role === "use") uses.push({ node, name: node.name });
      },
      MemberExpression(node) {
        const { object, property } = node;
        const name = node.computed
          ? property.type === "Literal" ? String(property.value) : undefined
          : (property as Deno.lint.Identifier).name;
        if (object.type !== "Identifier" || name === undefined) return;
        const kind = memberOf(object.name, name);
        if (kind !== undefined) report(node, `${object.name}.${name} (${kind})`);
      },
      VariableDeclarator({ id, init }) {
        if (id.type !== "ObjectPattern" || init?.type !== "Identifier") return;
        for (const property of id.properties) {
          if (property.type !== "Property" || property.key.type !== "Identifier") continue;
          const kind = memberOf(init.name, property.key.name);
          if (kind !== undefined) report(property, `${init.name}.${property.key.name} (${kind})`);
        }
      },
      NewExpression(node) {
        if (node.arguments.length === 0 && isDate(node.callee)) {
          report(node, "new Date() (the clock)");
        }
      },
      CallExpression(node) {
        if (isDate(node.callee)) report(node, "Date() (the clock)");
      },
      "Program:exit"() {
        for (const { node, name } of uses) {
          if (!local.has(name)) report(node, `${name} (${GLOBALS[name]})`);
        }
      },
    };
  },
};

function isDate(node: Deno.lint.Node): boolean {
  return node.type === "Identifier" && node.name === "Date";
}

function memberOf(object: string, member: string): string | undefined {
  const members = Object.hasOwn(MEMBERS, object) ? MEMBERS[object]! : {};
  return Object.hasOwn(members, member) ? members[member] : undefined;
}

/** Why a pure file must not have this import; null if it may. */
function impurity({ specifier, path, values }: Import): string | null {
  if (path !== null) {
    return IMPURE.includes(path) && values?.length !== 0 ? `${path} (not pure)` : null;
  }
  if (!specifier.startsWith("node:") || values?.length === 0) return null;
  const pure = Object.hasOwn(NODE_IMPORTS, specifier) ? NODE_IMPORTS[specifier]! : [];
  if (values?.every((value) => pure.includes(value))) return null;
  return pure.length > 0 ? `more of ${specifier} than ${pure.join(", ")}` : specifier;
}

/** Slots that hold a name, not a value, unless they are computed. */
const NAME_SLOTS = ["key", "property", "label"];
/** Nodes of the type language that hold values, too. */
const TYPE_NODES_WITH_VALUES = [
  "TSAsExpression",
  "TSEnumMember",
  "TSExportAssignment",
  "TSNonNullExpression",
  "TSQualifiedName",
  "TSSatisfiesExpression",
  "TSTypeAssertion",
  "TSTypeQuery",
];

/**
 * Whether an identifier declares a name or uses one. Scopes are not told
 * apart: a name that a file declares anywhere is its own everywhere.
 */
function roleOf(node: AnyNode): "declaration" | "use" | "neither" {
  const parent = node.parent;
  if (parent === undefined) return "neither";
  if (/^(Import|Export)\w*Specifier$/.test(parent.type)) {
    return parent["local"] === node && parent.type.startsWith("Import") ? "declaration" : "neither";
  }
  if (isDeclared(node)) return "declaration";
  if (NAME_SLOTS.some((slot) => parent[slot] === node) && parent["computed"] !== true) {
    return "neither";
  }
  if (!parent.type.startsWith("TS")) return "use";
  if (!TYPE_NODES_WITH_VALUES.includes(parent.type)) return "neither";
  return parent["right"] === node || parent["id"] === node ? "neither" : "use";
}

function isDeclared(node: AnyNode): boolean {
  const parent = node.parent;
  switch (parent?.type) {
    case "VariableDeclarator":
    case "ClassDeclaration":
    case "ClassExpression":
      return parent["id"] === node;
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return parent["id"] === node || (parent["params"] as readonly unknown[]).includes(node);
    case "CatchClause":
      return parent["param"] === node;
    case "TSParameterProperty":
      return true;
    case "AssignmentPattern":
      return parent["left"] === node && isDeclared(parent);
    case "Property":
      return parent["value"] === node && parent.parent?.type === "ObjectPattern" &&
        isDeclared(parent.parent);
    case "ArrayPattern":
    case "RestElement":
      return isDeclared(parent);
    default:
      return false;
  }
}
