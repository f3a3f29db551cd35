/**
 * What has to hold of every file, whatever stands in it.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { detectForm } from "../../lib/bars/form.ts";
import { knownRole } from "../../lib/bars/header.ts";
import { formOf, isParquet } from "../../lib/bars/source/magic.ts";
import type { LoadedBars } from "../../lib/bars/load.ts";
import { decimalText } from "../../lib/bars/number/decimal_text.ts";
import { UserError } from "../../lib/errors.ts";
import { printable } from "../../lib/quote.ts";
import { bytesOf, textOf } from "./byte_text.ts";
import type { FuzzCase } from "./fuzz_case.ts";
import { delimiterOf } from "./mutations.ts";
import { disagreement } from "./oracle.ts";
import type { Random } from "./random.ts";
import { columnsOf, fingerprint, type Load, type Outcome, read } from "./reading.ts";
import type { TableRow } from "./table.ts";

/** Something that does not hold. */
export interface Finding {
  /** What should. */
  readonly property: string;
  /** What is the case instead. */
  readonly detail: string;
}

/** What a case came to. */
export interface Verdict {
  /** `bars`, or the code of the error. */
  readonly outcome: string;
  /** How many other readings it was compared with. */
  readonly comparisons: number;
  readonly finding: Finding | null;
}

/** With what a case is checked. */
export interface CheckOptions {
  /** A file that may be written. */
  readonly path: string;
  readonly load: Load;
  /** Chooses block sizes. */
  readonly random: Random;
}

/** Bytes read at once, besides those chosen by chance. */
const BLOCK_BYTES = [7, 64, 4096];

/** With how many block sizes a file is read, besides 1 MiB. */
const SIZES = 3;

/** Reads a file in all the ways that must come to the same. */
export async function check(
  { bytes, sample }: FuzzCase,
  options: CheckOptions,
): Promise<Verdict> {
  const base = await read(bytes, options);
  const outcome = base.kind === "bars"
    ? "bars"
    : base.kind === "refused"
    ? base.error.code
    : "defect";
  let comparisons = 0;
  const verdict = (property: string, detail: string | null | undefined): Verdict | null => {
    if (detail === undefined) return null;
    comparisons++;
    return detail === null ? null : { outcome, comparisons, finding: { property, detail } };
  };
  const found = verdict("errors are for users", wrongError(base, options.path)) ??
    verdict("bars are sane", base.kind === "bars" ? insanity(base.loaded) : undefined) ??
    verdict("a known file is read as what it is", sample?.rows && misread(base, sample.rows)) ??
    verdict(
      "an independent reader agrees",
      base.kind === "bars" ? disagreement(bytes, base.loaded) : falseRefusal(base),
    );
  if (found !== null) return found;
  for (
    const { property, bytes: other, blockBytes } of await variants(bytes, { base, ...options })
  ) {
    const again = await read(other, {
      ...options,
      ...(blockBytes === undefined ? {} : { blockBytes }),
    });
    const difference = firstDifference(fingerprint(base), fingerprint(again));
    const different = verdict(property, difference);
    if (different !== null) return different;
  }
  return { outcome, comparisons, finding: null };
}

/** What is wrong with an error; null if nothing is. */
function wrongError(outcome: Outcome, path: string): string | null {
  if (outcome.kind === "bars") return null;
  if (outcome.kind === "defect") {
    const { error } = outcome;
    return error instanceof Error ? error.stack ?? error.message : String(error);
  }
  const { message, hint, code } = outcome.error;
  if (!(outcome.error instanceof UserError) || code === "internal") {
    return `code ${code}: ${message}`;
  }
  if (!message.includes(path)) return `the message does not name the file: ${message}`;
  if (/\n| at .*\.[jt]s:\d|Error:/.test(message)) return `the message is a stack trace: ${message}`;
  if (printable(message) !== message) {
    return `the message is not printable: ${JSON.stringify(message)}`;
  }
  if (message.length > 1500) return `the message has ${message.length} characters`;
  return hint === undefined || hint === "" ? `no hint: ${message}` : null;
}

/** What no bars can be; null if these may. */
function insanity(loaded: LoadedBars): string | null {
  const { bars, lines, rowsRead, missing } = loaded;
  const { length, times } = bars;
  if (length + missing.count > rowsRead) return `${length} bars of ${rowsRead} rows`;
  if (times !== null && times.length !== length) return `${times.length} times of ${length} bars`;
  for (let t = 0; t < (times?.length ?? 0); t++) {
    if (!Number.isFinite(times![t]!)) return `time ${t} is ${times![t]}`;
    if (t > 0 && times![t]! < times![t - 1]!) return `time ${t} is before the one before it`;
  }
  for (const name of columnsOf(loaded)) {
    const { units, decimals, values } = bars[name];
    if (units.length !== length || values.length !== length) return `${name} is of another length`;
    if (!Number.isInteger(decimals) || decimals < 0 || decimals > 38) return `${decimals} decimals`;
    for (let t = 0; t < length; t++) {
      const unit = units[t]!;
      const whole = typeof unit === "bigint" ||
        (Number.isSafeInteger(unit) && !Object.is(unit, -0));
      if (!whole) return `${name} ${t} is ${unit} units`;
      if (values[t] !== Number(decimalText(unit, decimals))) return `${name} ${t} is ${values[t]}`;
    }
  }
  return lines?.length === length ? null : `${lines?.length} lines of ${length} bars`;
}

/** Where the bars of a file differ from what it is known to say. */
function misread(outcome: Outcome, rows: readonly TableRow[]): string | null {
  if (outcome.kind !== "bars") return fingerprint(outcome);
  const { bars } = outcome.loaded;
  if (bars.length !== rows.length) return `${bars.length} bars of ${rows.length}`;
  for (const [t, row] of rows.entries()) {
    if (bars.times?.[t] !== row.ms) return `bar ${t} has time ${bars.times?.[t]}, not ${row.ms}`;
    for (const name of columnsOf(outcome.loaded)) {
      const { units, decimals } = bars[name];
      const actual = decimalText(units[t]!, decimals);
      if (actual !== row[name]) return `bar ${t} has ${name} ${actual}, not ${row[name]}`;
    }
  }
  return null;
}

/** A refusal of what is plainly a number or a time. */
function falseRefusal(outcome: Outcome): string | undefined {
  if (outcome.kind !== "refused") return undefined;
  const { message } = outcome.error;
  const number = / is not a number: got '[+-]?\d{1,15}(\.\d{1,15})?'$/;
  const time =
    /: time is '(19[89]\d|20[0-3]\d)-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])([ T]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?)?Z?'(?:,|$)/;
  return number.test(message) || time.test(message) ? message : undefined;
}

/** The same file in another way. */
interface Variant {
  readonly property: string;
  readonly bytes: Uint8Array;
  readonly blockBytes?: number;
}

async function variants(
  bytes: Uint8Array<ArrayBuffer>,
  { base, random }: CheckOptions & { readonly base: Outcome },
): Promise<readonly Variant[]> {
  const property = (size: number) => `blocks of ${size} bytes change nothing`;
  const sized = (size: number): Variant => ({ property: property(size), bytes, blockBytes: size });
  if (isParquet(bytes)) return base.kind === "bars" ? [sized(random.int(4, bytes.length))] : [];
  // Blocks of single bytes take their time.
  const small = random.once(8) ? 1 : random.int(2, 300);
  if (formOf(bytes) !== null) return [small, random.pick(BLOCK_BYTES)].map(sized);
  const gzipped = {
    property: "gzip changes nothing",
    bytes: new Uint8Array(gzipSync(bytes)),
    blockBytes: random.int(20, 300),
  };
  const within = (most: number) => random.int(1, Math.max(1, Math.min(most, bytes.length)));
  const chosen = [
    small,
    within(400),
    random.pick(BLOCK_BYTES),
    within(bytes.length),
    Math.max(1, bytes.length - random.int(0, 2)),
    within(1000),
  ];
  const form = await detected(bytes, bytes.length + 1);
  const sizes: number[] = [];
  for (const size of chosen) {
    // The form is told from the first block: a form of its own is no misreading.
    const alike = form !== null && form === await detected(bytes, size);
    if (alike && sizes.length < SIZES) sizes.push(size);
  }
  return [...sizes.map(sized), gzipped, ...rewritten(bytes, base)];
}

/** The form that is told from the first block of a file, as text; null if none is. */
async function detected(bytes: Uint8Array, blockBytes: number): Promise<string | null> {
  const head = bytes.slice(0, blockBytes);
  try {
    const form = await detectForm(head, { path: "x", whole: bytes.length < blockBytes });
    if (form === null) return "document";
    // What all rows have to tell is refused by the first of them that contradicts the others.
    if (!form.header.some((title) => knownRole(title) === "time")) return null;
    const { records, ...rest } = form;
    return JSON.stringify({ ...rest, line: records.nextLine });
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

/** A text written another way. */
function rewritten(bytes: Uint8Array, base: Outcome): readonly Variant[] {
  const text = textOf(bytes);
  const variants: { readonly property: string; readonly text: string }[] = [];
  // A line end inside quotes is part of a cell; whether a carriage return ends a line, the
  // share of line feeds has a say in.
  const isLineByLine = !text.includes("\r") &&
    text.split("\n").every((line) => line.split('"').length % 2 === 1);
  if (isLineByLine) {
    variants.push({ property: "CRLF changes nothing", text: text.replaceAll("\n", "\r\n") });
    if (base.kind === "bars" && text.endsWith("\n")) {
      variants.push({ property: "a blank line at the end changes nothing", text: `${text}\n` });
    }
  }
  const delimiter = delimiterOf(text);
  // Quotes hide other delimiters, and mean nothing before a byte order mark.
  const isPlain = isLineByLine && !/"|^\xef\xbb\xbf/.test(text) &&
    [",", ";", "\t", "|"].every((other) => other === delimiter || !text.includes(other));
  if (base.kind === "bars" && isPlain && !base.loaded.form.startsWith("JSON")) {
    const quoted = text.replace(
      /[^\n]+/g,
      (line) => line.split(delimiter).map((field) => `"${field}"`).join(delimiter),
    );
    variants.push({ property: "quotes around every field change nothing", text: quoted });
  }
  return variants.map(({ property, text }) => ({ property, bytes: bytesOf(text) }));
}

/** Where two texts differ; null if nowhere. */
function firstDifference(a: string, b: string): string | null {
  if (a === b) return null;
  let at = 0;
  while (a[at] === b[at]) at++;
  const shown = (text: string) => JSON.stringify(text.slice(Math.max(0, at - 60), at + 120));
  return `expected …${shown(a)}…, got …${shown(b)}…`;
}

/** A file as far as a message shows it. */
export function excerpt(bytes: Uint8Array): string {
  return JSON.stringify(Buffer.from(bytes.subarray(0, 300)).toString("latin1"));
}
