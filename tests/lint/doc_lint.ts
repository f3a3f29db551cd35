/**
 * `deno doc --lint` over the whole program, told two things it cannot know:
 * what other packages document is their business, and so are their types
 * where a signature of ours names them. drizzle's table types are inferred and
 * have no names, so the schema file is left out.
 */

import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Types of other packages that public signatures name. */
const FOREIGN_TYPES = [
  "ZodType",
  "ZodObject",
  "output",
  "LibSQLDatabase",
  "Client",
  "SQL",
  "SQLiteTable",
  "InStatement",
];

function sources(folder: string): string[] {
  return [...Deno.readDirSync(join(root, folder))].flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    // What is in AssemblyScript has a compiler of its own.
    if (isDirectory) return name === "assembly" ? [] : sources(path);
    return name.endsWith(".ts") && !name.endsWith(".d.ts") && name !== "schema.ts" ? [path] : [];
  }).sort();
}

const { stderr, stdout } = await new Deno.Command(Deno.execPath(), {
  args: ["doc", "--lint", "main.ts", ...sources("lib"), ...sources("experiments")],
  cwd: root,
  env: { NO_COLOR: "1" },
  stdin: "null",
}).output();
const text = new TextDecoder().decode(stderr) + new TextDecoder().decode(stdout);

const problems = text.split(/\n(?=error\[)/).filter((block) => {
  const place = /--> (\S+?):\d+/.exec(block)?.[1];
  if (!block.startsWith("error[") || place === undefined) return false;
  if (relative(root, place).startsWith("..")) return false;
  const foreign = /references private type '([^']+)'/.exec(block)?.[1];
  return foreign === undefined || !FOREIGN_TYPES.includes(foreign);
});

if (!/error\[|Checked/.test(text)) {
  console.error(`deno doc --lint said nothing that could be read:\n${text}`);
  Deno.exitCode = 1;
} else if (problems.length > 0) {
  console.error(problems.join("\n\n"));
  console.error(`\n${problems.length} problems`);
  Deno.exitCode = 1;
}
