/**
 * From the path of a data file to bars in time order.
 *
 * The file is read once, in blocks; every block is hashed and parsed from the
 * same bytes.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import type { Bars, ColumnName } from "../experiment.ts";
import type { Input } from "../host.ts";
import { type Block, type ByteInput, SLACK_BYTES } from "./source/block.ts";
import { type BlockSource, openBlocks } from "./source/block_source.ts";
import { reorderColumn } from "./number/decimal_column.ts";
import {
  isDirectory,
  nextBlock,
  openDataFile,
  shownPath,
  STANDARD_INPUT,
} from "./source/data_file.ts";
import { unwrapped } from "./source/container.ts";
import { isParquet } from "./source/magic.ts";
import type { Dialect } from "./delimited/dialect.ts";
import { detectForm, parquetForm } from "./form.ts";
import type { TimeFormat } from "./time/time_format.ts";
import { type ColumnOverrides, planColumns } from "./header.ts";
import { type MissingRows, qualityOf, type QualityReport } from "./quality/quality.ts";
import {
  barsOfDistinctTimes,
  conflictError,
  type DuplicatesPolicy,
  type KeptBars,
  repeatedTimes,
} from "./quality/repeated_times.ts";
import type { Understood } from "./quality/understood.ts";
import { type ParsedRows, RowParser } from "./rows.ts";
import { rowsHash } from "./rows_hash.ts";
import { reorderText, type TextColumn } from "./text_column.ts";
import { type RowOrder, timeOrder } from "./time/time_order.ts";
import { SingleTimes, type Times } from "./time/times.ts";

const BLOCK_BYTES = 1 << 21;

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
  /** Which row counts where several have one time. */
  readonly duplicates?: DuplicatesPolicy | undefined;
  /** The form of times, where it is not to be detected. */
  readonly timeFormat?: TimeFormat | undefined;
  /** The time zone of times without an offset; default UTC. */
  readonly timeZone?: string | undefined;
  /** Whether rows that conflict are an error, as by default, or only reported. */
  readonly conflicts?: "refuse" | "report";
  /** Share of rows, 0 to 1, that may lack a value and be dropped. */
  readonly maxMissing: number;
  /** Whether time and close are kept as they stood. */
  readonly keepLines: boolean;
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

/** What was read of a file. */
export interface FileRows extends Pick<LoadedBars, "form" | "dataHash" | "bytes"> {
  /** Its rows, in its own order. */
  readonly rows: ParsedRows;
  /** What was understood of it. */
  readonly understood: Understood;
}

/**
 * Reads the rows of a data file.
 *
 * @throws {UserError} if it cannot be opened, read or understood, or holds no row
 */
export async function readData(request: LoadRequest): Promise<FileRows> {
  const read = request.path === STANDARD_INPUT
    ? await readStandardInput(request)
    : await readFile(request);
  if (read.rows.rowsRead === 0) {
    throw new UserError(
      `Cannot read ${shownPath(request.path)}: it has a header line but no rows`,
      { code: "data_empty", hint: "Was it cut off? It needs a row for each bar." },
    );
  }
  return read;
}

async function readStandardInput(
  { stdin, onProgress: _, ...request }: LoadRequest,
): Promise<FileRows> {
  const { openStandardInput } = await import("./source/standard_input.ts");
  const input = openStandardInput(stdin, request);
  const read = await readRows(input, { ...request, size: 0 });
  return { ...read, bytes: input.bytesRead };
}

async function readFile(request: LoadRequest): Promise<FileRows> {
  // As messages show it; only `request.path` is ever opened.
  const path = shownPath(request.path);
  using file = await openDataFile(request.path);
  const before = await file.stat();
  if (before.isDirectory) throw isDirectory(path);
  const read = await readRows(file, { ...request, size: before.size });
  const after = await file.stat();
  const touched = after.size !== before.size ||
    after.mtime?.getTime() !== before.mtime?.getTime();
  if (before.isFile && touched) {
    throw new UserError(`Cannot trust ${path}: it changed while it was read`, {
      code: "data_unreadable",
      hint: "Run again once nothing writes to it.",
    });
  }
  return { ...read, bytes: after.size };
}

async function readRows(
  file: ByteInput,
  request: LoadRequest & { readonly size: number },
): Promise<Omit<FileRows, "bytes">> {
  const { size, blockBytes = BLOCK_BYTES } = request;
  const path = shownPath(request.path);
  const blocks = unwrapped(openBlocks(file, { path: request.path, size, blockBytes }), { path });
  try {
    const first = await nextBlock(blocks, path);
    const parser = isParquet(first.bytes.subarray(first.from, first.to))
      ? await parseParquet(blocks, { request, path, first })
      : await parseText(blocks, { request, path, first });
    const { form, understood } = parser;
    return { rows: parser.finish(), form, understood, dataHash: await blocks.digest() };
  } finally {
    blocks.close();
  }
}

/** How the rows of an open file are parsed. */
interface Parsing {
  readonly request: LoadRequest & { readonly size: number };
  /** The path as messages show it. */
  readonly path: string;
  /** The first block. */
  readonly first: Block;
}

async function parseText(
  blocks: BlockSource,
  { request, path, first }: Parsing,
): Promise<RowParser> {
  let parser: RowParser | undefined;
  let carried = new Uint8Array(0);
  let done = 0;
  for (let block = first;; block = await nextBlock(blocks, path)) {
    request.abort?.throwIfAborted();
    const { final } = block;
    done += block.to - block.from;
    const { bytes, from: start, to } = withCarried(block, carried);
    let from = start;
    if (parser === undefined) {
      const beginning = bytes.subarray(from, to);
      const form = await detectForm(beginning, { path, whole: final });
      const capacity = guessRows(beginning.subarray(form.dataOffset), request.size);
      parser = newParser(form, { request, path, capacity });
      from += form.dataOffset;
    }
    const used = parser.take(bytes, { from, to, final });
    carried = bytes.slice(used, to);
    blocks.recycle(block);
    request.onProgress?.(Math.min(done, request.size), request.size);
    if (final) return parser;
  }
}

/** Parquet keeps its table of contents at the end, so all of the file is held. */
async function parseParquet(
  blocks: BlockSource,
  { request, path, first }: Parsing,
): Promise<RowParser> {
  const { wholeFile } = await import("./source/whole_file.ts");
  const { ParquetDecoder } = await import("./parquet/parquet_decoder.ts");
  const { abort, size } = request;
  const bytes = await wholeFile(blocks, { first, size, path, abort });
  // Rows take a byte or more, whatever the file claims.
  const most = bytes.length;
  await using decoder = new ParquetDecoder(bytes, { path, abort });
  const { header, rows } = await decoder.opened();
  const capacity = Math.min(rows, most);
  const parser = newParser(parquetForm(header), { request, path, capacity });
  for await (const { bytes: text, length, decoded } of decoder.rows()) {
    abort?.throwIfAborted();
    parser.take(text, { from: 0, to: length, final: true });
    request.onProgress?.(Math.floor(decoded * size), size);
  }
  return parser;
}

function newParser(
  form: Dialect,
  { request, path, capacity }: Omit<Parsing, "first"> & { readonly capacity: number },
): RowParser {
  const { columns, optional = [], overrides, keepLines, timeFormat, timeZone } = request;
  const plan = planColumns(form.header, { wanted: columns, optional, overrides, path });
  return new RowParser({
    dialect: form,
    plan,
    keepLines,
    capacity,
    path,
    time: { format: timeFormat, zone: timeZone },
  });
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

/** How many rows the file probably has, from the line breaks in its beginning. */
function guessRows(beginning: Uint8Array, size: number): number {
  const block = beginning.subarray(0, 1 << 16);
  let lines = 1;
  for (let p = block.indexOf(0x0a); p !== -1; p = block.indexOf(0x0a, p + 1)) lines++;
  const guess = Math.ceil((lines / Math.max(1, block.length)) * size * 1.05) + 16;
  return Math.min(guess, size + 16);
}

/** Rows of one file, or of several. */
export interface SourceRows extends Omit<ParsedRows, "missing"> {
  /** Rows without a value in a wanted column. */
  readonly missing: MissingRows;
  /** What they were read from, as messages call it. */
  readonly name: string;
  /** How they stood there, if they were put in order since. */
  readonly stood?: RowOrder;
  /** The file of a row that was kept, where there are several, as messages call it. */
  readonly fileOf?: (row: number) => string;
  /** What was understood of each file. */
  readonly understood: readonly Understood[];
}

function refuseMissing(
  { rowsRead, missing, name }: SourceRows,
  { maxMissing, columns }: Omit<LoadRequest, "path">,
): void {
  // A share written as a decimal is the double nearest to it, as this quotient is;
  // the product of share and rows could miss the count by a rounding.
  if (missing.count / rowsRead <= maxMissing) return;
  const lines = missing.lines.join(", ") + (missing.count > missing.lines.length ? ", …" : "");
  throw new UserError(
    `Cannot use ${name}: ${missing.count} of ${rowsRead} rows have no ${columns.join(" or ")} ` +
      `(${
        typeof missing.lines[0] === "string" ? "at" : "line"
      } ${lines}), more than max_missing (${maxMissing}) allows`,
    {
      code: "data_missing_values",
      hint: "Look at these lines. To drop such rows all the same, raise the share that may be " +
        `missing: --set max_missing=${
          Math.min(1, Math.ceil((missing.count / rowsRead) * 100) / 100)
        }`,
    },
  );
}

/**
 * The bars in time order, each time once if that is wanted, and what was found on the way.
 *
 * @throws {UserError} if the rows lack more values than allowed, or conflict
 */
export async function barsOf(
  rows: SourceRows,
  request: Omit<LoadRequest, "path">,
): Promise<Omit<LoadedBars, "form" | "bytes" | "dataHash" | "files">> {
  refuseMissing(rows, request);
  const { rowsRead, missing, fileOf } = rows;
  const { found: order, order: permutation } = timeOrder(rows.times);
  let { bars, lines } = reordered(rows, permutation);
  const repeats = repeatedTimes(bars);
  const { duplicates, conflicts = "refuse" } = request;
  if (duplicates === undefined && conflicts === "refuse" && repeats.conflicting.count > 0) {
    throw conflictError(rows.name, {
      bars,
      conflicting: repeats.conflicting,
      fileOf: fileOf && ((bar) => fileOf(permutation?.[bar] ?? bar)),
    });
  }
  const kept = duplicates === undefined
    ? null
    : barsOfDistinctTimes(bars, { keep: duplicates, order });
  if (kept !== null) ({ bars, lines } = reordered(rows, composed(permutation, kept)));
  const quality = qualityOf({
    bars,
    rowsRead,
    missing,
    order: rows.stood ?? order,
    repeats,
    repeatsDropped: rows.length - bars.length,
    understood: rows.understood,
  });
  const names = request.columns.filter((name) => bars[name] !== undefined);
  return {
    bars: publicBars(bars),
    times: bars.times,
    lines,
    rowsHash: await rowsHash(bars, names),
    rowsRead,
    missing,
    quality,
  };
}

/** The rows as bars, bar *t* being row `order[t]`; the order of the file without one. */
function reordered(
  rows: Pick<ParsedRows, "length" | "times" | "columns" | "lines">,
  order: Uint32Array | null,
): { readonly bars: KeptBars; readonly lines: TextColumn | null } {
  const { times, columns, lines } = rows;
  const present = [...columns].map(([name, column]) =>
    [name, order === null ? column : reorderColumn(column, order)] as const
  );
  return {
    bars: {
      length: order?.length ?? rows.length,
      times: times === null || order === null
        ? times
        : new SingleTimes(Float64Array.from(order, (row) => times.at(row))),
      ...Object.fromEntries(present),
    },
    lines: lines === null || order === null ? lines : reorderText(lines, order),
  };
}

/** The bars as experiments see them: all times are written out where one looks at them. */
function publicBars({ times, ...rest }: KeptBars): Bars {
  const bars = {
    ...rest,
    get times() {
      return times?.values ?? null;
    },
  };
  return bars as Bars;
}

/** The permutation that takes bars of the first, those at the positions of the second. */
function composed(first: Uint32Array | null, second: Uint32Array): Uint32Array {
  return first === null ? second : second.map((at) => first[at]!);
}
