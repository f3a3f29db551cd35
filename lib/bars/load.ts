/**
 * From the path of a data file to bars in time order.
 *
 * @module
 */

import type { Bars, ColumnName } from "../experiment.ts";
import type { Input } from "../host.ts";
import { barsOf } from "./bars.ts";
import { readData } from "./file.ts";
import type { ColumnOverrides } from "./header.ts";
import type { MissingRows, QualityReport } from "./quality/quality.ts";
import type { DecimalMark } from "./number/decimal_mark.ts";
import type { DuplicatesPolicy } from "./quality/repeated_times.ts";
import { shownPath } from "./source/data_file.ts";
import type { TextColumn } from "./text_column.ts";
import type { TimeFormat } from "./time/time_format.ts";
import type { Times } from "./time/times.ts";

/** What is to be read. */
export interface LoadRequest {
  /** Absolute path of the data file; `-` for standard input. */
  readonly path: string;
  /** Standard input, where that may be asked for. */
  readonly stdin?: Input | undefined;
  /** The columns that the experiment reads. */
  readonly columns: readonly ColumnName[];
  /** The config's `columns:`. */
  readonly overrides: ColumnOverrides;
  /** Columns that are read where the file has them. */
  readonly optional?: readonly ColumnName[];
  /** What begins the fraction of a number, where the rows are not to tell. */
  readonly decimalMark?: DecimalMark | undefined;
  /** Columns that are looked at for what is noteworthy alone, where the file has them. */
  readonly checks?: readonly ColumnName[];
  /** Which row counts where several have one time; without it identical ones count once. */
  readonly duplicates?: DuplicatesPolicy | undefined;
  /** The form of times, where it is not to be detected. */
  readonly timeFormat?: TimeFormat | undefined;
  /** The time zone of times without an offset; default UTC. */
  readonly timeZone?: string | undefined;
  /** Whether rows that conflict are an error, as by default, or only reported. */
  readonly conflicts?: "refuse" | "report";
  /** The instrument whose rows are taken, where a column names them. */
  readonly symbol?: string | undefined;
  /** Share of rows, 0 to 1, that may lack a value and be dropped. */
  readonly maxMissing: number;
  /** Whether time and close are kept as they stood. */
  readonly keepLines: boolean;
  /** Whether all rows are asked which column is what, though titles say it. */
  readonly surveyed?: boolean;
  /** Ends the reading early. */
  readonly abort?: AbortSignal;
  /** Called after each block with the bytes read so far and those in all. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Bytes read at once, for tests; default 2 MiB. */
  readonly blockBytes?: number;
}

/** Bars, and what was found on the way. */
export interface LoadedBars {
  /** The bars, in time order. */
  readonly bars: Bars;
  /** Their times, without writing all of them out; null if there are none. */
  readonly times: Times | null;
  /** Time and close as they stood, as lines of CSV, if asked for. */
  readonly lines: TextColumn | null;
  /** Bytes of all files. */
  readonly bytes: number;
  /** SHA-256 of the file's bytes, as `sha256:…`; of several files: of their hashes and sizes. */
  readonly dataHash: string;
  /** SHA-256 of the bars, as `sha256:…`; see {@linkcode rowsHash}. */
  readonly rowsHash: string;
  /** Data rows in all files, dropped ones included. */
  readonly rowsRead: number;
  /** Rows dropped as a wanted column had no value. */
  readonly missing: MissingRows;
  /** The form of the files, in words. */
  readonly form: string;
  /** What is noteworthy about the bars. */
  readonly quality: QualityReport;
  /** The files, in the order of their bars. */
  readonly files: readonly LoadedFile[];
}

/** A file of bars. */
export interface LoadedFile extends Pick<LoadedBars, "bytes" | "form"> {
  /** Its absolute path; `-` for standard input. */
  readonly path: string;
  /** Data rows in it, dropped ones included. */
  readonly rows: number;
  /** SHA-256 of its bytes, as `sha256:…`. */
  readonly dataHash: string;
}

/**
 * Reads a data file.
 *
 * @throws {UserError} if the file cannot be opened, read or understood, holds
 * no row, or lacks more values than allowed
 */
export async function loadBars(request: LoadRequest): Promise<LoadedBars> {
  const { path } = request;
  const { rows, understood, ...file } = await readData(request);
  return {
    ...await barsOf({ ...rows, name: shownPath(path), understood: [understood] }, request),
    ...file,
    files: [{ path, rows: rows.rowsRead, ...file }],
  };
}
