/**
 * Whether a run.log is one: every line begins as those that a run writes.
 *
 * @module
 */

import { blocksOf } from "../store/file_hash.ts";
import type { Check } from "./check.ts";
import { reasonOf } from "../system_error.ts";

/** How a line begins. */
const START = /^time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z level=[a-z]+ logger=/;

/** Characters of the longest line; what is longer is none. */
const MAX_LINE = 32 << 20;

/** Looks at the form of a log. */
export async function logCheck(path: string, name: string): Promise<Check> {
  const check = `${name} text`;
  const expected = "lines of time=… level=… logger=… msg=…";
  let line = 0;
  let rest = "";
  const malformed = (actual: string): Check => ({
    check: `${check}, line ${line}`,
    expected,
    actual,
    status: "malformed",
  });
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    for await (const block of blocksOf(path)) {
      const lines = (rest + decoder.decode(block, { stream: true })).split("\n");
      rest = lines.pop()!;
      for (const text of lines) {
        line++;
        if (!isLine(text)) return malformed(text.slice(0, 200));
      }
      if (rest.length > MAX_LINE) return malformed(`more than ${MAX_LINE} characters`);
    }
    rest += decoder.decode();
  } catch (error) {
    line++;
    return malformed(error instanceof TypeError ? "not UTF-8" : reasonOf(error));
  }
  line++;
  return rest === ""
    ? { check, expected: "as written", actual: "as written", status: "ok" }
    : malformed("no end of the line");
}

/** A line has no control characters, as they are written as escapes. */
function isLine(text: string): boolean {
  return START.test(text) && text.includes(" msg=") && !/\p{Cc}/u.test(text);
}
