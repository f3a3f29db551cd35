/**
 * The hash of a file as a whole.
 *
 * @module
 */

import { Sha256 } from "../sha256.ts";

const BLOCK_BYTES = 1 << 20;

/** SHA-256 of a file's bytes, as `sha256:…`, read block by block. */
export async function hashOfFile(path: string): Promise<string> {
  using file = await Deno.open(path);
  const hash = new Sha256();
  const block = new Uint8Array(BLOCK_BYTES);
  for (;;) {
    const read = await file.read(block);
    if (read === null) return await hash.digest();
    await hash.update(block.subarray(0, read));
  }
}
