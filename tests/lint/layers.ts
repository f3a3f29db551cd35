/**
 * `sigrun/layers`: which folder may import which.
 *
 * @module
 */

import { projectPath, visitImports } from "./imports.ts";

/** The files directly in lib: vocabulary, errors, text. Everyone's, and they need nobody. */
const BOTTOM = "lib";
const FIELD = [BOTTOM, "lib/bars", "lib/signal", "lib/evaluate"];
/** What lies on disk and in the database. */
const KEPT = [...FIELD, "lib/config", "lib/registry", "lib/store"];
const WORK = ["lib/run", "lib/check", "lib/verify", "lib/reproduce", "lib/compare"];
const COMMANDS = [...KEPT, ...WORK, "lib/build", "lib/doctor", "lib/transfer"];

/** Per folder of the project, what it may import besides itself: folders, or single files. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  "main.ts": [...COMMANDS, "lib/cli", "experiments"],
  "lib/cli": COMMANDS,
  "lib/transfer": [...KEPT, "lib/run", "lib/verify"],
  "lib/doctor": [...KEPT, "lib/run"],
  "lib/build": [...KEPT, "lib/run"],
  "lib/reproduce": [...KEPT, "lib/run"],
  "lib/verify": KEPT,
  "lib/check": FIELD,
  "lib/compare": [...KEPT, "lib/run"],
  "lib/run": KEPT,
  "lib/store": [...FIELD, "lib/config", "lib/registry"],
  "lib/registry": [...FIELD, "lib/config", "lib/vendor/libsql_addon.ts"],
  "lib/config": FIELD,
  "lib/bars": [BOTTOM],
  "lib/signal": [BOTTOM],
  "lib/evaluate": [BOTTOM],
  // Imported as packages are, by name.
  "lib/vendor": [],
  [BOTTOM]: [],
  "experiments": ["lib/experiment.ts", "lib/signal"],
};

/** `lib/bars` of `lib/bars/load.ts`, `lib` of `lib/errors.ts`; null for data and settings. */
function layerOf(path: string): string | null {
  if (!/\.[cm]?[jt]sx?$/.test(path)) return null;
  const [top, second, ...rest] = path.split("/");
  return top === "lib" && rest.length > 0 ? `lib/${second}` : top!;
}

/** The rule; see the module. */
export const layers: Deno.lint.Rule = {
  create(context) {
    const importer = layerOf(projectPath(context.filename));
    if (importer === null) return {};
    const allowed = LAYERS[importer];
    if (allowed === undefined) {
      if (!importer.startsWith("lib/")) return {};
      return {
        Program(node) {
          context.report({
            node,
            message: `${importer} has no layer`,
            hint: "Say in LAYERS of tests/lint/layers.ts what it may import and who may import it.",
          });
        },
      };
    }
    return visitImports(context.filename, ({ node, path }) => {
      if (path === null) return;
      const imported = layerOf(path);
      if (imported === null || imported === importer) return;
      if (allowed.includes(imported) || allowed.includes(path)) return;
      context.report({
        node,
        message: `${importer} must not import ${path}`,
        hint: `It may import ${allowed.join(", ") || "nothing"}${
          allowed.includes(BOTTOM) ? " (lib: the files directly in it)" : ""
        }; see LAYERS in tests/lint/layers.ts.`,
      });
    });
  },
};
