/**
 * The bytes of a data file, block by block, with their hash: the bytes that
 * are handed out are the bytes that are hashed, read once.
 *
 * A small file is read and hashed where it is parsed. A large one is read and
 * hashed by a worker, block after block, while the blocks before are parsed.
 *
 * @module
 */

import { Sha256 } from "../../sha256.ts";
import { type Block, type ByteInput, fillBlock, HEADROOM_BYTES, SLACK_BYTES } from "./block.ts";
import type { FromReader, ToReader } from "./block_reader.ts";

/** From this size on, a worker is worth its start. */
const WORKER_BYTES = 1 << 24;

/** How many blocks are on their way at once. */
const BLOCKS_IN_FLIGHT = 4;

/** Hands out blocks in order. */
export interface BlockSource {
  /** The next block; there is one until the final one was handed out. */
  next(): Promise<Block>;
  /** Gives a block's memory back, so that it can be filled again. */
  recycle(block: Block): void;
  /** SHA-256 of all blocks, as `sha256:…`, once the final one was handed out. */
  digest(): Promise<string>;
  /** Ends the worker, if there is one. */
  close(): void;
}

/** How a file is read. */
export interface BlockSourceOptions {
  /** Its path, for the worker to open. */
  readonly path: string;
  /** Its size in bytes; 0 if that is not known. */
  readonly size: number;
  /** Bytes of data in a block. */
  readonly blockBytes: number;
}

/** The blocks of an open file. */
export function openBlocks(file: ByteInput, options: BlockSourceOptions): BlockSource {
  return options.size >= WORKER_BYTES ? workerBlocks(options) : directBlocks(file, options);
}

function directBlocks(
  file: ByteInput,
  { size, blockBytes }: BlockSourceOptions,
): BlockSource {
  const hash = new Sha256();
  // No larger than the file needs, and one more byte to see its end.
  const length = size === 0 ? blockBytes : Math.min(blockBytes, size + 1);
  let spare = new Uint8Array(HEADROOM_BYTES + length + SLACK_BYTES);
  return {
    async next() {
      const bytes = spare;
      const data = bytes.subarray(HEADROOM_BYTES, HEADROOM_BYTES + length);
      const filled = await fillBlock(file, data);
      await hash.update(data.subarray(0, filled));
      return { bytes, from: HEADROOM_BYTES, to: HEADROOM_BYTES + filled, final: filled < length };
    },
    recycle: ({ bytes }) => {
      spare = bytes;
    },
    digest: () => hash.digest(),
    close: () => {},
  };
}

function workerBlocks({ path, blockBytes }: BlockSourceOptions): BlockSource {
  const worker = new Worker(new URL("./block_reader.ts", import.meta.url), { type: "module" });
  const send = (message: ToReader, transfer: Transferable[] = []) =>
    worker.postMessage(message, transfer);
  const arrived: (Block | Error)[] = [];
  let digest: string | undefined;
  let wake = (): void => {};
  const arrive = (item: Block | Error): void => {
    arrived.push(item);
    wake();
  };
  worker.onmessage = ({ data }: MessageEvent<FromReader>) => {
    if (data.kind === "failed") return arrive(failure(data));
    digest = data.digest;
    arrive({
      bytes: data.bytes,
      from: HEADROOM_BYTES,
      to: HEADROOM_BYTES + data.filled,
      final: data.digest !== undefined,
    });
  };
  worker.onerror = (event) => {
    event.preventDefault();
    arrive(new Error(event.message));
  };
  send({ kind: "open", path, blockBytes });
  for (let block = 0; block < BLOCKS_IN_FLIGHT; block++) {
    const bytes = new Uint8Array(HEADROOM_BYTES + blockBytes + SLACK_BYTES);
    send({ kind: "fill", bytes }, [bytes.buffer]);
  }
  return {
    async next() {
      while (arrived.length === 0) await new Promise<void>((resolve) => wake = resolve);
      const item = arrived.shift()!;
      if (item instanceof Error) throw item;
      return item;
    },
    recycle: ({ bytes }) => send({ kind: "fill", bytes }, [bytes.buffer]),
    digest: () =>
      digest === undefined
        ? Promise.reject(new Error("Cannot give the hash of a file that was not read to its end"))
        : Promise.resolve(digest),
    close: () => worker.terminate(),
  };
}

/** An error of the worker's as it would have been here. */
function failure({ name, message }: { readonly name: string; readonly message: string }): Error {
  const known = Object.entries(Deno.errors).find(([known]) => known === name)?.[1];
  return known === undefined ? new Error(message) : new known(message);
}
