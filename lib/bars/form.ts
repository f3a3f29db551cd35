/**
 * The form of a file of rows: JSON or delimited text, told by its beginning.
 *
 * @module
 */

import { detectDialect, type DetectOptions, type Dialect } from "./delimited/dialect.ts";
import { RecordScanner } from "./delimited/records.ts";

const COMMA = 0x2c;
const POINT = 0x2e;
const LF = 0x0a;
const CLOSE_ARRAY = 0x5d;
const CLOSE_OBJECT = 0x7d;

/**
 * Detects the form from the first bytes of a file.
 *
 * @returns null if it is a JSON document in which the rows have to be found
 * @throws {UserError} if the file is empty, binary, or cannot be told to be rows
 */
export async function detectForm(
  head: Uint8Array,
  options: DetectOptions,
): Promise<Dialect | null> {
  const json = mayBeJson(head) ? await jsonForm(head, options) : undefined;
  return json === undefined ? detectDialect(head, options) : json;
}

/** Whether the first byte that is no space is one that JSON may begin with. */
function mayBeJson(head: Uint8Array): boolean {
  const mark = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  const first = head.subarray(mark).find((byte) => ![0x20, 0x09, 0x0a, 0x0d].includes(byte));
  return first === 0x5b || first === 0x7b;
}

/** The form of rows in an array; null of other JSON; undefined of what is none. */
async function jsonForm(
  head: Uint8Array,
  options: DetectOptions,
): Promise<Dialect | null | undefined> {
  const { detectJson, DOCUMENT } = await import("./json/json_form.ts");
  const { JSON_HINT } = await import("./json/json_records.ts");
  const json = detectJson(head, options);
  if (json === null) return undefined;
  if (json === DOCUMENT) return null;
  const { header, areObjects, dataOffset, records } = json;
  return {
    description: "JSON",
    header,
    hasHeader: areObjects,
    dataOffset,
    records,
    isJson: true,
    plain: {
      delimiter: COMMA,
      decimalMark: POINT,
      thousands: false,
      rowEnd: areObjects ? CLOSE_OBJECT : CLOSE_ARRAY,
      kind: areObjects ? "objects" : "arrays",
    },
    remedy: JSON_HINT,
  };
}

/** The form of the text that a Parquet file or a JSON document is turned into. */
export function tableForm(
  description: "Parquet" | "JSON",
  { header, hasTitles = true, symbol = null }: {
    readonly header: readonly string[];
    readonly hasTitles?: boolean;
    /** The instrument whose table it is, if a key names it. */
    readonly symbol?: string | null;
  },
): Dialect {
  return {
    description,
    header,
    hasHeader: hasTitles,
    symbol,
    dataOffset: 0,
    records: new RecordScanner({ delimiter: COMMA }),
    isJson: false,
    plain: {
      delimiter: COMMA,
      decimalMark: POINT,
      thousands: false,
      rowEnd: LF,
      kind: "lines",
    },
    remedy: "The file is damaged: write it again.",
  };
}
