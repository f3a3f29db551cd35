/**
 * The table of experiments in `experiments/mod.ts`, as text.
 *
 * @module
 */

import { fileOf } from "./experiment_name.ts";

const LINE = /^ {2}"?([a-z0-9-]+)"?: \(\) => import\("\.\/[^"]+"\),$/;

/**
 * The text of the table with a line for one more experiment, where the order
 * of names has it; undefined if the text is not the table that it should be.
 */
export function withExperiment(table: string, name: string): string | undefined {
  const lines = table.split("\n");
  const first = lines.findIndex((line) => LINE.test(line));
  if (first === -1) return undefined;
  let end = first;
  while (LINE.test(lines[end] ?? "")) end++;
  if (lines[end] !== "};") return undefined;
  const at = lines.findIndex((line, index) =>
    index >= first && (index === end || LINE.exec(line)![1]! > name)
  );
  return lines.toSpliced(at, 0, tableLine(name)).join("\n");
}

/** The line of an experiment. */
export function tableLine(name: string): string {
  return `  "${name}": () => import("./${fileOf(name)}"),`;
}
