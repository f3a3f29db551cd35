/**
 * Names that an experiment can have.
 *
 * @module
 */

import { usageError } from "../../errors.ts";
import { quote } from "../../quote.ts";

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** So that its line in the table of experiments is none that the formatter breaks. */
const LONGEST = 36;

/** `mod.ts` is the table itself. */
const TAKEN: readonly string[] = ["mod"];

/**
 * The name itself, if an experiment can have it.
 *
 * @throws {UserError} if it cannot, with the nearest name that it could have
 */
export function checkedName(name: string): string {
  if (isName(name)) return name;
  const near = nearestName(name);
  throw usageError(
    `Cannot name an experiment ${quote(name)}` +
      (near === undefined ? "" : `: did you mean ${near}?`),
    `A name is words of lower-case letters and digits, joined by hyphens, as in my-signal: ` +
      `up to ${LONGEST} characters, a letter first` +
      (TAKEN.includes(name) ? `; ${name}.ts is the table of experiments.` : "."),
  );
}

/** The file of an experiment: `my_signal.ts` of `my-signal`. */
export function fileOf(name: string): string {
  return `${name.replaceAll("-", "_")}.ts`;
}

function isName(name: string): boolean {
  return NAME.test(name) && name.length <= LONGEST && !TAKEN.includes(name);
}

/** `my-signal` of `My Signal`, `mySignal` or `my_signal.ts`; undefined if nothing is left. */
function nearestName(text: string): string | undefined {
  const name = text
    .replace(/\.[cm]?[jt]s$/, "")
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .normalize("NFKD").replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[-0-9]+/, "")
    .slice(0, LONGEST)
    .replace(/-$/, "");
  return isName(name) ? name : undefined;
}
