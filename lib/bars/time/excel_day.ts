/**
 * Times as spreadsheets keep them: days since the end of 1899, as a decimal.
 * Pure.
 *
 * @module
 */

const MS_PER_DAY = 86_400_000;
const MS_PER_SECOND = 1000;
/** 1899-12-30 in milliseconds: two days early, as 1900 is taken for a leap year there. */
const EPOCH = -2_209_161_600_000;

/** Days at 1950-01-01 and 2200-01-01: what lies outside is a number of rows, or something else. */
const FIRST_DAY = 18_264;
const LAST_DAY = 109_575;

const DAYS = /^(\d{5,6})(?:\.(\d{1,17}))?$/;

/** Whether a number may be that of a day from 1950 to 2199. */
export function isExcelDay(day: number): boolean {
  return day >= FIRST_DAY && day < LAST_DAY;
}

/**
 * A number of days as local milliseconds since 1970-01-01; NaN if it is none
 * from 1950 to 2199. Of a number cut off after some digits, the whole second
 * that it stands for.
 */
export function excelMs(text: string): number {
  const [, whole, fraction = ""] = DAYS.exec(text.trim()) ?? [];
  const day = Number(whole);
  if (!isExcelDay(day)) return NaN;
  const midnight = EPOCH + day * MS_PER_DAY;
  const ms = Number(`0.${fraction}0`) * MS_PER_DAY;
  const second = Math.round(ms / MS_PER_SECOND) * MS_PER_SECOND;
  // Half of the last digit, and what a double of 53 bits cannot hold of so many days.
  const unsure = MS_PER_DAY * (0.5 * 10 ** -fraction.length + 2 ** -36);
  return midnight + (Math.abs(ms - second) <= unsure ? second : Math.round(ms));
}
