/**
 * Dates whose year has two digits: 31/01/24, 31-Jan-24, 24-01-31. Pure.
 *
 * @module
 */

/** The readings of such a date, as text with four digits of the year, and what follows it. */
export interface TwoDigitYear {
  /** With the year last: the day or the month first, or the month by name. */
  readonly yearLast: string;
  /** With the year first; null if it cannot stand there. */
  readonly yearFirst: string | null;
}

/** `31/01/24`, `1.31.'24`. */
const NUMBERS = /^(\d{1,2})([-/.])(\d{1,2})\2('?)(\d{2})(?!\d)(.*)$/s;
/** `31-Jan-24`, `31 January '24`. */
const NAME = /^(\d{1,2})([-/. ])\s?(\p{L}{3,10})\.?,?\2\s?('?)(\d{2})(?![\d:])(.*)$/su;

/** The readings of a date with two digits of the year; null if the text begins with none. */
export function twoDigitYear(text: string): TwoDigitYear | null {
  const [, first, separator, second, mark, last, rest] = NUMBERS.exec(text) ?? NAME.exec(text) ??
    [];
  if (rest === undefined) return null;
  const dated = (year: string, form: (year: number) => string) => form(fullYear(year)) + rest;
  const isName = /\p{L}/u.test(second!);
  return {
    yearLast: dated(last!, (year) => [first, second, year].join(separator)),
    yearFirst: mark !== "" || first!.length < 2
      ? null
      : dated(first!, (year) =>
        isName ? [last, second, year].join(separator) : [year, second, last].join("-")),
  };
}

/** 1950 to 2049. */
function fullYear(digits: string): number {
  const year = Number(digits);
  return year < 50 ? 2000 + year : 1900 + year;
}
