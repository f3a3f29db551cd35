/**
 * Numbers as people and vendors write them, brought to the plain form.
 *
 * @module
 */

import type { DecimalMark } from "./decimal_mark.ts";

const CURRENCY = /^([+-]?) *[$€£¥₹₩₿][ \u00a0]*|[ \u00a0]*[$€£¥₹₩₿]$/g;
const MAGNITUDE = /\s?([KMB])$/i;

const EXPONENTS: Readonly<Record<string, number>> = { K: 3, M: 6, B: 9 };

/** What groups thousands besides the mark that does not begin the fraction: apostrophes, spaces. */
const GROUPS = "'’ \\u00a0\\u202f\\u2009";
/** India's groups: three digits at the end, two before them. */
const INDIAN = "[1-9]\\d?(?:,\\d{2})+,\\d{3}";

const NUMBERS: Readonly<Record<DecimalMark, RegExp>> = {
  point: numberOf({ mark: "\\.", whole: `${grouped(",")}|${INDIAN}` }),
  comma: numberOf({ mark: ",", whole: grouped(".") }),
};

/** Digits in groups of three, of which the first begins with no zero. */
function grouped(mark: string): string {
  return `[1-9]\\d{0,2}(?<group>[${mark}${GROUPS}])\\d{3}(?:\\k<group>\\d{3})*`;
}

function numberOf({ mark, whole }: { readonly mark: string; readonly whole: string }): RegExp {
  const fraction = `(?:${mark}(?<fraction>\\d*))?`;
  return new RegExp(
    `^(?<sign>[+-]?)(?<whole>${whole}|\\d+|(?=${mark}\\d))${fraction}(?<exponent>e[+-]?\\d+)?$`,
    "i",
  );
}

/**
 * The plain decimal that a text stands for where this mark begins fractions:
 * without currency sign and separators of thousands, `1.38M` as `1.38e6`; null
 * if it is no number then.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { plainNumber } from "./number_forms.ts";
 *
 * assert(plainNumber("$1,234.50", "point") === "1234.50");
 * assert(plainNumber("1.234,50", "comma") === "1234.50");
 * assert(plainNumber("1.38M", "point") === "1.38e6");
 * ```
 */
export function plainNumber(text: string, mark: DecimalMark): string | null {
  const bare = text.trim().replace(/^−/, "-").replace(CURRENCY, "$1");
  const [, magnitude] = MAGNITUDE.exec(bare) ?? [];
  const match = NUMBERS[mark].exec(magnitude === undefined ? bare : bare.replace(MAGNITUDE, ""));
  if (match === null) return null;
  const { sign, whole, fraction, exponent } = match.groups!;
  if (magnitude !== undefined && exponent !== undefined) return null;
  return sign + whole!.replace(/\D/g, "") + (fraction === undefined ? "" : `.${fraction}`) +
    (magnitude === undefined ? exponent ?? "" : `e${EXPONENTS[magnitude.toUpperCase()]}`);
}
