/**
 * From the path of a data file to bars in time order.
 *
 * The file is read once, in blocks; every block is hashed and parsed from the
 * same bytes.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import { printable } from "../quote.ts";
import { type Bars, COLUMN_NAMES, type ColumnName } from "../experiment.ts";
import { type Block, type BlockSource, openBlocks, SLACK_BYTES } from "./block_source.ts";
import { reorderColumn } from "./decimal_column.ts";
import { detectDialect } from "./dialect.ts";
import { type ColumnOverrides, planColumns } from "./header.ts";
import { type DroppedRows, type ParsedRows, RowParser } from "./rows.ts";
import { rowsHash } from "./rows_hash.ts";
import { reorderText, type TextColumn } from "./text_column.ts";
import { type RowOrder, timeOrder } from "./time_order.ts";

const BLOCK_BYTES = 1 << 20;

/** What is to be read. */
export interface LoadRequest {
  /** The data file. */
  readonly path: string;
  /** The columns that the experiment reads. */
  readonly columns: readonly ColumnName[];
  /** The config's `columns:`. */
  readonly overrides: ColumnOverrides;
  /** Share of rows, 0 to 1, that may lack a value and be dropped. */
  readonly maxMissing: number;
  /** Whether time and close are kept as they stood. */
  readonly keepText: boolean;
  /** Ends the reading early. */
  readonly abort?: AbortSignal;
  /** Called after each block with the bytes read so far and those in all. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Bytes read at once, for tests; default 1 MiB. */
  readonly blockBytes?: number;
}

/** Bars, and what was found on the way. */
export interface LoadedBars {
  /** The bars, in time order. */
  readonly bars: Bars;
  /** Time and close as they stood, if asked for. */
  readonly text: { readonly time: TextColumn | null; readonly close: TextColumn } | null;
  /** Bytes of the file. */
  readonly bytes: number;
  /** SHA-256 of the file's bytes, as `sha256:…`. */
  readonly dataHash: string;
  /** SHA-256 of the bars, as `sha256:…`; see {@linkcode rowsHash}. */
  readonly rowsHash: string;
  /** Data rows in the file, dropped ones included. */
  readonly rowsRead: number;
  /** Rows dropped as a wanted column had no value. */
  readonly missing: DroppedRows;
  /** The order in which the rows stood. */
  readonly rowOrder: RowOrder;
  /** Bars with the same time as the bar before. */
  readonly repeatedTimes: number;
}

/**
 * Reads a data file.
 *
 * @throws {UserError} if the file cannot be opened, read or understood, holds
 * no row, or lacks more values than allowed
 */
export async function loadBars(request: LoadRequest): Promise<LoadedBars> {
  // As messages show it; only `request.path` is ever opened.
  const path = printable(request.path);
  using file = await openData(request.path);
  const before = await file.stat();
  if (before.isDirectory) throw isDirectory(path);
  const { rows, dataHash, bytes } = await readRows(file, { ...request, size: before.size });
  const after = await file.stat();
  const touched = after.size !== before.size ||
    after.mtime?.getTime() !== before.mtime?.getTime();
  if (before.isFile && touched) {
    throw new UserError(`Cannot trust ${path}: it changed while it was read`, {
      code: "data_unreadable",
      hint: "Run again once nothing writes to it.",
    });
  }
  refuseMissing(rows, { ...request, path });
  return {
    ...await inTimeOrder(rows, request.columns),
    dataHash,
    bytes,
    rowsRead: rows.rowsRead,
    missing: rows.missing,
  };
}

async function openData(opened: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(opened);
  } catch (error) {
    const path = printable(opened);
    if (error instanceof Deno.errors.NotFound) {
      throw new UserError(`Cannot find the data file ${path}`, {
        code: "data_unreadable",
        hint: "Name it with --data FILE, or as data: in the config (relative to the config file).",
        cause: error,
      });
    }
    if (error instanceof Deno.errors.IsADirectory) throw isDirectory(path);
    throw cannotRead(path, error);
  }
}

function isDirectory(path: string): UserError {
  return new UserError(`Cannot read ${path}: it is a directory, not a data file`, {
    code: "data_unreadable",
    hint: "Name the file in it: --data FILE.",
  });
}

function cannotRead(path: string, cause: unknown): UserError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new UserError(`Cannot read ${path}: ${reason}`, {
    code: "data_unreadable",
    hint: "Check that it is a file and that you may read it.",
    cause,
  });
}

async function readRows(
  file: Deno.FsFile,
  request: LoadRequest & { readonly size: number },
): Promise<{ rows: ParsedRows; dataHash: string; bytes: number }> {
  const { path, size, blockBytes = BLOCK_BYTES } = request;
  const blocks = openBlocks(file, { path, size, blockBytes });
  let parser: RowParser | undefined;
  let carried = new Uint8Array(0);
  let done = 0;
  try {
    for (let final = false; !final;) {
      request.abort?.throwIfAborted();
      const block = await nextBlock(blocks, printable(path));
      final = block.final;
      done += block.to - block.from;
      const { bytes, from: start, to } = withCarried(block, carried);
      let from = start;
      if (parser === undefined) {
        const beginning = bytes.subarray(from, to);
        parser = newParser(beginning, { request, whole: final });
        from += parser.dataOffset;
      }
      const used = parser.take(bytes, { from, to, final });
      carried = bytes.slice(used, to);
      blocks.recycle(block);
      request.onProgress?.(done, size);
    }
    return { rows: parser!.finish(), dataHash: await blocks.digest(), bytes: done };
  } finally {
    blocks.close();
  }
}

async function nextBlock(blocks: BlockSource, path: string): Promise<Block> {
  try {
    return await blocks.next();
  } catch (error) {
    if (error instanceof Deno.errors.IsADirectory) throw isDirectory(path);
    throw cannotRead(path, error);
  }
}

/** A block with the end of the one before in front of it. */
function withCarried(
  { bytes, from, to }: Block,
  carried: Uint8Array,
): Pick<Block, "bytes" | "from" | "to"> {
  if (carried.length <= from) {
    bytes.set(carried, from - carried.length);
    return { bytes, from: from - carried.length, to };
  }
  const joined = new Uint8Array(carried.length + to - from + SLACK_BYTES);
  joined.set(carried);
  joined.set(bytes.subarray(from, to), carried.length);
  return { bytes: joined, from: 0, to: carried.length + to - from };
}

function newParser(
  beginning: Uint8Array,
  { request, whole }: {
    readonly request: LoadRequest & { readonly size: number };
    readonly whole: boolean;
  },
): RowParser {
  const { columns, overrides, keepText, size } = request;
  const path = printable(request.path);
  const dialect = detectDialect(beginning, { path, whole });
  const plan = planColumns(dialect.header, { wanted: columns, overrides, path });
  const capacity = guessRows(beginning.subarray(dialect.dataOffset), size);
  return new RowParser({ dialect, plan, keepText, capacity, path });
}

/** How many rows the file probably has, from the line breaks in its beginning. */
function guessRows(beginning: Uint8Array, size: number): number {
  const block = beginning.subarray(0, 1 << 16);
  let lines = 1;
  for (let p = block.indexOf(0x0a); p !== -1; p = block.indexOf(0x0a, p + 1)) lines++;
  const guess = Math.ceil((lines / Math.max(1, block.length)) * size * 1.05) + 16;
  return Math.min(guess, size + 16);
}

function refuseMissing(rows: ParsedRows, { path, maxMissing, columns }: LoadRequest): void {
  const { rowsRead, missing } = rows;
  if (rowsRead === 0) {
    throw new UserError(`Cannot read ${path}: it has a header line but no rows`, {
      code: "data_empty",
      hint: "Was it cut off? It needs a row for each bar.",
    });
  }
  // A share written as a decimal is the double nearest to it, as this quotient is;
  // the product of share and rows could miss the count by a rounding.
  if (missing.count / rowsRead <= maxMissing) return;
  const lines = missing.lines.join(", ") + (missing.count > missing.lines.length ? ", …" : "");
  throw new UserError(
    `Cannot use ${path}: ${missing.count} of ${rowsRead} rows have no ${columns.join(" or ")} ` +
      `(line ${lines}), more than max_missing (${maxMissing}) allows`,
    {
      code: "data_missing_values",
      hint: "Look at these lines. To drop such rows all the same, raise the share that may be " +
        `missing: --set max_missing=${
          Math.min(1, Math.ceil((missing.count / rowsRead) * 100) / 100)
        }`,
    },
  );
}

async function inTimeOrder(
  rows: ParsedRows,
  columns: readonly ColumnName[],
): Promise<Pick<LoadedBars, "bars" | "text" | "rowsHash" | "rowOrder" | "repeatedTimes">> {
  const { found, order, repeatedTimes } = timeOrder(rows.times);
  const present = COLUMN_NAMES.flatMap((name) => {
    const column = rows.columns.get(name);
    if (column === undefined) return [];
    return [[name, order === null ? column : reorderColumn(column, order)] as const];
  });
  const times = rows.times === null || order === null
    ? rows.times
    : Float64Array.from(order, (row) => rows.times![row]!);
  // Only the columns asked for are there, and only they may be used.
  const bars = { length: rows.length, times, ...Object.fromEntries(present) } as unknown as Bars;
  const text = rows.text === null || order === null ? rows.text : {
    time: rows.text.time === null ? null : reorderText(rows.text.time, order),
    close: reorderText(rows.text.close, order),
  };
  return { bars, text, rowsHash: await rowsHash(bars, columns), rowOrder: found, repeatedTimes };
}
