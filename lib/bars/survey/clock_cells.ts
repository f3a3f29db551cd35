/**
 * Times of day in a column of their own, beside one of dates. Pure.
 *
 * @module
 */

/** How a column writes times of day. */
export type ClockForm =
  /** With colons: `9:30`, `09:30:00`, `9:30 PM`. */
  | "colons"
  /** Digits alone, hours and minutes, zeros in front left out or not: `930`, `1600`. */
  | "HHMM"
  /** Digits alone, hours, minutes and seconds: `93000`, `160000`. */
  | "HHMMSS";

const COLONS = /^(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?: ?[ap]\.?m\.?)?$/i;
const HHMM = /^(?:[01]\d|2[0-3])[0-5]\d$/;
const HHMMSS = /^(?:[01]\d|2[0-3])[0-5]\d[0-5]\d$/;

/** How all cells of a column write times of day. */
export interface ClockCellsForm {
  /** Their form. */
  readonly form: ClockForm;
  /** Whether all are the same, as in daily bars. */
  readonly isConstant: boolean;
}

/** Takes the cells of a column as long as they are times of day, all in one form. */
export class ClockCells {
  #forms: readonly ClockForm[] = ["colons", "HHMM", "HHMMSS"];
  #longest = 0;
  #different = new Set<string>();

  /** Whether the next cell is a time of day, too. */
  take(cell: string): boolean {
    this.#forms = this.#forms.filter((form) => isClock(cell, form));
    this.#longest = Math.max(this.#longest, cell.length);
    if (this.#different.size < 2) this.#different.add(cell);
    return this.#forms.length > 0;
  }

  /** The form; null if the cells are too short for it to be told. */
  finish(): ClockCellsForm | null {
    const form = this.#form();
    return form === null ? null : { form, isConstant: this.#different.size < 2 };
  }

  #form(): ClockForm | null {
    if (this.#forms[0] === "colons") return "colons";
    // Without zeros in front, the longest tell what is written.
    if (this.#longest >= 5) return this.#forms.includes("HHMMSS") ? "HHMMSS" : null;
    const isMidnight = this.#different.size === 1 && /^0+$/.test([...this.#different][0]!);
    return (this.#longest >= 3 || isMidnight) && this.#forms.includes("HHMM") ? "HHMM" : null;
  }
}

function isClock(cell: string, form: ClockForm): boolean {
  if (form === "colons") return COLONS.test(cell);
  if (!/^\d{1,6}$/.test(cell)) return false;
  return form === "HHMM"
    ? cell.length <= 4 && HHMM.test(cell.padStart(4, "0"))
    : HHMMSS.test(cell.padStart(6, "0"));
}

/** A time of day as one with colons: `93000` in the form HHMMSS is `09:30:00`. */
export function withColons(cell: string, form: ClockForm): string {
  if (form === "colons") return cell;
  const digits = cell.padStart(form === "HHMM" ? 4 : 6, "0");
  return digits.replaceAll(/\d\d(?=\d)/g, "$&:");
}
