/**
 * What users, and others, may have written into names, tags, notes and
 * parameters goes from one machine to another unharmed.
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { defineExperiment, z } from "../../lib/experiment.ts";
import { printableLines } from "../../lib/quote.ts";
import { type Called, withWorkspace, type Workspace } from "../cli/workspace.ts";

/** Texts that something could choke on. */
const HOSTILE: readonly string[] = [
  "\u001b[2J\u001b]0;x\u0007\u009b31m\r\b",
  "a\0b",
  "\u202e\u2066\u200b\u00ad\u{e0041}\ufeff",
  "'; DROP TABLE runs; --",
  `"'\`$(x) \${x} %s \\ \\n \\`,
  "=1+1",
  "+1",
  "@SUM(A1)",
  "-2+3\t",
  "| a | b |\n|---|---|\n```\n# x\n<script>",
  "a,b;c\r\nd",
  "\u{1f469}\u{1f3fd}\u200d\u{1f680}\u{1f1e9}\u{1f1ea}",
  "e\u0301 \u00e9 \ufb01 \u0130i\u0131",
  "../../etc/passwd",
  "null",
  "1e999",
  " ",
  "\ufffe\ufffd",
  "x".repeat(1 << 20),
  "\u202e\u{1f3b2}\n".repeat(1 << 12),
];

/** An experiment with a parameter of any text. */
const experiments = {
  "rolling-mean": () =>
    Promise.resolve({
      default: defineExperiment({
        name: "rolling-mean",
        version: 1,
        summary: "always 1",
        params: { text: z.string().default("") },
        columns: ["close"],
        signal: ({ bars }) => ({ positions: new Int8Array(bars.length).fill(1), warmup: 0 }),
      }),
    }),
};

/** A text as a YAML scalar, without what no YAML may hold raw. */
function yaml(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function assertHarmless({ exit, out, err }: Called): void {
  assertEquals([exit, err], [0, ""]);
  assert(printableLines(out) === out);
}

/** All runs as `runs:list` gives them. */
async function listed({ call }: Workspace, folder: string): Promise<string> {
  return (await call(`runs:list --json --all --runs-dir ${folder}`)).out;
}

Deno.test("hostile names, tags, notes and parameters survive export and import unharmed", async () => {
  await withWorkspace(async (workspace) => {
    const { call, write, dir } = workspace;
    await write("config.yaml", "version: v1\nseed: 1\n");
    for (const text of HOSTILE) {
      const words = ["run", "-q", `--name=${text}`, `--tag=${text}`, `--tag=${text}2`];
      // No YAML holds surrogates alone, nor would a config of a megabyte be one.
      const value = text.length > 1000 ? text.slice(0, 1000) : text;
      const ran = await call([...words, "--set", `text=${yaml(value)}`], { experiments });
      assertEquals([ran.exit, ran.err], [0, ""]);
      assertEquals((await call(["runs:note", "latest", "--", `${text}3`])).exit, 0);
    }
    const before = await listed(workspace, "runs");
    const { runs } = JSON.parse(before);
    for (const [at, { name, tags, note }] of runs.toReversed().entries()) {
      // Told by their number, as a difference of megabytes is nothing to look at.
      const text = HOSTILE[at]!;
      assert(name === text && note === `${text}3`, `name or note ${at}`);
      assert(tags.length === 2 && tags[0] === text && tags[1] === `${text}2`, `tags ${at}`);
    }
    assertHarmless(await call("runs:export --all -o a.tar.gz"));
    await Deno.rename(join(dir, "runs"), join(dir, "gone"));
    assertHarmless(await call("runs:import a.tar.gz"));
    assert(await listed(workspace, "runs") === before);
    assertHarmless(await call("runs:verify"));
    await call("runs:export --all -o b.tar.gz");
    assertEquals(
      Deno.readFileSync(join(dir, "b.tar.gz")),
      Deno.readFileSync(join(dir, "a.tar.gz")),
    );
    // Newer labels, and a registry that is made again from what was imported.
    assertEquals((await call(["runs:name", "latest", HOSTILE[0]!])).exit, 0);
    const renamed = await listed(workspace, "runs");
    assert(renamed !== before);
    assertHarmless(await call("runs:import runs --runs-dir third"));
    assert(await listed(workspace, "third") === renamed);
    await Deno.remove(join(dir, "third", "registry.db"));
    assertHarmless(await call("runs:verify --repair --runs-dir third"));
    assert(await listed(workspace, "third") === renamed);
  });
});
