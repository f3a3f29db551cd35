/**
 * What the text of a field could be, at a glance. Pure.
 *
 * @module
 */

/** Whether nothing stands there, or a word for it. */
export function isMissing(cell: string): boolean {
  return /^(|null|nil|none|nan|#?n\/?a|-+|\?)$/i.test(cell);
}

/** A date that begins with the name of its day or month: `Jan 14, 2020`, `Thu, 11 Jan 2024`. */
const NAMED_DATE =
  /^(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]?\s+)?(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[.,]?\s+)?\d/i;

/** Whether it begins as numbers and times do. */
export function isValue(cell: string): boolean {
  return /^[+-]?[$€£¥₹₩₿]?\.?\d/.test(cell) || NAMED_DATE.test(cell);
}

/** Whether it has the form of a date, of a clock, or of a Unix time. */
export function looksLikeTime(cell: string): boolean {
  return /\d\s*[-/.:年]\s*\d+\s*[-/.:月]\s*\d/.test(cell) || /^\d{8,19}(\.\d+)?$/.test(cell) ||
    /\d:\d\d/.test(cell) || (/[a-z]{3}/i.test(cell) && /\d/.test(cell));
}

/** Whether it has the form of a number, which no date has. */
export function looksLikeNumber(cell: string): boolean {
  return /^[+-]?\D{0,4}\d[\d.,'’\s\u00a0\u202f]*(e[+-]?\d+)?\s?[%KMBTkmbt$€£]?$/i.test(cell) &&
    !/\d[-/:]\d/.test(cell) && !/^\d{1,4}\.\d{1,2}\.\d{2,4}$/.test(cell);
}

/** The number at a glance, for comparisons; NaN if it is none. */
export function roughNumber(cell: string): number {
  const digits = cell.replace(/[^\d.,e+-]/gi, "");
  const comma = digits.lastIndexOf(",");
  const point = digits.lastIndexOf(".");
  return Number(
    comma > point && digits.indexOf(",") === comma && digits.length - comma !== 4
      ? digits.replaceAll(".", "").replace(",", ".")
      : digits.replaceAll(",", ""),
  );
}
