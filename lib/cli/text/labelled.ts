/**
 * Lines of label and text.
 *
 * @module
 */

import { printable } from "../../quote.ts";

/** Lines of `label  text`, the labels padded to the longest. The text is printed as it is. */
export function labelled(
  lines: readonly (readonly [label: string, text: string])[],
  paintLabel: (text: string) => string = (text) => text,
): string {
  const labels = lines.map(([label]) => printable(label));
  const width = Math.max(0, ...labels.map(({ length }) => length));
  return lines.map(([, text], at) => {
    const label = labels[at]!;
    return `${paintLabel(label)}${" ".repeat(width - label.length)}  ${text}`.trimEnd() + "\n";
  }).join("");
}
