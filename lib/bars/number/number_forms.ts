/**
 * Numbers as people and vendors write them, brought to the plain form.
 *
 * @module
 */

const CURRENCY = /^([+-]?)\s*[$€£¥₹₩₿]\s*|\s*[$€£¥₹₩₿]$/g;
const THOUSANDS = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?$/;
/** Grouped more than once, or with a point. */
const CERTAIN_THOUSANDS = /^[+-]?\d{1,3}(?:,\d{3}){2,}(?:\.\d*)?$|^[+-]?\d{1,3}(?:,\d{3})+\.\d*$/;
const DECIMAL_COMMA = /^([+-]?)(\d{1,3}(?:[. ]\d{3})+|\d*),(\d+)$/;
const MAGNITUDE = /^([+-]?(?:\d+\.?\d*|\.\d+))\s?([KMB])$/i;

const EXPONENTS: Readonly<Record<string, number>> = { K: 3, M: 6, B: 9 };

/**
 * What a comma in a number means: it groups thousands, begins the fraction,
 * or that cannot be told, so that `1,234` is no number.
 */
export type CommaMeaning = "thousands" | "fraction" | "unknown";

/**
 * The plain decimal that a text stands for: without currency sign and
 * thousands separators, `1.38M` as `1.38e6`. A text that is none of these
 * comes back as it is.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { plainNumber } from "./number_forms.ts";
 *
 * assert(plainNumber("$1,234.50", "thousands") === "1234.50");
 * assert(plainNumber("1.234,50", "fraction") === "1234.50");
 * assert(plainNumber("1.38M", "thousands") === "1.38e6");
 * ```
 */
export function plainNumber(text: string, comma: CommaMeaning): string {
  const bare = text.trim().replace(CURRENCY, "$1");
  if (comma === "fraction") {
    const match = DECIMAL_COMMA.exec(bare);
    if (match !== null) return `${match[1]}${match[2]!.replace(/[. ]/g, "")}.${match[3]}`;
    // Without a comma, points and spaces can only group thousands.
    return /^[+-]?\d{1,3}(?:[. ]\d{3})+$/.test(bare) ? bare.replace(/[. ]/g, "") : bare;
  }
  if (THOUSANDS.test(bare) && (comma === "thousands" || CERTAIN_THOUSANDS.test(bare))) {
    return bare.replaceAll(",", "");
  }
  const magnitude = MAGNITUDE.exec(bare);
  if (magnitude !== null) return `${magnitude[1]}e${EXPONENTS[magnitude[2]!.toUpperCase()]}`;
  return bare;
}

/** What commas mean in these cells, which do not stand between commas. */
export function commaMeaning(cells: readonly string[]): CommaMeaning {
  const bare = cells.map((cell) => cell.trim().replace(CURRENCY, "$1"));
  if (bare.some((cell) => DECIMAL_COMMA.test(cell) && !THOUSANDS.test(cell))) return "fraction";
  return bare.some((cell) => CERTAIN_THOUSANDS.test(cell)) ? "thousands" : "unknown";
}
