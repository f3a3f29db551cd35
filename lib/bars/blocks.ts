/**
 * From the blocks of an open file to its rows: every block is hashed and
 * parsed from the same bytes.
 *
 * @module
 */

import type { Dialect } from "./delimited/dialect.ts";
import type { FileRows } from "./file.ts";
import { detectForm, tableForm } from "./form.ts";
import type { ColumnRequest } from "./header.ts";
import type { LoadRequest } from "./load.ts";
import { Instruments } from "./instruments.ts";
import { confirmed, noRows } from "./confirmed.ts";
import { type ColumnPlan, planColumns } from "./plan_columns.ts";
import { needsSurvey } from "./plan_time.ts";
import { RowParser } from "./rows.ts";
import { type Block, type ByteInput, SLACK_BYTES } from "./source/block.ts";
import { type BlockSource, openBlocks } from "./source/block_source.ts";
import { unwrapped } from "./source/container.ts";
import { nextBlock, shownPath } from "./source/data_file.ts";
import { isParquet } from "./source/magic.ts";

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
    const { form } = parser;
    const rows = confirmed(parser.finish(), { plan: parser.plan, path });
    return { rows, form, understood: parser.understood, dataHash: await blocks.digest() };
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
      if (form === null) return await parseDocument(blocks, { request, path, first });
      const planned = await planFirst(beginning, { request, path, form, final });
      if (planned === null) return await parseSurveyed(blocks, { request, path, first });
      const { dataOffset } = planned.form;
      const capacity = guessRows(beginning.subarray(dataOffset), request.size);
      parser = newParser(planned, { request, path, capacity });
      from += dataOffset;
    }
    const used = parser.take(bytes, { from, to, final });
    carried = bytes.slice(used, to);
    blocks.recycle(block);
    request.onProgress?.(Math.min(done, request.size), request.size);
    if (final) return parser;
  }
}

/** The form of rows, and which column is what. */
interface PlannedForm {
  readonly form: Dialect;
  readonly plan: ColumnPlan;
}

/**
 * Plans the columns by the first block: from their titles, or from its rows,
 * which the others have to confirm.
 *
 * @returns null if more rows may tell what these do not
 */
async function planFirst(
  beginning: Uint8Array,
  { request, path, form, final }: Omit<Parsing, "first"> & {
    readonly form: Dialect;
    readonly final: boolean;
  },
): Promise<PlannedForm | null> {
  const asked = columnRequest(request, { path, form });
  if (request.surveyed !== true && !needsSurvey(form, asked)) {
    return { form, plan: planColumns(form.header, asked) };
  }
  const surveyed = (await detectForm(beginning, { path, whole: final }))!;
  if (request.surveyed === true && !final) return null;
  try {
    return await planByRows(beginning, { request, path, forms: [surveyed, form], final });
  } catch (error) {
    if (final) throw error;
    return null;
  }
}

/** Plans the columns by the rows in `bytes`. */
async function planByRows(
  bytes: Uint8Array,
  { request, path, forms: [surveyed, form], final }: Omit<Parsing, "first"> & {
    /** The form twice, as finding the rows uses it up. */
    readonly forms: readonly [Dialect, Dialect];
    /** Whether these are all rows. */
    readonly final: boolean;
  },
): Promise<PlannedForm> {
  const { surveyRows } = await import("./survey/survey.ts");
  const { timeFormat, timeZone, decimalMark } = request;
  const survey = surveyRows(bytes.slice(), {
    dialect: surveyed,
    decimalMark,
    time: { format: timeFormat, zone: timeZone },
    final,
  });
  if (final && survey.rows === 0) throw noRows(path);
  const plan = planColumns(form.header, { ...columnRequest(request, { path, form }), survey });
  return { form, plan };
}

/** Columns that neither titles nor the first rows tell are told by all, so that these are held. */
async function parseSurveyed(
  blocks: BlockSource,
  { request, path, first }: Parsing,
): Promise<RowParser> {
  const { wholeFile } = await import("./source/whole_file.ts");
  const { abort, size } = request;
  const bytes = await wholeFile(blocks, { first, size, path, abort });
  const form = await detectForm(bytes, { path, whole: true });
  // A row beyond the first block may show that it is no array of flat rows.
  if (form === null) return await parseTable(bytes, { request, path });
  const again = (await detectForm(bytes, { path, whole: true }))!;
  return await parseHeld(bytes, { request, path, forms: [form, again] });
}

/** A JSON document is held until the table in it is found. */
async function parseDocument(
  blocks: BlockSource,
  { request, path, first }: Parsing,
): Promise<RowParser> {
  const { wholeFile } = await import("./source/whole_file.ts");
  const { abort, size } = request;
  const bytes = await wholeFile(blocks, { first, size, path, abort });
  return await parseTable(bytes, { request, path });
}

async function parseTable(
  document: Uint8Array,
  { request, path }: Omit<Parsing, "first">,
): Promise<RowParser> {
  const { jsonBars } = await import("./json/json_bars.ts");
  const { bytes, symbol, ...table } = jsonBars(document, { ...request, path });
  const form = () => tableForm("JSON", { ...table, symbol });
  // The key has led to the rows of the instrument: none has to be looked for among them.
  const asked = symbol === null ? request : { ...request, symbol: undefined };
  return await parseHeld(bytes, { request: asked, path, forms: [form(), form()] });
}

async function parseHeld(
  bytes: Uint8Array,
  { request, path, forms }: Omit<Parsing, "first"> & {
    readonly forms: readonly [Dialect, Dialect];
  },
): Promise<RowParser> {
  const planned = await planByRows(bytes, { request, path, forms, final: true });
  const parser = newParser(planned, { request, path, capacity: bytes.length >> 6 });
  request.abort?.throwIfAborted();
  parser.take(bytes, { from: planned.form.dataOffset, to: bytes.length, final: true });
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
  const form = tableForm("Parquet", { header });
  const asked = columnRequest(request, { path, form });
  if (request.surveyed === true || needsSurvey(form, asked)) {
    const texts: Uint8Array[] = [];
    for await (const { bytes: text, length, decoded } of decoder.rows()) {
      abort?.throwIfAborted();
      texts.push(text.slice(0, length));
      request.onProgress?.(Math.floor(decoded * size), size);
    }
    return await parseHeld(joined(texts), {
      request,
      path,
      forms: [form, tableForm("Parquet", { header })],
    });
  }
  const plan = planColumns(header, asked);
  const parser = newParser({ form, plan }, { request, path, capacity });
  for await (const { bytes: text, length, decoded } of decoder.rows()) {
    abort?.throwIfAborted();
    parser.take(text, { from: 0, to: length, final: true });
    request.onProgress?.(Math.floor(decoded * size), size);
  }
  return parser;
}

function newParser(
  { form, plan }: PlannedForm,
  { request, path, capacity }: Omit<Parsing, "first"> & { readonly capacity: number },
): RowParser {
  const { keepLines, decimalMark, timeFormat, timeZone, overrides, symbol } = request;
  return new RowParser({
    dialect: form,
    plan,
    instruments: plan.symbols.length === 0
      ? null
      : new Instruments(plan.symbols, { header: form.header, overrides, symbol, path }),
    keepLines,
    capacity,
    path,
    decimalMark,
    time: { format: timeFormat, zone: timeZone },
  });
}

function columnRequest(
  { columns, optional = [], checks = [], overrides, symbol }: LoadRequest,
  { path, form }: { readonly path: string; readonly form: Dialect },
): ColumnRequest {
  return { wanted: columns, optional, checks, overrides, symbol, path, hasTitles: form.hasHeader };
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
