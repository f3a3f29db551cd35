/**
 * The worker that reads and hashes a large file. It fills the memory it is
 * sent, in order, hashes it, and sends it back; the memory changes hands, so
 * that nothing is copied.
 *
 * @module
 */

import { Sha256 } from "../../sha256.ts";
import { fillBlock, HEADROOM_BYTES } from "./block.ts";

/** What the worker is told. */
export type ToReader =
  | { readonly kind: "open"; readonly path: string; readonly blockBytes: number }
  | { readonly kind: "fill"; readonly bytes: Uint8Array<ArrayBuffer> };

/** What it answers: a filled block, the last one with the hash of them all, or why not. */
export type FromReader =
  | {
    readonly kind: "filled";
    readonly bytes: Uint8Array<ArrayBuffer>;
    readonly filled: number;
    readonly digest?: string | undefined;
  }
  | { readonly kind: "failed"; readonly name: string; readonly message: string };

/** The worker's side of the line. */
interface Line {
  onmessage: ((event: MessageEvent<ToReader>) => void) | null;
  postMessage(message: FromReader, transfer?: Transferable[]): void;
}

const line = globalThis as unknown as Line;
const hash = new Sha256();
let file: Deno.FsFile | undefined;
let blockBytes = 0;
let ended = false;

async function obey(message: ToReader): Promise<void> {
  if (message.kind === "open") {
    blockBytes = message.blockBytes;
    file = await Deno.open(message.path);
    return;
  }
  if (ended) return;
  const { bytes } = message;
  const data = bytes.subarray(HEADROOM_BYTES, HEADROOM_BYTES + blockBytes);
  const filled = await fillBlock(file!, data);
  await hash.update(data.subarray(0, filled));
  ended = filled < blockBytes;
  const digest = ended ? await hash.digest() : undefined;
  line.postMessage({ kind: "filled", bytes, filled, digest }, [bytes.buffer]);
}

// One message after the other, as each takes its time.
let before: Promise<void> = Promise.resolve();
line.onmessage = ({ data }) => {
  before = before.then(() => obey(data)).catch((error: unknown) => {
    ended = true;
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    line.postMessage({ kind: "failed", name, message });
  });
};
