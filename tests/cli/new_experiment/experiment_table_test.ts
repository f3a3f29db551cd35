import { assert, assertEquals } from "@std/assert";
import { experiments } from "../../../experiments/mod.ts";
import { withExperiment } from "../../../lib/cli/new_experiment/experiment_table.ts";

const TABLE = await Deno.readTextFile(new URL("../../../experiments/mod.ts", import.meta.url));

/** The names of a table's lines. */
function namesOf(table: string): readonly string[] {
  return [...table.matchAll(/^ {2}"([^"]+)": \(\) => import\(/gm)].map(([, name]) => name!);
}

Deno.test("an experiment is entered where the order of names has it", () => {
  const known = Object.keys(experiments);
  for (const name of ["aaa", "macd-2", "zzz"]) {
    const table = withExperiment(TABLE, name)!;
    assertEquals(namesOf(table), [...known, name].sort());
    const line = `  "${name}": () => import("./${name.replace("-", "_")}.ts"),\n`;
    assert(table.includes(line));
    assertEquals(table.replace(line, ""), TABLE);
  }
});

Deno.test("what is no table of experiments is left alone", () => {
  for (
    const text of ["", "export const experiments = {};\n", TABLE.replace("\n};", "\n  ...more\n};")]
  ) {
    assertEquals(withExperiment(text, "my-signal"), undefined);
  }
});
