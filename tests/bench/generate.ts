/**
 * Seeded OHLCV bars as CSV, of the size and shape of real ones: 2-decimal
 * prices without trailing zeros, about 76 bytes a row. Equal options, equal
 * bytes.
 *
 * @example
 * ```sh
 * deno run --allow-write generate.ts --rows 10000000 --step minute --seed 42 --output bars.csv
 * ```
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Time from one bar to the next, by name, in milliseconds. */
export const STEPS_MS = { minute: 60_000, hour: 3_600_000 } as const;

/** One of {@linkcode STEPS_MS}. */
export type Step = keyof typeof STEPS_MS;

/** What bars to generate. */
export interface BarsOptions {
  /** Data rows below the header. */
  readonly rows: number;
  /** Seed of the random walk, a whole number; default 42. */
  readonly seed?: number;
  /** Time from one bar to the next; default minute. */
  readonly step?: Step;
}

/** The first line of the files, as in data.csv. */
export const HEADER = "timestamp,open,high,low,close,volume_btc,volume_usd\n";

const FIRST_BAR_MS = Date.UTC(2000, 0, 1);
const DAY_MS = 86_400_000;
const LOWEST_CENTS = 10_000_00;
const HIGHEST_CENTS = 99_999_99;
const MOST_STEP_CENTS = 60_00;

const BLOCK_BYTES = 4 << 20;
const MOST_ROW_BYTES = 128;

const [ZERO, POINT, COMMA, COLON, SPACE, LINE_FEED] = [0x30, 0x2e, 0x2c, 0x3a, 0x20, 0x0a];

/**
 * The file, block by block. A block is overwritten by the next one: use it up
 * before asking for more.
 *
 * @throws {RangeError} if `rows` is not a whole number from 1
 */
export function* generateBars(options: BarsOptions): Generator<Uint8Array<ArrayBuffer>> {
  const { rows, seed = 42, step = "minute" } = options;
  if (!Number.isSafeInteger(rows) || rows < 1) {
    throw new RangeError(`Cannot generate bars: rows is a whole number from 1, got ${rows}`);
  }
  const below = uniform(seed);
  const block = new BlockWriter();
  block.ascii(HEADER);
  let timeMs = FIRST_BAR_MS;
  let close = 30_000_00;
  for (let row = 0; row < rows; row++, timeMs += STEPS_MS[step]) {
    const open = close;
    close = reflected(open + below(2 * MOST_STEP_CENTS + 1) - MOST_STEP_CENTS);
    const high = Math.max(open, close) + below(MOST_STEP_CENTS);
    const low = Math.min(open, close) - below(MOST_STEP_CENTS);
    const volume = 1_000_00 + below(9_000_00);
    block.time(timeMs);
    for (const cents of [open, high, low, close, volume, Math.round(volume * close / 100)]) {
      block.byte(COMMA);
      block.cents(cents);
    }
    block.byte(LINE_FEED);
    if (block.isFull) yield block.take();
  }
  yield block.take();
}

/** Writes the file; the bytes written. */
export async function writeBars(path: string, options: BarsOptions): Promise<number> {
  using file = await Deno.open(path, { write: true, create: true, truncate: true });
  let bytes = 0;
  for (const block of generateBars(options)) {
    for (let written = 0; written < block.length;) {
      written += await file.write(block.subarray(written));
    }
    bytes += block.length;
  }
  return bytes;
}

/** Uniform whole numbers from 0 to `limit - 1`; `limit` is far below 2^32, so the bias is negligible. */
function uniform(seed: number): (limit: number) => number {
  const generator = xoroshiro128plus(seed);
  // The first numbers of a small seed are small.
  for (let skipped = 0; skipped < 16; skipped++) generator.next();
  return (limit) => (generator.next() >>> 0) % limit;
}

/** A price that left the range comes back by as much as it passed the bound. */
function reflected(cents: number): number {
  if (cents < LOWEST_CENTS) return 2 * LOWEST_CENTS - cents;
  if (cents > HIGHEST_CENTS) return 2 * HIGHEST_CENTS - cents;
  return cents;
}

/** Writes digits straight into bytes: a string per field would take several times as long. */
class BlockWriter {
  readonly #bytes = new Uint8Array(BLOCK_BYTES);
  #length = 0;
  #day = NaN;
  readonly #date = new Uint8Array(10);

  /** Whether another row may not fit. */
  get isFull(): boolean {
    return this.#length > BLOCK_BYTES - MOST_ROW_BYTES;
  }

  /** What was written since the last call. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return taken;
  }

  byte(byte: number): void {
    this.#bytes[this.#length++] = byte;
  }

  ascii(text: string): void {
    for (let at = 0; at < text.length; at++) this.byte(text.charCodeAt(at));
  }

  /** `2000-01-01 00:00:00`. */
  time(timeMs: number): void {
    const day = Math.floor(timeMs / DAY_MS);
    if (day !== this.#day) {
      this.#day = day;
      new TextEncoder().encodeInto(new Date(day * DAY_MS).toISOString().slice(0, 10), this.#date);
    }
    this.#bytes.set(this.#date, this.#length);
    this.#length += this.#date.length;
    const seconds = (timeMs - day * DAY_MS) / 1000;
    this.byte(SPACE);
    this.#twoDigits(Math.floor(seconds / 3600));
    this.byte(COLON);
    this.#twoDigits(Math.floor(seconds / 60) % 60);
    this.byte(COLON);
    this.#twoDigits(seconds % 60);
  }

  /** Hundredths as a decimal number without trailing zeros: 950000 is `9500`, 954510 is `9545.1`. */
  cents(cents: number): void {
    const whole = Math.floor(cents / 100);
    this.#whole(whole);
    const hundredths = cents - whole * 100;
    if (hundredths === 0) return;
    this.byte(POINT);
    if (hundredths % 10 === 0) this.byte(ZERO + hundredths / 10);
    else this.#twoDigits(hundredths);
  }

  #whole(number: number): void {
    let digits = 1;
    for (let power = 10; power <= number; power *= 10) digits++;
    let rest = number;
    for (let at = this.#length + digits - 1; at >= this.#length; at--) {
      const tenth = Math.floor(rest / 10);
      this.#bytes[at] = ZERO + rest - tenth * 10;
      rest = tenth;
    }
    this.#length += digits;
  }

  #twoDigits(number: number): void {
    this.byte(ZERO + Math.floor(number / 10));
    this.byte(ZERO + number % 10);
  }
}

async function main(): Promise<number> {
  const flags = parseArgs(Deno.args, { string: ["rows", "seed", "step", "output"] });
  const step = String(flags["step"] ?? "minute");
  if (
    flags["rows"] === undefined || flags["output"] === undefined || !Object.hasOwn(STEPS_MS, step)
  ) {
    console.error("Usage: generate.ts --rows N --output FILE [--seed N] [--step minute|hour]");
    return 2;
  }
  const bytes = await writeBars(String(flags["output"]), {
    rows: Number(flags["rows"]),
    seed: Number(flags["seed"] ?? 42),
    step: step as Step,
  });
  console.log(`${bytes} bytes`);
  return 0;
}

if (import.meta.main) Deno.exitCode = await main();
