/**
 * From the blocks of an open file to its rows: every block is hashed and
 * parsed from the same bytes.
 *
 * @module
 */

import type { Dialect } from "./delimited/dialect.ts";
import type { FileRows } from "./file.ts";
import { detectForm, parquetForm } from "./form.ts";
import type { ColumnRequest } from "./header.ts";
import type { LoadRequest } from "./load.ts";
import { planColumns } from "./plan_columns.ts";
import { needsSurvey } from "./plan_time.ts";
import { RowParser } from "./rows.ts";
import { type Block, type ByteInput, SLACK_BYTES } from "./source/block.ts";
import { type BlockSource, openBlocks } from "./source/block_source.ts";
import { unwrapped } from "./source/container.ts";
import { nextBlock, shownPath } from "./source/data_file.ts";
import { isParquet } from "./source/magic.ts";
import type { Survey } from "./survey/survey.ts";

const BLOCK_BYTES = 1 << 21;

/** Reads the rows of an open file. */
export async function readRows(
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
    const rows = parser.finish();
    const { form, understood } = parser;
    return { rows, form, understood, dataHash: await blocks.digest() };
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
      if (needsSurvey(form, columnRequest(request, path))) {
        return await parseSurveyed(blocks, { request, path, first });
      }
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

/** Columns that titles do not tell are told by all rows, so that all of the file is held. */
async function parseSurveyed(
  blocks: BlockSource,
  { request, path, first }: Parsing,
): Promise<RowParser> {
  const { wholeFile } = await import("./source/whole_file.ts");
  const { abort, size } = request;
  const bytes = await wholeFile(blocks, { first, size, path, abort });
  const form = () => detectForm(bytes, { path, whole: true });
  return await parseHeld(bytes, { request, path, forms: [await form(), await form()] });
}

/** Parses rows that are held, once all of them have been asked which column is what. */
async function parseHeld(
  bytes: Uint8Array,
  { request, path, forms: [surveyed, form] }: Omit<Parsing, "first"> & {
    /** The form of the rows twice, as finding them uses it up. */
    readonly forms: readonly [Dialect, Dialect];
  },
): Promise<RowParser> {
  const { surveyRows } = await import("./survey/survey.ts");
  const { timeFormat, timeZone, decimalMark, abort } = request;
  const survey = surveyRows(bytes.slice(), {
    dialect: surveyed,
    decimalMark,
    time: { format: timeFormat, zone: timeZone },
  });
  const parser = newParser(form, { request, path, capacity: survey.rows, survey });
  abort?.throwIfAborted();
  parser.take(bytes, { from: form.dataOffset, to: bytes.length, final: true });
  return parser;
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
  if (needsSurvey(parquetForm(header), columnRequest(request, path))) {
    const texts: Uint8Array[] = [];
    for await (const { bytes: text, length, decoded } of decoder.rows()) {
      abort?.throwIfAborted();
      texts.push(text.slice(0, length));
      request.onProgress?.(Math.floor(decoded * size), size);
    }
    return await parseHeld(joined(texts), {
      request,
      path,
      forms: [parquetForm(header), parquetForm(header)],
    });
  }
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
  { request, path, capacity, survey }: Omit<Parsing, "first"> & {
    readonly capacity: number;
    readonly survey?: Survey;
  },
): RowParser {
  const { keepLines, decimalMark, timeFormat, timeZone } = request;
  const plan = planColumns(form.header, { ...columnRequest(request, path), survey });
  return new RowParser({
    dialect: form,
    plan,
    keepLines,
    capacity,
    path,
    decimalMark,
    time: { format: timeFormat, zone: timeZone },
  });
}

function columnRequest(
  { columns, optional = [], overrides }: LoadRequest,
  path: string,
): ColumnRequest {
  return { wanted: columns, optional, overrides, path };
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
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
