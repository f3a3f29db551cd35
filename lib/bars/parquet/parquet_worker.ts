/**
 * The worker that decodes a Parquet file: apart, so that a file which keeps
 * the decoder busy without end can be given up.
 *
 * It is one of `node:worker_threads`: a web worker that runs a loop without
 * end does not hear that it is to end.
 *
 * @module
 */

import { parentPort } from "node:worker_threads";
import { UserError } from "../../errors.ts";
import { SLACK_BYTES } from "../source/block.ts";
import { parquetRows } from "./parquet.ts";

/**
 * What the worker is told: the file, and then each time that it may go on. Of
 * bytes only buffers are sent, as a message is searched for ports: every
 * element of an array in it, but not what is in a buffer.
 */
export type ToParquetWorker =
  | { readonly kind: "open"; readonly buffer: ArrayBuffer; readonly path: string }
  | { readonly kind: "next" };

/** What it answers. */
export type FromParquetWorker =
  | { readonly kind: "opened"; readonly header: readonly string[]; readonly rows: number }
  /** Something was decoded: values so far, and those in all. */
  | { readonly kind: "decoded"; readonly done: number; readonly total: number }
  /** Lines of CSV in the first `length` bytes. */
  | { readonly kind: "block"; readonly buffer: ArrayBuffer; readonly length: number }
  | { readonly kind: "end" }
  | { readonly kind: "failed"; readonly message: string; readonly hint: string | undefined };

const port = parentPort!;
const send = (message: FromParquetWorker, transfer: ArrayBuffer[] = []): void =>
  port.postMessage(message, transfer);
let blocks: AsyncIterator<Uint8Array<ArrayBuffer>> | undefined;

async function obey(message: ToParquetWorker): Promise<void> {
  if (message.kind === "open") {
    const opened = await parquetRows(new Uint8Array(message.buffer), {
      path: message.path,
      onProgress: (done, total) => send({ kind: "decoded", done, total }),
    });
    blocks = opened.blocks[Symbol.asyncIterator]();
    return send({ kind: "opened", header: opened.header, rows: opened.rows });
  }
  const { value, done } = await blocks!.next();
  if (done === true) return send({ kind: "end" });
  const bytes = new Uint8Array(value.length + SLACK_BYTES);
  bytes.set(value);
  send({ kind: "block", buffer: bytes.buffer, length: value.length }, [bytes.buffer]);
}

port.on("message", (message: ToParquetWorker) => {
  obey(message).catch((error: unknown) => {
    // Any other is a defect, and ends the worker with it.
    if (!(error instanceof UserError)) throw error;
    send({ kind: "failed", message: error.message, hint: error.hint });
  });
});
