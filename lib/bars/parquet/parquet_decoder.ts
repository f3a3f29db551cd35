/**
 * Decodes a Parquet file in a worker, within bounds: a worker that decodes
 * nothing for too long, or takes too much memory, is ended, and so is one
 * whose result is no longer wanted.
 *
 * @module
 */

import { Worker } from "node:worker_threads";
import { type DecodeLimits, decodeLimits, mebibytes } from "./decode_limits.ts";
import { damaged } from "./parquet.ts";
import type { FromParquetWorker, ToParquetWorker } from "./parquet_worker.ts";
import { UserError } from "../../errors.ts";

/** How often the memory in use is looked at while the worker decodes. */
const LOOK_EVERY_MS = 50;

/** How a file is decoded. */
export interface ParquetDecoderOptions {
  /** Its path, for messages. */
  readonly path: string;
  /** Ends the decoding early. */
  readonly abort?: AbortSignal | undefined;
  /** The bounds, for tests; default those for its size. */
  readonly limits?: DecodeLimits;
}

/** Some rows of a file. */
export interface DecodedRows {
  /** The rows as lines of CSV in UTF-8, and room after them. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** How many of the bytes are rows. */
  readonly length: number;
  /** The share of the file that is decoded, 0 to 1. */
  readonly decoded: number;
}

/** A Parquet file that is being decoded. It is to be disposed of, so that the worker ends. */
export class ParquetDecoder implements AsyncDisposable {
  readonly #options: ParquetDecoderOptions;
  readonly #limits: DecodeLimits;
  readonly #worker: Worker;
  readonly #arrived: (FromParquetWorker | Error)[] = [];
  /** The least memory that the process had in use since: others may let go of theirs meanwhile. */
  #leastMemory: number;
  #decoded = 0;
  #wake: () => void = () => {};

  /** Begins to decode `bytes`, all of their buffer, which the worker takes over. */
  constructor(bytes: Uint8Array<ArrayBuffer>, options: ParquetDecoderOptions) {
    this.#options = options;
    this.#limits = options.limits ?? decodeLimits(bytes.length);
    this.#leastMemory = Deno.memoryUsage().rss;
    this.#worker = new Worker(new URL("./parquet_worker.ts", import.meta.url), {
      // With less room, less waste is left lying about: a large file takes half the memory.
      // A worker that fills it falls silent, so the limit on all memory is below.
      resourceLimits: {
        maxOldGenerationSizeMb: 256 + Math.ceil(this.#limits.memoryBytes / 2 ** 20),
        maxYoungGenerationSizeMb: 8,
      },
    });
    this.#worker.on("message", (message: FromParquetWorker) => this.#arrive(message));
    this.#worker.on("error", (error: Error) => this.#arrive(error));
    this.#send({ kind: "open", buffer: bytes.buffer, path: options.path }, [bytes.buffer]);
  }

  /**
   * The names of the columns, and how many rows the file says it has.
   *
   * @throws {UserError} if the file is damaged, of a kind that is not read, or
   * a limit was reached
   */
  async opened(): Promise<{ readonly header: readonly string[]; readonly rows: number }> {
    const message = await this.#next();
    if (message.kind !== "opened") throw new Error(`expected a header, got ${message.kind}`);
    return message;
  }

  /**
   * The rows, some at a time; to be called once, after {@linkcode opened}.
   *
   * @throws {UserError} as `opened` does
   */
  async *rows(): AsyncGenerator<DecodedRows> {
    this.#send({ kind: "next" });
    for (;;) {
      const message = await this.#next();
      if (message.kind !== "block") return;
      // The next ones are decoded while these are parsed.
      this.#send({ kind: "next" });
      const { buffer, length } = message;
      yield { bytes: new Uint8Array(buffer), length, decoded: this.#decoded };
    }
  }

  /** Ends the worker, whatever it does. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }

  #send(message: ToParquetWorker, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  #arrive(item: FromParquetWorker | Error): void {
    this.#arrived.push(item);
    this.#wake();
  }

  /** What the worker sends next, but for mere progress. */
  async #next(): Promise<FromParquetWorker> {
    for (;;) {
      const item = this.#arrived.shift() ?? await this.#arrival();
      if (item instanceof Error) throw item;
      if (item.kind === "failed") {
        throw new UserError(item.message, { code: "data_invalid", hint: item.hint });
      }
      if (item.kind !== "decoded") return item;
      this.#decoded = item.done / item.total;
    }
  }

  /** Waits for something to arrive, as long as the limits allow. */
  async #arrival(): Promise<FromParquetWorker | Error> {
    const { path, abort } = this.#options;
    const { stallMs, memoryBytes } = this.#limits;
    let waitedMs = 0;
    for (;;) {
      abort?.throwIfAborted();
      await this.#woken(LOOK_EVERY_MS);
      const item = this.#arrived.shift();
      if (item !== undefined) return item;
      // Counted in looks, so that time in which the machine slept is not.
      waitedMs += LOOK_EVERY_MS;
      if (waitedMs >= stallMs) {
        throw damaged(path, `nothing of it was decoded for ${stallMs / 1000} s, the limit`);
      }
      const { rss } = Deno.memoryUsage();
      this.#leastMemory = Math.min(this.#leastMemory, rss);
      if (rss - this.#leastMemory > memoryBytes) {
        throw damaged(
          path,
          `to decode it takes more than ${mebibytes(memoryBytes)} of memory, the limit for a ` +
            "file of its size",
        );
      }
    }
  }

  /** Waits until something arrives, the reading is to end, or the time has passed. */
  #woken(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const { abort } = this.#options;
      const done = (): void => {
        clearTimeout(timer);
        abort?.removeEventListener("abort", done);
        this.#wake = () => {};
        resolve();
      };
      const timer = setTimeout(done, ms);
      abort?.addEventListener("abort", done);
      this.#wake = done;
    });
  }
}
