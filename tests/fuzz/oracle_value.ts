/**
 * Numbers and times read slowly: as exact fractions of big integers.
 *
 * @module
 */

/** `units / 10^places`. */
export interface Exact {
  readonly units: bigint;
  readonly places: number;
}

const MISSING = ["", "-", "null", "nan", "n/a", "na", "none", "nil"];
const PLAIN = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i;
const POWERS: Readonly<Record<string, number>> = { K: 3, M: 6, B: 9 };

/** The number that a cell stands for; null for a missing one, undefined for none. */
export function exactNumber(cell: string): Exact | null | undefined {
  let text = cell.trim();
  if (MISSING.includes(text.toLowerCase())) return null;
  text = text.replace(/^−/, "-").replace(/^([+-]?) *[$€£¥₹₩₿][ \u00a0]*/, "$1")
    .replace(/[ \u00a0]*[$€£¥₹₩₿]$/, "");
  const power = /^[^e]*\d\.? ?[KMB]$/i.test(text) ? POWERS[text.at(-1)!.toUpperCase()]! : 0;
  if (power > 0) text = text.slice(0, -1).trimEnd();
  const match = PLAIN.exec(ungrouped(text));
  if (match === null || (match[2] === "" && match[3] === "")) return undefined;
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  const units = BigInt(whole + fraction) * (sign === "-" ? -1n : 1n);
  const places = fraction.length - Number(exponent) - power;
  if (Math.abs(places) > 1000) return undefined;
  return places < 0 ? { units: units * 10n ** BigInt(-places), places: 0 } : { units, places };
}

/** Without what stands between groups of thousands, or of lakhs, if all groups are whole. */
function ungrouped(text: string): string {
  const [, sign = "", whole = "", rest = ""] = /^([+-]?)([^.e]*)(.*)$/is.exec(text) ?? [];
  const [mark, ...others] = new Set(whole.replaceAll(/\d/g, ""));
  if (mark === undefined || others.length > 0 || !",'’ \u00a0\u202f\u2009".includes(mark)) {
    return text;
  }
  const [first = "", ...groups] = whole.split(mark);
  const last = groups.pop();
  const size = mark === "," && groups.some(({ length }) => length === 2) ? 2 : 3;
  const areWhole = last?.length === 3 && groups.every(({ length }) => length === size);
  const isLakh = mark === "," && groups.length > 0 && size === 2 && first.length <= 2;
  const isThousand = size === 3 && first.length <= 3;
  return areWhole && /^[1-9]/.test(first) && (isLakh || isThousand)
    ? sign + [first, ...groups, last].join("") + rest
    : text;
}

/** Whether two numbers are the same one. */
export function isEqual(a: Exact, b: Exact): boolean {
  return a.units * 10n ** BigInt(b.places) === b.units * 10n ** BigInt(a.places);
}

/** The double nearest to a number. */
function nearest({ units, places }: Exact): number {
  return Number(`${units}e-${places}`);
}

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/;

/** Milliseconds of an ISO time or a Unix time; NaN for an ISO time that does not exist, undefined for what else there is. */
export function timeMs(cell: string): number | undefined {
  const text = cell.trim();
  const iso = ISO.exec(text);
  if (iso !== null) return isoMs(iso);
  const unix = /^(\d+)(?:\.(\d{1,9}))?$/.exec(text);
  if (unix === null) return undefined;
  const [, whole = "", fraction = ""] = unix;
  // Those may be dates without separators.
  if ([8, 12, 14].includes(whole.length)) return undefined;
  const seconds = BigInt(whole);
  const scale = [0, 3, 6, 9].find((digits) => {
    const unit = 10n ** BigInt(digits);
    return seconds >= 100_000_000n * unit && seconds <= 7_258_118_400n * unit;
  });
  if (scale === undefined) return undefined;
  const exact = { units: BigInt(whole + fraction) * 1000n, places: fraction.length + scale };
  return nearest(exact);
}

function isoMs(match: RegExpExecArray): number {
  const [year, month, day, hour = 0, minute = 0, second = 0] = match.slice(1, 7)
    .map((digits) => digits === undefined ? undefined : Number(digits));
  const date = new Date(0);
  date.setUTCFullYear(year!, month! - 1, day);
  const exists = date.getUTCMonth() === month! - 1 && date.getUTCDate() === day;
  if (!exists || hour > 23 || minute > 59 || second > 60) return NaN;
  const [, sign, hours = "0", minutes = "0"] = /^([+-])(\d\d):?(\d\d)?$/.exec(match[8] ?? "") ?? [];
  if (Number(hours) > 23 || Number(minutes) > 59) return NaN;
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -1 : 1);
  const whole = BigInt(date.getTime() / 1000 + hour * 3600 + (minute - offset) * 60 + second);
  const fraction = match[7] ?? "";
  return nearest({
    units: (whole * 10n ** BigInt(fraction.length) + BigInt(fraction || "0")) * 1000n,
    places: fraction.length,
  });
}
