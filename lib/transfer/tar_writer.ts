/**
 * Writes a tar archive, piece by piece.
 *
 * @module
 */

import { TAR_BLOCK, tarHeader } from "./tar_header.ts";

/** A file that is to be packed. */
export interface PackedFile {
  /** Its path in the archive. */
  readonly name: string;
  /** Bytes of its content. */
  readonly bytes: number;
  /** Its content, exactly that many bytes. */
  readonly content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** The bytes of an archive of these files, in this order. A piece is valid until the next one. */
export async function* tarPieces(
  files: AsyncIterable<PackedFile>,
): AsyncGenerator<Uint8Array> {
  for await (const { name, bytes, content } of files) {
    yield tarHeader({ name, bytes });
    let written = 0;
    for await (const piece of content) {
      written += piece.length;
      yield piece;
    }
    if (written !== bytes) {
      throw new TypeError(`Expected ${bytes} bytes of ${name}, got ${written}`);
    }
    const over = bytes % TAR_BLOCK;
    if (over > 0) yield new Uint8Array(TAR_BLOCK - over);
  }
  yield new Uint8Array(2 * TAR_BLOCK);
}
