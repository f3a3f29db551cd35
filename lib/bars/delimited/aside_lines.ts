/**
 * Lines of a delimited file that are no rows: the header again where files
 * were put together, comments, lines that are drawn, and what stands below the
 * data. A line that could be a bar is none of these. Pure.
 *
 * @module
 */

import type { RowProblem } from "../row_problem.ts";
import { isMissing, isValue } from "./cell_kinds.ts";
import type { KnownLines } from "./dialect.ts";
import { isRule } from "./titles.ts";

/** How many lines below the data are remembered by line. */
const SHOWN_LINES = 5;

/** Lines that were left out. */
export interface LeftOut {
  /** Lines of titles that repeat those at the beginning, with what stood above these. */
  readonly titles: number;
  /** Comments, and lines that are drawn. */
  readonly notes: number;
  /** Lines below the data. */
  readonly below: number;
  /** Lines of the file of the first few of these. */
  readonly belowLines: readonly number[];
}

/** What was left out of several files. */
export function joinLeftOut(files: readonly LeftOut[]): LeftOut | null {
  const sum = (count: (file: LeftOut) => number) =>
    files.reduce((total, file) => total + count(file), 0);
  return files.length === 0 ? null : {
    titles: sum(({ titles }) => titles),
    notes: sum(({ notes }) => notes),
    below: sum(({ below }) => below),
    belowLines: [],
  };
}

/** A line that has been left out unless a row follows. */
export interface PendingLine {
  /** What is wrong with it if it is a row. */
  readonly problem: RowProblem;
  /** Its line. */
  readonly line: number;
  /** The number of the row that it would be. */
  readonly row: number;
}

/** Where the fields are that make a line a bar. */
export interface BarFields {
  /** How many fields a row has. */
  readonly width: number;
  /** The field of the time; null without one. */
  readonly time: number | null;
  /** The field of the close; -1 without one. */
  readonly close: number;
}

/** Takes the lines that are no rows. */
export class AsideLines {
  readonly #known: KnownLines;
  readonly #fields: BarFields;
  #titles = 0;
  #notes = 0;
  #below = 0;
  readonly #belowLines: number[] = [];
  #pending: PendingLine | null = null;
  /** Whether every pending line also stands above the titles. */
  #areAbove = true;

  /** For one file. */
  constructor(known: KnownLines, fields: BarFields) {
    this.#known = known;
    this.#fields = fields;
  }

  /** The first line that cannot be left out if another row follows. */
  get pending(): PendingLine | null {
    return this.#pending;
  }

  /** What was left out; to be asked at the end. */
  get leftOut(): LeftOut {
    return {
      titles: this.#titles,
      notes: this.#notes,
      below: this.#below,
      belowLines: this.#belowLines,
    };
  }

  /**
   * Takes a line that cannot be read as a row.
   *
   * @param cells its fields; of a comment the text alone
   * @param would what it would be as a row, and whether it has a time where rows have it
   * @returns what is wrong with the line if it cannot be left out, else null
   */
  take(
    cells: readonly string[],
    would: PendingLine & { readonly hasTime: boolean },
  ): RowProblem | null {
    const { problem, line, row, hasTime } = would;
    if (cells[0]!.startsWith("#")) return this.#takeComment(cells);
    if (this.takeKnown(cells)) return null;
    if (this.#couldBeBar(cells, hasTime)) return problem;
    this.#below++;
    if (this.#belowLines.length < SHOWN_LINES) this.#belowLines.push(line);
    this.#areAbove &&= this.#known.above.some((above) => isSame(above, cells));
    this.#pending ??= { problem, line, row };
    return null;
  }

  /** Takes a line if it is the titles again, or drawn; returns whether it is. */
  takeKnown(cells: readonly string[]): boolean {
    if (this.#isTitles(cells)) {
      this.#takeTitles();
      return true;
    }
    if (!isRule(cells)) return false;
    this.#notes++;
    return true;
  }

  #takeComment(cells: readonly string[]): RowProblem | null {
    const { delimiter } = this.#known;
    const [first, ...rest] = cells.length > 1 ? cells : cells[0]!.split(delimiter);
    const bare = first!.replace(/^#+\s*/, "");
    const inside = (bare === "" ? rest : [bare, ...rest]).map((cell) => cell.trim());
    if (this.takeKnown(inside)) return null;
    const { width, close } = this.#fields;
    if (inside.length >= width && this.#couldBeBar(inside, false) && isValue(inside[close] ?? "")) {
      return {
        message: "the line is a comment, but would be a bar without its #",
        hint: "Remove the line, or the # at its beginning.",
      };
    }
    this.#notes++;
    return null;
  }

  /** The titles again: what stood above them before may stand there now. */
  #takeTitles(): void {
    this.#titles++;
    if (this.#pending === null || !this.#areAbove) return;
    this.#titles += this.#below;
    this.#below = 0;
    this.#belowLines.length = 0;
    this.#pending = null;
  }

  #isTitles(cells: readonly string[]): boolean {
    return this.#known.titles.some((titles) => isSame(titles, cells));
  }

  /** Whether a line may be a row that is damaged or cut off. */
  #couldBeBar(cells: readonly string[], hasTime: boolean): boolean {
    if (isCount(cells.join(" ").trim())) return false;
    const { time, close, width } = this.#fields;
    if (hasTime || isValue(cells[0]!) || isValue(cells[close] ?? "")) return true;
    if (time !== null && isValue(cells[time] ?? "")) return true;
    if (cells.length >= width) return time === null || cells.every(isMissing);
    // What a row would begin like, had it been cut off there.
    return shape(this.#known.firstRow).startsWith(shape(cells));
  }
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  const length = Math.max(a.length, b.length);
  for (let at = 0; at < length; at++) if ((a[at] ?? "") !== (b[at] ?? "")) return false;
  return true;
}

/** Whether a text tells how many rows there are: `(12 rows)`, `12 rows in set`. */
function isCount(text: string): boolean {
  return /^\(?\d[\d,.]*\s+(?:rows?|records?|lines?|bars?|results?|tuples?|entries)\b/i.test(text);
}

/** Letters and digits, however many in a row, as one of each. */
function shape(cells: readonly string[]): string {
  return cells.join("\t").replaceAll(/\p{L}+/gu, "a").replaceAll(/\d+/g, "9");
}
