/**
 * The time of a row: in one field, or a date and a time of day in two. Pure.
 *
 * @module
 */

import { type ClockForm, withColons } from "./survey/clock_cells.ts";
import type { Records } from "./delimited/records.ts";
import { type TimestampOptions, TimestampReader } from "./time/timestamps.ts";

const SPACE = 0x20;
const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Where the fields of a row are. */
export type RowFields = Pick<Records, "starts" | "ends" | "fieldCount">;

/** Which fields hold the time. */
export interface TimeFields {
  /** The time, or its date. */
  readonly time: number;
  /** The time of day, if it is apart, and how it is written. */
  readonly clock: { readonly field: number; readonly form: ClockForm } | null;
}

/** Reads the time of each row. */
export class TimeField {
  /** What the last row's time is; see {@linkcode TimestampReader}. */
  readonly reader: TimestampReader;
  readonly #fields: TimeFields;

  /** A reader for one file. */
  constructor(fields: TimeFields, options: TimestampOptions | undefined) {
    this.#fields = fields;
    this.reader = new TimestampReader(options);
  }

  /**
   * Reads the time of a row, as {@linkcode TimestampReader.read} does.
   *
   * @returns milliseconds since 1970-01-01 UTC, or NaN if it is none, or none with the day first
   */
  read(bytes: Uint8Array, row: RowFields): number {
    const { time, clock } = this.#fields;
    if (time >= row.fieldCount) return this.reader.read(bytes, 0, 0);
    if (clock === null) return this.reader.read(bytes, row.starts[time]!, row.ends[time]!);
    const joined = this.text(bytes, row);
    return this.reader.read(joined, 0, joined.length);
  }

  /** The time of a row as one text. */
  text(bytes: Uint8Array, row: RowFields): Uint8Array {
    const { time, clock } = this.#fields;
    const date = cell(bytes, row, time);
    if (clock === null) return date;
    const form = decoder.decode(cell(bytes, row, clock.field)).trim();
    const clockText = encoder.encode(withColons(form, clock.form));
    const joined = new Uint8Array(date.length + 1 + clockText.length);
    joined.set(date);
    joined[date.length] = SPACE;
    joined.set(clockText, date.length + 1);
    return joined;
  }
}

function cell(bytes: Uint8Array, { starts, ends, fieldCount }: RowFields, field: number) {
  return field < fieldCount ? bytes.subarray(starts[field], ends[field]) : bytes.subarray(0, 0);
}
