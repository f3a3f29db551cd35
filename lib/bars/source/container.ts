/**
 * What the text of a data file is wrapped in, told by its first bytes and not
 * by its name: gzip, a zip archive of one file, UTF-16, or UTF-16 within either.
 *
 * @module
 */

import { type Block, HEADROOM_BYTES, SLACK_BYTES } from "./block.ts";
import type { BlockSource } from "./block_source.ts";

/** How blocks are unwrapped. */
export interface UnwrapOptions {
  /** The file's path, for messages. */
  readonly path: string;
  /** Bytes of data in a block of what was unwrapped; default 1 MiB. */
  readonly blockBytes?: number;
}

/** What a wrapped file begins with; all of them in four bytes. */
export const HEAD_BYTES = 4;
/** What text may be wrapped in. */
export type WrappedForm = "gzip" | "zip" | "utf-32" | "utf-16le" | "utf-16be";

const FORMS: readonly { readonly name: WrappedForm; readonly bytes: readonly number[] }[] = [
  { name: "gzip", bytes: [0x1f, 0x8b] },
  { name: "zip", bytes: [0x50, 0x4b, 0x03, 0x04] },
  // An archive of nothing.
  { name: "zip", bytes: [0x50, 0x4b, 0x05, 0x06] },
  { name: "utf-32", bytes: [0xff, 0xfe, 0x00, 0x00] },
  { name: "utf-16le", bytes: [0xff, 0xfe] },
  { name: "utf-16be", bytes: [0xfe, 0xff] },
];

/** The blocks of a file as text in UTF-8 (whose byte order mark stays), whatever it is wrapped in. */
export function unwrapped(blocks: BlockSource, options: UnwrapOptions): BlockSource {
  let source: (Pick<BlockSource, "next" | "recycle"> & { end?(): void }) | undefined;
  return {
    next: async () => await (source ??= await opened(blocks, options)).next(),
    recycle: (block) => source?.recycle(block),
    // The file's own, wrapped as it is.
    digest: () => blocks.digest(),
    close() {
      source?.end?.();
      blocks.close();
    },
  };
}

async function opened(
  blocks: BlockSource,
  { path, blockBytes = 1 << 20 }: UnwrapOptions,
): Promise<Pick<BlockSource, "next" | "recycle"> & { end?(): void }> {
  const { block, owned } = await firstBlock(blocks);
  const form = formOf(block.bytes.subarray(block.from, block.to));
  if (form === null) {
    let first: Block | null = block;
    return {
      next() {
        if (first === null) return blocks.next();
        const given = first;
        first = null;
        return Promise.resolve(given);
      },
      recycle: (used) => owned || used !== block ? blocks.recycle(used) : undefined,
    };
  }
  const { unpackedBlocks } = await import("./unpack.ts");
  return unpackedBlocks(blocks, { block, owned, form, path, blockBytes });
}

/** A block that holds the file's first bytes, and whether its memory is the source's own. */
async function firstBlock(blocks: BlockSource): Promise<{ block: Block; owned: boolean }> {
  let block = await blocks.next();
  const mayBeWrapped = () =>
    FORMS.some(({ bytes: [byte] }) => block.from === block.to || byte === block.bytes[block.from]);
  let owned = true;
  while (!block.final && block.to - block.from < HEAD_BYTES && mayBeWrapped()) {
    const before = block.bytes.slice(block.from, block.to);
    if (owned) blocks.recycle(block);
    const next = await blocks.next();
    const length = before.length + next.to - next.from;
    const bytes = new Uint8Array(HEADROOM_BYTES + length + SLACK_BYTES);
    bytes.set(before, HEADROOM_BYTES);
    bytes.set(next.bytes.subarray(next.from, next.to), HEADROOM_BYTES + before.length);
    blocks.recycle(next);
    block = { bytes, from: HEADROOM_BYTES, to: HEADROOM_BYTES + length, final: next.final };
    owned = false;
  }
  return { block, owned };
}

/** What a file that begins with these bytes is wrapped in; null if it is plain. */
export function formOf(head: Uint8Array): WrappedForm | null {
  return FORMS.find(({ bytes }) => bytes.every((byte, at) => head[at] === byte))?.name ?? null;
}
