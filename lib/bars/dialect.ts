/**
 * How a data file is written: decided once, from its first block, before any
 * row is read.
 *
 * Understood so far: UTF-8 with or without a byte order mark, commas, a header
 * line. What else is recognised is refused by name.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import { MalformedRecord, QUOTING_HINT, RecordScanner } from "./records.ts";

/** The form of a delimited file. */
export interface Dialect {
  /** The byte between fields. */
  readonly delimiter: number;
  /** The names in the header line, as they stand. */
  readonly header: readonly string[];
  /** Offset of the first byte after the header line. */
  readonly dataOffset: number;
  /** Line of the file, from 1, on which the data begins. */
  readonly dataLine: number;
}

const COMMA = 0x2c;
const LF = 0x0a;
const text = new TextDecoder("utf-8", { ignoreBOM: true });

const EXPECTED_FORM = "The data is a text file of comma-separated columns with a header line.";

/** Signatures of files that are not delimited text, and what to do with them. */
const FOREIGN_FORMS: readonly {
  readonly bytes: readonly number[];
  readonly name: string;
  readonly hint: string;
}[] = [
  { bytes: [0x1f, 0x8b], name: "gzip-compressed", hint: "Decompress it first: gunzip FILE." },
  { bytes: [0x50, 0x4b, 0x03, 0x04], name: "a zip archive", hint: "Unpack it first: unzip FILE." },
  { bytes: [0x50, 0x41, 0x52, 0x31], name: "a Parquet file", hint: "Convert it to CSV first." },
  { bytes: [0xff, 0xfe], name: "UTF-16 text", hint: "Convert it first: iconv -f UTF-16 -t UTF-8." },
  { bytes: [0xfe, 0xff], name: "UTF-16 text", hint: "Convert it first: iconv -f UTF-16 -t UTF-8." },
];

/** How a dialect is detected. */
export interface DetectOptions {
  /** The file's path, for messages. */
  readonly path: string;
  /** Whether `head` is the whole file. */
  readonly whole: boolean;
}

/**
 * Detects the dialect from the first bytes of a file.
 *
 * @throws {UserError} if the file is empty or of a form that is not read
 */
export function detectDialect(head: Uint8Array, { path, whole }: DetectOptions): Dialect {
  for (const { bytes, name, hint } of FOREIGN_FORMS) {
    if (bytes.every((byte, i) => head[i] === byte)) {
      throw new UserError(`Cannot read ${path}: it is ${name}, not CSV`, {
        code: "data_invalid",
        hint,
      });
    }
  }
  if (head.includes(0)) {
    throw new UserError(`Cannot read ${path}: it is binary, not CSV`, {
      code: "data_invalid",
      hint: EXPECTED_FORM,
    });
  }
  const scanner = new RecordScanner(COMMA);
  let offset = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  for (;;) {
    if (offset >= head.length && whole) throw emptyFile(path);
    const from = offset;
    offset = nextRecord(scanner, head, { from, whole, path });
    if (offset === -1) {
      throw new UserError(
        `Cannot read ${path}: its first line does not end within ${head.length} bytes`,
        {
          code: "data_invalid",
          hint: EXPECTED_FORM,
        },
      );
    }
    if (scanner.fieldCount === 0) continue;
    const header = Array.from(
      { length: scanner.fieldCount },
      (_, field) => text.decode(head.subarray(scanner.starts[field], scanner.ends[field])).trim(),
    );
    refuseOtherForms(header, { path, line: scanner.line });
    return { delimiter: COMMA, header, dataOffset: offset, dataLine: scanner.nextLine };
  }
}

function nextRecord(
  scanner: RecordScanner,
  head: Uint8Array,
  { from, whole, path }: { from: number; whole: boolean; path: string },
): number {
  try {
    return scanner.next(head, from, head.length, whole);
  } catch (error) {
    if (!(error instanceof MalformedRecord)) throw error;
    // Quoted names look malformed where another delimiter follows them.
    const lineEnd = head.indexOf(LF, from);
    const line = text.decode(head.subarray(from, lineEnd === -1 ? head.length : lineEnd));
    if (!line.includes(",")) refuseOtherForms([line], { path, line: error.line });
    throw new UserError(`Cannot read ${path}:${error.line}: ${error.message}`, {
      code: "data_invalid",
      hint: QUOTING_HINT,
      cause: error,
    });
  }
}

function emptyFile(path: string): UserError {
  return new UserError(`Cannot read ${path}: it is empty`, {
    code: "data_empty",
    hint: EXPECTED_FORM,
  });
}

/** A header that is no header, or is not in commas. */
function refuseOtherForms(
  header: readonly string[],
  { path, line }: { readonly path: string; readonly line: number },
): void {
  const [first = ""] = header;
  if (header.length === 1) {
    const other = [";", "\t", "|"].find((delimiter) => first.includes(delimiter));
    if (other !== undefined) {
      const name = { ";": "semicolons", "\t": "tabs", "|": "pipes" }[other];
      throw new UserError(`Cannot read ${path}: its columns are separated by ${name}, not commas`, {
        code: "data_invalid",
        hint: "Convert it to commas first.",
      });
    }
  }
  if (header.length > 1 && header.every((name) => name !== "" && Number.isFinite(Number(name)))) {
    throw new UserError(
      `Cannot read ${path}: it has no header line, as line ${line} is all numbers`,
      {
        code: "data_invalid",
        hint: "Put a line with the column names on top, for example: " +
          "timestamp,open,high,low,close,volume",
      },
    );
  }
}
