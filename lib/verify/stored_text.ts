/**
 * A text against the one that sigrun writes for the same content. Pure.
 *
 * @module
 */

import { type Check, equalityCheck } from "./check.ts";

/** Whether the text of a file is byte for byte what sigrun writes. */
export function formCheck(
  name: string,
  { text, canonical }: { readonly text: string; readonly canonical: string },
): Check {
  const check = `${name} text`;
  if (text === canonical) {
    return equalityCheck(check, { expected: "as written", actual: "as written" });
  }
  const [lines, expected] = [text.split("\n"), canonical.split("\n")];
  const at = expected.findIndex((line, at) => line !== lines[at]);
  const line = at === -1 ? expected.length : at;
  return {
    check: `${check}, line ${line + 1}`,
    expected: expected[line] ?? "none",
    actual: lines[line] ?? "none",
    status: "malformed",
  };
}
