/**
 * polars in a process of its own: it reads a Parquet file, or writes one of a
 * CSV file, as a request in JSON says.
 *
 * @module
 */

import { text } from "node:stream/consumers";
import process from "node:process";
import type { PolarsRequest } from "./readers.ts";

/** Loaded by a computed name, so that only what uses it downloads it. */
const POLARS = "npm:nodejs-polars@0.25.2";

const request: PolarsRequest = JSON.parse(await text(process.stdin));
const { default: pl } = await import(POLARS);
if ("write" in request) {
  const frame = pl.readCSV(request.csv, { tryParseDates: true });
  frame.writeParquet(request.write, { compression: request.compression });
}
const frame = pl.readParquet("write" in request ? request.write : request.read);
const columns = Object.entries(frame.schema).map((
  [name, type],
) => [name, String(type).replace(/^DataType\((.*)\)$/, "$1")]);
// JavaScript's own dates and numbers would not hold all of them.
const asText = columns.filter(([, type]) => /\b(Datetime|Date|Time|Decimal|U?Int64)\b/.test(type!));
const shown = frame.withColumns(...asText.map(([name]) => pl.col(name!).cast(pl.Utf8)));
console.log(JSON.stringify({ columns, rows: shown.rows() }));
