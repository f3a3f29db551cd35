/**
 * Files read block by block, and their hashes.
 *
 * @module
 */

import { Sha256 } from "../sha256.ts";
import { openRegular } from "../regular_file.ts";

const BLOCK_BYTES = 1 << 20;

/** The bytes of a file, a block at a time; the memory is used again for the next block. */
export async function* blocksOf(path: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  using file = await openRegular(path);
  const block = new Uint8Array(Math.min((await file.stat()).size + 1, BLOCK_BYTES));
  for (;;) {
    const read = await file.read(block);
    if (read === null) return;
    yield block.subarray(0, read);
  }
}

/** SHA-256 of a file's bytes, as `sha256:…`. */
export async function hashOfFile(path: string): Promise<string> {
  const hash = new Sha256();
  for await (const block of blocksOf(path)) await hash.update(block);
  return await hash.digest();
}
