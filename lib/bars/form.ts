/**
 * The form of a file of rows: JSON or delimited text, told by its beginning.
 *
 * @module
 */

import { detectDialect, type DetectOptions, type Dialect } from "./delimited/dialect.ts";
import { detectJson } from "./json/json_form.ts";
import { JSON_HINT } from "./json/json_records.ts";
import { RecordScanner } from "./delimited/records.ts";

const COMMA = 0x2c;

/**
 * Detects the form from the first bytes of a file.
 *
 * @throws {UserError} if the file is empty, binary, or cannot be told to be rows
 */
export function detectForm(head: Uint8Array, options: DetectOptions): Dialect {
  const json = detectJson(head, options);
  if (json === null) return detectDialect(head, options);
  const { header, dataOffset, records } = json;
  return {
    description: "JSON",
    header,
    hasHeader: true,
    dataOffset,
    records,
    plainDelimiter: null,
    comma: "thousands",
    remedy: JSON_HINT,
  };
}

/** The form of the text that a Parquet file is turned into. */
export function parquetForm(header: readonly string[]): Dialect {
  return {
    description: "Parquet",
    header,
    hasHeader: true,
    dataOffset: 0,
    records: new RecordScanner({ delimiter: COMMA }),
    plainDelimiter: COMMA,
    comma: "thousands",
    remedy: "The file is damaged: write it again.",
  };
}
