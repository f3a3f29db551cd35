/**
 * Where a run's data came from, as people read it.
 *
 * @module
 */

import { STANDARD_INPUT } from "../../bars/source/data_file.ts";

/** A recorded `data_path` in words, its paths and patterns written by `path`. */
export function dataPathText(recorded: string, path: (path: string) => string): string {
  return pathsOf(recorded).map((each) => each === STANDARD_INPUT ? "standard input" : path(each))
    .join(", ");
}

/** The paths of a recorded `data_path`: one as it is, several as JSON. */
function pathsOf(recorded: string): readonly string[] {
  if (!recorded.startsWith("[")) return [recorded];
  try {
    return [JSON.parse(recorded)].flat().map(String);
  } catch {
    return [recorded];
  }
}
