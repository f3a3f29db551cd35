/**
 * The rows that nearly all of a file consists of, read fast: every field in
 * its place, plain numbers, nothing missing. Whatever else a row holds, it is
 * left to those who know.
 *
 * This is AssemblyScript, a TypeScript that compiles to WebAssembly; `deno
 * task wasm` makes `plain_rows.wasm` of it. It works on one piece of a file at
 * a time: the caller copies the piece to `INPUT`, says with `configure` and
 * `target` what is wanted, calls `index` once and `rows` until the piece is
 * done, and takes columns from the places named below.
 */

/** Most bytes of a piece. */
export const PIECE_BYTES: usize = 1 << 16;
/** Most rows that one call of `rows` takes. */
export const MOST_ROWS: usize = 1 << 12;
/** Most targets: the time and five columns. */
export const MOST_TARGETS: usize = 6;

/** Bytes after the piece that are looked at but never counted. */
const SLACK: usize = 64;

/** Per target its field, its role and its decimals, as i32. */
const TARGETS: usize = 1 << 10;
/** Where the fields of the row at hand begin and end, as two u32 each. */
const FIELDS: usize = TARGETS + 12 * MOST_TARGETS;
/** Most fields of a row. */
export const MOST_FIELDS: usize = 256;
/** Where the keys of JSON objects stand, in their quotes. */
export const KEYS: usize = 1 << 13;
/** How long they may be in all. */
export const MOST_KEY_BYTES: usize = 1 << 13;
/** Per field the offset and the length of its key, as two u32. */
export const KEY_PLACES: usize = KEYS + MOST_KEY_BYTES;
/** Where the piece stands. */
export const INPUT: usize = 1 << 15;
/** Offsets of all bytes that may end or quote a field, as u32. */
const INDEX: usize = INPUT + PIECE_BYTES + SLACK;
/** Offsets of the line feeds alone, as u32. */
const FEEDS: usize = INDEX + 4 * (PIECE_BYTES + SLACK);
/** What was read: MOST_ROWS doubles for each target. */
export const OUTPUT: usize = FEEDS + 4 * (PIECE_BYTES + SLACK);
/** Per row whose time was left unread, where it begins and ends, as two u32. */
export const TIME_FIELDS: usize = OUTPUT + 8 * MOST_ROWS * MOST_TARGETS;
/** Per row, the offset after it, as u32. */
export const ROW_ENDS: usize = TIME_FIELDS + 8 * MOST_ROWS;
/** Per row, how many line feeds there are from the first row to its end, as u32. */
const ROW_FEEDS: usize = ROW_ENDS + 4 * MOST_ROWS;
/** Time and close of each row as a line of CSV, if wanted. */
export const LINES: usize = ROW_FEEDS + 4 * MOST_ROWS;
/** Per row, the offset after its line, counted from LINES, as u32. */
export const LINE_ENDS: usize = LINES + PIECE_BYTES + 4 * MOST_ROWS;
const END: usize = LINE_ENDS + 4 * MOST_ROWS;

/** What a target is. */
const TIME: i32 = 0;
const COLUMN: i32 = 1;
const POSITIVE_COLUMN: i32 = 2;

/** How rows are written: as lines, as lines in quotes, or as JSON. */
const DELIMITED: i32 = 0;
const QUOTED_LINES: i32 = 1;
const ARRAYS: i32 = 2;
const OBJECTS: i32 = 3;

/** Which integers are Unix times. */
const UNIX_BY_SIZE: i32 = 1;
const UNIX_SECONDS: i32 = 2;
const UNIX_MILLISECONDS: i32 = 3;

const LF: u8 = 0x0a;
const CR: u8 = 0x0d;
const QUOTE: u8 = 0x22;
const COMMA: u8 = 0x2c;
const DASH: u8 = 0x2d;
const COLON: u8 = 0x3a;
const SPACE: u8 = 0x20;
const UPPER_T: u8 = 0x54;
const UPPER_Z: u8 = 0x5a;
const TAB: u8 = 0x09;
const POINT: u8 = 0x2e;
const ZERO: u8 = 0x30;
const BACKSLASH: u8 = 0x5c;
const OPEN_ARRAY: u8 = 0x5b;
const CLOSE_ARRAY: u8 = 0x5d;
const OPEN_OBJECT: u8 = 0x7b;
const HASH: u8 = 0x23;
/** The first four bytes of `null`, `true` and `false`, and the fifth of that. */
const NULL: u32 = 0x6c6c756e;
const TRUE: u32 = 0x65757274;
const FALS: u32 = 0x736c6166;
const LETTER_E: u8 = 0x65;

const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;
const MS_PER_DAY: i64 = 86_400_000;

/** Powers of ten of which the largest is below 2^53. */
const POWERS: StaticArray<u64> = [
  1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
  10_000_000_000, 100_000_000_000, 1_000_000_000_000, 10_000_000_000_000,
  100_000_000_000_000, 1_000_000_000_000_000,
];

let delimiter: u8 = COMMA;
let point: u8 = 0;
let lineEnd: u8 = LF;
/** Whether a comma in a number groups thousands. */
let groups: bool = false;
let fieldCount: i32 = 0;
let kind: i32 = DELIMITED;
let isoTimes: bool = false;
let unixTimes: i32 = 0;
let keepLines: bool = false;
/** Whether a line that begins with a hash is none of the rows. */
let comments: bool = false;

let targetCount: i32 = 0;

/** Offset after the last entry of the index, and of the entry at which the next row begins. */
let indexEnd: usize = INDEX;
let indexAt: usize = INDEX;
/** Offset of the entry of the line feed that ends the next row, and after the last one. */
let feedAt: usize = FEEDS;
let feedsEnd: usize = FEEDS;
/** Offset after the piece. */
let pieceEnd: usize = INPUT;
/** Whether there is a quote in the piece. */
let quoted: bool = false;
/** Offset after the lines written. */
let linesEnd: usize = LINES;
/** Times among the rows taken that are in none of the forms known here. */
let unread: i32 = 0;
/** Offset of the first row not taken. */
let nextRow: usize = INPUT;
/** Line feeds passed in the rows taken. */
let feedsPassed: i32 = 0;
/** The entry of the index after the row at hand, and the line feeds in it. */
let walk: usize = INDEX;
let walkFeeds: i32 = 0;

// The date of the row before.
let lastDate: u64 = 0;
let lastDay: u16 = 0;
let lastDateMs: i64 = 0;

/**
 * Says how the file is written: `ending` ends a row, `mark` is the decimal mark, `thousands` whether
 * commas group them; `iso` and `unix` say which times are read here, others
 * being left to the caller; `lines` whether time and close are kept as text;
 * `hashes` whether a line that begins with a hash is none of the rows.
 */
export function configure(
  delim: u32,
  mark: u32,
  thousands: i32,
  ending: u32,
  fields: i32,
  rowKind: i32,
  iso: i32,
  unix: i32,
  lines: i32,
  hashes: i32,
): void {
  delimiter = <u8>delim;
  point = <u8>mark;
  groups = thousands != 0;
  lineEnd = <u8>ending;
  fieldCount = fields;
  kind = rowKind;
  isoTimes = iso != 0;
  unixTimes = unix;
  keepLines = lines != 0;
  comments = hashes != 0;
  targetCount = 0;
}

/** Adds a target: a field, what it is, and for a column its decimals. */
export function target(field: i32, role: i32, decimals: i32): void {
  const at = TARGETS + 12 * <usize>(targetCount++);
  store<i32>(at, field);
  store<i32>(at, role, 4);
  store<i32>(at, decimals, 8);
}

/** Says how many decimals the column of a target has from now on. */
export function setDecimals(at: i32, decimals: i32): void {
  store<i32>(TARGETS + 12 * <usize>at, decimals, 8);
}

/** Finds all bytes of the piece `INPUT..end` that may end or quote a field. */
export function index(end: usize): void {
  const delimiters = i8x16.splat(<i8>delimiter);
  const feeds = i8x16.splat(<i8>lineEnd);
  const quotes = i8x16.splat(<i8>QUOTE);
  // Among rows that end otherwise a line feed is as strange as a quote, and so are escapes.
  const strange = i8x16.splat(<i8>(lineEnd == LF ? QUOTE : LF));
  const escapes = i8x16.splat(<i8>(kind >= ARRAYS ? BACKSLASH : QUOTE));
  let quotesFound: u64 = 0;
  let at = INDEX;
  let feedTo = FEEDS;
  for (let p = INPUT; p < end; p += 64) {
    const a = v128.load(p);
    const b = v128.load(p, 16);
    const c = v128.load(p, 32);
    const d = v128.load(p, 48);
    let found = places(a, b, c, d, feeds);
    const nextFeed = feedTo + 4 * <usize>popcnt(found);
    const isQuote = places(a, b, c, d, quotes) | places(a, b, c, d, strange) |
      places(a, b, c, d, escapes);
    quotesFound |= isQuote;
    let all = found | isQuote | places(a, b, c, d, delimiters);
    const next = at + 4 * <usize>popcnt(all);
    // So many at once as are common: what is too much is written over.
    for (let i = 0; i < 2; i++) {
      store<u32>(feedTo, <u32>p + <u32>ctz(found));
      found &= found - 1;
      feedTo += 4;
    }
    while (found != 0) {
      store<u32>(feedTo, <u32>p + <u32>ctz(found));
      found &= found - 1;
      feedTo += 4;
    }
    for (let i = 0; i < 8; i++) {
      store<u32>(at, <u32>p + <u32>ctz(all));
      all &= all - 1;
      at += 4;
    }
    while (all != 0) {
      store<u32>(at, <u32>p + <u32>ctz(all));
      all &= all - 1;
      at += 4;
    }
    feedTo = nextFeed;
    at = next;
  }
  while (at > INDEX && load<u32>(at - 4) >= <u32>end) at -= 4;
  while (feedTo > FEEDS && load<u32>(feedTo - 4) >= <u32>end) feedTo -= 4;
  pieceEnd = end;
  indexEnd = at;
  indexAt = INDEX;
  feedsEnd = feedTo;
  feedAt = FEEDS;
  quoted = quotesFound != 0;
}

/** At which of 64 bytes a byte stands, as bits. */
// @ts-ignore: decorator
@inline
function places(a: v128, b: v128, c: v128, d: v128, byte: v128): u64 {
  return <u64>i8x16.bitmask(i8x16.eq(a, byte)) | (<u64>i8x16.bitmask(i8x16.eq(b, byte)) << 16) |
    (<u64>i8x16.bitmask(i8x16.eq(c, byte)) << 32) | (<u64>i8x16.bitmask(i8x16.eq(d, byte)) << 48);
}

/**
 * Takes plain rows, the first one at `from`, until one is not plain, the piece
 * ends, or MOST_ROWS are taken.
 *
 * @returns how many
 */
export function rows(from: usize): i32 {
  while (indexAt < indexEnd && load<u32>(indexAt) < <u32>from) indexAt += 4;
  while (feedAt < feedsEnd && load<u32>(feedAt) < <u32>from) feedAt += 4;
  linesEnd = LINES;
  unread = 0;
  feedsPassed = 0;
  nextRow = from;
  let taken = 0;
  while (taken < <i32>MOST_ROWS && takeRow(nextRow, taken)) taken++;
  return taken;
}

/** Offset of the first row that was not taken. */
export function next(): usize {
  return nextRow;
}

/** How many line feeds there are in the first `count` rows taken. */
export function feedsIn(count: i32): i32 {
  return count == 0 ? 0 : <i32>load<u32>(ROW_FEEDS + 4 * <usize>(count - 1));
}

/** How many times among the rows taken were left unread: they are NaN. */
export function unreadTimes(): i32 {
  return unread;
}

function takeRow(row: usize, at: i32): bool {
  // Whether every entry of the index stands after a field, so that none need be sought.
  let isPlain = false;
  let next: usize;
  if (kind >= ARRAYS) {
    next = findValues(row);
    if (next == 0) return false;
  } else {
    if (comments && load<u8>(row) == HASH) return false;
    let last = plainRowEnd();
    isPlain = last != 0;
    if (!isPlain) last = findFields(row);
    if (last == 0) return false;
    next = <usize>load<u32>(last) + 1;
    if (lineEnd == CR && load<u8>(next) == LF) return false;
    walk = last + 4;
    walkFeeds = 1;
  }
  let missedTime = false;
  let timeStart: usize = 0;
  let timeEnd: usize = 0;
  let closeStart: usize = 0;
  let closeEnd: usize = 0;
  for (let t = 0; t < targetCount; t++) {
    const field = load<i32>(TARGETS + 12 * <usize>t);
    let start: usize;
    let end: usize;
    if (isPlain) {
      const entry = indexAt + 4 * <usize>field;
      start = field == 0 ? row : <usize>load<u32>(entry - 4) + 1;
      end = <usize>load<u32>(entry);
      if (end + 1 == next && end > start && load<u8>(end - 1) == CR) end--;
    } else {
      start = <usize>load<u32>(FIELDS + 8 * <usize>field);
      end = <usize>load<u32>(FIELDS + 8 * <usize>field, 4);
    }
    const role = load<i32>(TARGETS + 12 * <usize>t, 4);
    const output = OUTPUT + 8 * (<usize>t * MOST_ROWS + <usize>at);
    if (role == TIME) {
      timeStart = start;
      timeEnd = end;
      const ms = readTime(start, end);
      if (isNaN(ms)) missedTime = true;
      store<f64>(output, ms);
    } else {
      const unit = readNumber(start, end, load<i32>(TARGETS + 12 * <usize>t, 8));
      if (unit < 0 || (unit == 0 && role == POSITIVE_COLUMN)) return false;
      store<f64>(output, <f64>unit);
      if (role == POSITIVE_COLUMN) {
        closeStart = start;
        closeEnd = end;
      }
    }
  }
  if (keepLines) {
    const comma = writeCell(linesEnd, timeStart, timeEnd);
    store<u8>(comma, COMMA);
    linesEnd = writeCell(comma + 1, closeStart, closeEnd);
    store<u32>(LINE_ENDS + 4 * <usize>at, <u32>(linesEnd - LINES));
  }
  if (missedTime) {
    unread++;
    const offsets = TIME_FIELDS + 8 * <usize>at;
    store<u32>(offsets, <u32>timeStart);
    store<u32>(offsets, <u32>timeEnd, 4);
  }
  nextRow = next;
  indexAt = walk;
  feedsPassed += walkFeeds;
  while (feedAt < feedsEnd && load<u32>(feedAt) < <u32>nextRow) feedAt += 4;
  store<u32>(ROW_FEEDS + 4 * <usize>at, <u32>feedsPassed);
  store<u32>(ROW_ENDS + 4 * <usize>at, <u32>nextRow);
  return true;
}

/**
 * The entry of the end of a row that has as many fields as it should have, a
 * delimiter after the last perhaps, and no quotes; else 0.
 */
// @ts-ignore: decorator
@inline
function plainRowEnd(): usize {
  if (kind != DELIMITED) return 0;
  let last = indexAt + 4 * <usize>(fieldCount - 1);
  // If its line feed is the last of so many, all the others are delimiters.
  if (last >= indexEnd) return 0;
  const feed = load<u32>(feedAt);
  if (load<u32>(last) != feed) {
    const surplus = load<u32>(last);
    last += 4;
    if (last >= indexEnd || load<u32>(last) != feed) return 0;
    const returned = feed == surplus + 2 && load<u8>(surplus + 1) == CR;
    if (feed != surplus + 1 && !returned) return 0;
  }
  if (!quoted) return last;
  for (let entry = indexAt; entry < last; entry += 4) {
    if (load<u8>(<usize>load<u32>(entry)) != delimiter) return 0;
  }
  return last;
}

/**
 * Finds the fields of a row with quotes around some of them, or around all of
 * the line.
 *
 * @returns the offset of the index entry of its line feed, or 0 if the row is
 * not complete or quotes are used in any other way
 */
function findFields(row: usize): usize {
  const quotedLines = kind == QUOTED_LINES;
  let entry = indexAt;
  let start = row;
  if (quotedLines) {
    if (entry >= indexEnd || load<u32>(entry) != <u32>row || load<u8>(row) != QUOTE) return 0;
    entry += 4;
    start++;
  }
  for (let field = 0; field < fieldCount; field++) {
    if (entry >= indexEnd) return 0;
    let end = <usize>load<u32>(entry);
    if (!quotedLines && end == start && load<u8>(end) == QUOTE) {
      do {
        entry += 4;
        if (entry >= indexEnd) return 0;
        end = <usize>load<u32>(entry);
      } while (load<u8>(end) == delimiter);
      if (load<u8>(end) != QUOTE) return 0;
      storeField(field, start + 1, end);
      entry += 4;
      if (entry >= indexEnd) return 0;
      const after = end + 1;
      end = <usize>load<u32>(entry);
      const returned = end == after + 1 && load<u8>(after) == CR && load<u8>(end) == lineEnd;
      if (end != after && !returned) return 0;
    } else {
      const isLast = field == fieldCount - 1;
      storeField(
        field,
        start,
        isLast && load<u8>(end) == lineEnd && end > start && load<u8>(end - 1) == CR
          ? end - 1
          : end,
      );
    }
    if (field < fieldCount - 1) {
      if (load<u8>(end) != delimiter) return 0;
      start = end + 1;
      entry += 4;
    } else if (quotedLines) {
      if (load<u8>(end) != QUOTE) return 0;
      entry += 4;
      if (entry >= indexEnd) return 0;
      const feed = <usize>load<u32>(entry);
      if (feed != end + 1 && !(feed == end + 2 && load<u8>(end + 1) == CR)) return 0;
      end = feed;
    }
    if (field == fieldCount - 1 && load<u8>(end) != lineEnd) return 0;
  }
  return entry;
}

// @ts-ignore: decorator
@inline
function storeField(field: i32, start: usize, end: usize): void {
  store<u32>(FIELDS + 8 * <usize>field, <u32>start);
  store<u32>(FIELDS + 8 * <usize>field, <u32>end, 4);
}

/**
 * Finds the values of a row of JSON: an array, or an object with the keys in
 * the order that is known, of strings without escapes, plain numbers, true,
 * false and null. It begins with the comma after the row before.
 *
 * @returns the offset of the comma or bracket that has to come after it, or 0
 * if the row is not complete or anything else
 */
function findValues(row: usize): usize {
  walk = indexAt;
  walkFeeds = 0;
  if (load<u8>(row) != COMMA || walk >= indexEnd || load<u32>(walk) != <u32>row) return 0;
  walk += 4;
  let p = skipSpace(row + 1);
  if (p == 0 || load<u8>(p) != (kind == ARRAYS ? OPEN_ARRAY : OPEN_OBJECT)) return 0;
  p = skipSpace(p + 1);
  for (let field = 0; field < fieldCount; field++) {
    if (kind == OBJECTS) p = skipKey(p, field);
    if (p == 0 || walk >= indexEnd) return 0;
    if (load<u8>(p) == QUOTE) {
      if (load<u32>(walk) != <u32>p || walk + 4 >= indexEnd) return 0;
      const close = <usize>load<u32>(walk + 4);
      if (load<u8>(close) != QUOTE) return 0;
      for (let q = p + 1; q < close; q++) if (load<u8>(q) < SPACE) return 0;
      storeField(field, p + 1, close);
      walk += 8;
      p = close + 1;
    } else {
      const end = bareEnd(p);
      if (end == 0) return 0;
      storeField(field, p, end);
      p = end;
    }
    p = skipSpace(p);
    if (p == 0 || walk >= indexEnd || load<u32>(walk) != <u32>p) return 0;
    const isLast = field == fieldCount - 1;
    if (load<u8>(p) != (isLast ? lineEnd : COMMA)) return 0;
    walk += 4;
    p = skipSpace(p + 1);
  }
  if (p == 0) return 0;
  const next = load<u8>(p);
  return next == COMMA || next == CLOSE_ARRAY ? p : 0;
}

/** The offset after white space, or 0 if the piece ends with it or something else follows. */
// @ts-ignore: decorator
@inline
function skipSpace(from: usize): usize {
  for (let p = from; p < pieceEnd; p++) {
    const byte = load<u8>(p);
    if (byte > SPACE) return p;
    if (byte == LF) {
      walkFeeds++;
      walk += 4;
    } else if (byte != SPACE && byte != TAB && byte != CR) return 0;
  }
  return 0;
}

/** The offset of the value after the key that a field should have, or 0 if it has another. */
function skipKey(from: usize, field: i32): usize {
  const place = KEY_PLACES + 8 * <usize>field;
  const length = <usize>load<u32>(place, 4);
  if (from == 0 || walk + 4 >= indexEnd) return 0;
  if (load<u32>(walk) != <u32>from || load<u32>(walk + 4) != <u32>(from + length - 1)) return 0;
  const key = <usize>load<u32>(place);
  for (let at: usize = 0; at < length; at++) {
    if (load<u8>(from + at) != load<u8>(key + at)) return 0;
  }
  walk += 8;
  const colon = skipSpace(from + length);
  return colon == 0 || load<u8>(colon) != COLON ? 0 : skipSpace(colon + 1);
}

/** The offset after a number without exponent, true, false or null; 0 if there is none. */
// @ts-ignore: decorator
@inline
function bareEnd(from: usize): usize {
  let p = from;
  if (load<u8>(p) == DASH) p++;
  const whole = p;
  while (isDigit(p)) p++;
  if (p == whole) {
    if (p != from) return 0;
    const word = load<u32>(p);
    if (word == NULL || word == TRUE) return p + 4;
    return word == FALS && load<u8>(p + 4) == LETTER_E ? p + 5 : 0;
  }
  if (load<u8>(whole) == ZERO && p > whole + 1) return 0;
  if (load<u8>(p) != POINT) return p;
  const fraction = ++p;
  while (isDigit(p)) p++;
  return p == fraction ? 0 : p;
}

// @ts-ignore: decorator
@inline
function isDigit(p: usize): bool {
  return <u32>load<u8>(p) - 0x30 <= 9;
}

/** Copies a cell that has no quotes in it, in quotes if it needs them. */
function writeCell(to: usize, start: usize, end: usize): usize {
  let write = to;
  for (let p = start; p < end; p++) {
    const byte = load<u8>(p);
    if (byte == COMMA || byte == CR) return writeQuoted(to, start, end);
    store<u8>(write++, byte);
  }
  return write;
}

function writeQuoted(to: usize, start: usize, end: usize): usize {
  store<u8>(to, QUOTE);
  memory.copy(to + 1, start, end - start);
  const close = to + 1 + (end - start);
  store<u8>(close, QUOTE);
  return close + 1;
}

/**
 * A positive number, digits with or without a fraction, in units of
 * 10^-decimals; -1 if it is no such number, needs more decimals, or more than
 * 53 bits.
 */
// @ts-ignore: decorator
@inline
function readNumber(from: usize, to: usize, decimals: i32): i64 {
  let start = from;
  let end = to;
  while (start < end && load<u8>(start) == SPACE) start++;
  while (end > start && load<u8>(end - 1) == SPACE) end--;
  // No 19 digits are past 2^64.
  if (end - start - 1 > 18) return -1;
  let p = start;
  let all: u64 = 0;
  for (; p < end; p++) {
    const digit = <u32>load<u8>(p) - 0x30;
    if (digit > 9) break;
    all = all * 10 + digit;
  }
  if (groups && p < end && load<u8>(p) == COMMA) {
    // A leading zero is never grouped: 0,502 has a decimal comma.
    if (p == start || p - start > 3 || load<u8>(start) == ZERO) return -1;
    for (; p < end && load<u8>(p) == COMMA; p += 4) {
      if (end - p < 4) return -1;
      for (let at = p + 1; at <= p + 3; at++) {
        const digit = <u32>load<u8>(at) - 0x30;
        if (digit > 9) return -1;
        all = all * 10 + digit;
      }
    }
  }
  let scale = 0;
  if (p < end) {
    if (load<u8>(p) != point || p == start) return -1;
    scale = <i32>(end - ++p);
    if (scale == 0) return -1;
    for (; p < end; p++) {
      const digit = <u32>load<u8>(p) - 0x30;
      if (digit > 9) return -1;
      all = all * 10 + digit;
    }
  }
  // Zeros at the end of the fraction carry no value.
  for (; scale > decimals; scale--) {
    if (all % 10 != 0) return -1;
    all /= 10;
  }
  if (scale < decimals) {
    if (decimals - scale >= POWERS.length) return -1;
    const power = unchecked(POWERS[decimals - scale]);
    if (all > MAX_SAFE_INTEGER / power) return -1;
    all *= power;
  }
  return all > MAX_SAFE_INTEGER ? -1 : <i64>all;
}

/**
 * Milliseconds since 1970-01-01 UTC of `2024-01-31`, `2024-01-31 23:59`,
 * `2024-01-31T23:59:00`, either with a Z, or a Unix time in seconds or
 * milliseconds; NaN for all else.
 */
// @ts-ignore: decorator
@inline
function readTime(from: usize, to: usize): f64 {
  let start = from;
  let end = to;
  while (start < end && load<u8>(start) == SPACE) start++;
  while (end > start && load<u8>(end - 1) == SPACE) end--;
  const length = <i32>(end - start);
  if (length < 9) return NaN;
  return load<u8>(start + 4) == DASH ? readIsoTime(start, length) : readUnixTime(start, end);
}

function readIsoTime(start: usize, length: i32): f64 {
  if (!isoTimes || length < 10) return NaN;
  const date = load<u64>(start);
  const day = load<u16>(start + 8);
  if (date != lastDate || day != lastDay) {
    const ms = readDate(start);
    if (ms == i64.MIN_VALUE) return NaN;
    lastDate = date;
    lastDay = day;
    lastDateMs = ms;
  }
  if (length == 10) return <f64>lastDateMs;
  const separator = load<u8>(start + 10);
  if (separator != SPACE && separator != UPPER_T) return NaN;
  if (load<u8>(start + length - 1) == UPPER_Z) length--;
  if (length != 19 && (length != 16 || load<u8>(start + 13) != COLON)) return NaN;
  if (length == 19) {
    // All of HH:MM:SS at once: digits become 0 to 9 and colons 0, or it is something else.
    const clock = load<u64>(start + 11) ^ 0x30303a30303a3030;
    const high = (clock + 0x7676_7f76_767f_7676) | clock;
    if ((high & 0x8080_8080_8080_8080) != 0) return NaN;
    const hour = (clock & 0xff) * 10 + ((clock >> 8) & 0xff);
    const minute = ((clock >> 24) & 0xff) * 10 + ((clock >> 32) & 0xff);
    const second = ((clock >> 48) & 0xff) * 10 + (clock >> 56);
    if (hour > 23 || minute > 59 || second > 60) return NaN;
    return <f64>(lastDateMs + <i64>((hour * 60 + minute) * 60 + second) * 1000);
  }
  const hour = twoDigits(start + 11);
  const minute = twoDigits(start + 14);
  if (hour > 23 || minute > 59) return NaN;
  return <f64>(lastDateMs + <i64>(hour * 60 + minute) * 60_000);
}

/** Midnight of `2024-01-31`, or the least i64 if there is no such date. */
function readDate(start: usize): i64 {
  const century = twoDigits(start);
  const year = century * 100 + twoDigits(start + 2);
  const month = twoDigits(start + 5);
  const day = twoDigits(start + 8);
  if (century < 10 || year > 9999 || month - 1 > 11 || day - 1 > 30) return i64.MIN_VALUE;
  if (load<u8>(start + 7) != DASH) return i64.MIN_VALUE;
  const isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  const longest: u32 = month == 2
    ? (isLeap ? 29 : 28)
    : month == 4 || month == 6 || month == 9 || month == 11
    ? 30
    : 31;
  if (day > longest) return i64.MIN_VALUE;
  // Years begin in March, so that the leap day is the last.
  const y = month <= 2 ? year - 1 : year;
  const dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const days = <i64>(y * 365 + y / 4 - y / 100 + y / 400 + dayOfYear) - 719_468;
  return days * MS_PER_DAY;
}

/** The number in two digits, or one too large for any use. */
// @ts-ignore: decorator
@inline
function twoDigits(p: usize): u32 {
  const tens = <u32>load<u8>(p) - 0x30;
  const ones = <u32>load<u8>(p + 1) - 0x30;
  return tens > 9 || ones > 9 ? 100_000 : tens * 10 + ones;
}

function readUnixTime(start: usize, end: usize): f64 {
  if (unixTimes == 0 || end - start > 13) return NaN;
  let number: i64 = 0;
  for (let p = start; p < end; p++) {
    const digit = <u32>load<u8>(p) - 0x30;
    if (digit > 9) return NaN;
    number = number * 10 + digit;
  }
  // Of these sizes, as in unix_time.ts; between them lie the twelve digits of a date and time.
  const isSeconds = unixTimes == UNIX_SECONDS ||
    (unixTimes == UNIX_BY_SIZE && number >= 100_000_000 && number <= 7_258_118_400);
  const isMilliseconds = unixTimes == UNIX_MILLISECONDS ||
    (unixTimes == UNIX_BY_SIZE && number >= 1_000_000_000_000 && number <= 7_258_118_400_000);
  if (isSeconds) return number < 100_000_000_000 ? <f64>(number * 1000) : NaN;
  return isMilliseconds ? <f64>number : NaN;
}

// The memory is to hold all that is laid out in it.
memory.grow(<i32>((END + 0xffff) >> 16) - memory.size());
