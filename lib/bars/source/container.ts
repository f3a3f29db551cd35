/**
 * The text of a data file, whatever it is wrapped in: gzip, a zip archive of
 * one file, UTF-16, or UTF-16 within either.
 *
 * @module
 */

import { type Block, HEADROOM_BYTES, SLACK_BYTES } from "./block.ts";
import type { BlockSource } from "./block_source.ts";
import { formOf, HEAD_BYTES, mayBeWrapped } from "./magic.ts";

/** How blocks are unwrapped. */
export interface UnwrapOptions {
  /** The file's path, for messages. */
  readonly path: string;
  /** Bytes of data in a block of what was unwrapped; default 1 MiB. */
  readonly blockBytes?: number;
}

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
  const form = formOf(dataOf(block));
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
  let owned = true;
  while (!block.final && block.to - block.from < HEAD_BYTES && mayBeWrapped(dataOf(block))) {
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

function dataOf({ bytes, from, to }: Block): Uint8Array {
  return bytes.subarray(from, to);
}
