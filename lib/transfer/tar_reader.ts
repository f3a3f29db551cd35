/**
 * Reads a tar archive, piece by piece, within limits.
 *
 * @module
 */

import { readTarHeader, TAR_BLOCK, type TarEntry, TarProblem } from "./tar_header.ts";

/** What an archive may hold. */
export interface ArchiveLimits {
  /** Files and folders. */
  readonly entries: number;
  /** Bytes of one file. */
  readonly fileBytes: number;
  /** Bytes of all files. */
  readonly totalBytes: number;
}

/** An entry, and its content: to be read before the next entry is asked for, or not at all. */
export interface TarItem extends TarEntry {
  /** The pieces of its content, each valid until the next one. */
  readonly content: AsyncIterable<Uint8Array>;
}

/**
 * The entries of an archive.
 *
 * @throws {TarProblem} if it is damaged, cut off, goes on after its end, holds
 * what is refused, or more than the limits
 */
export async function* tarItems(
  pieces: AsyncIterable<Uint8Array>,
  limits: ArchiveLimits,
): AsyncGenerator<TarItem> {
  const reader = new PieceReader(pieces);
  let [entries, total] = [0, 0];
  try {
    for (;;) {
      const header = await reader.block();
      if (header.every((byte) => byte === 0)) break;
      const entry = readTarHeader(header);
      total += entry.bytes;
      refuseBeyond(entry, { entries: ++entries, total, limits });
      let left = entry.bytes;
      const content = async function* (): AsyncGenerator<Uint8Array> {
        while (left > 0) {
          const piece = await reader.some(left);
          left -= piece.length;
          yield piece;
        }
      };
      yield { ...entry, content: content() };
      const padding = (TAR_BLOCK - entry.bytes % TAR_BLOCK) % TAR_BLOCK;
      await reader.skip(left + padding);
    }
    await refuseMore(reader);
  } finally {
    await reader.close();
  }
}

function refuseBeyond(
  { name, bytes }: TarEntry,
  { entries, total, limits }: {
    readonly entries: number;
    readonly total: number;
    readonly limits: ArchiveLimits;
  },
): void {
  if (entries > limits.entries) {
    throw new TarProblem(`is one more than the ${limits.entries} entries that are allowed`, name);
  }
  if (bytes > limits.fileBytes) {
    throw new TarProblem(
      `has ${bytes} bytes, more than the ${limits.fileBytes} that a file may have`,
      name,
    );
  }
  if (total > limits.totalBytes) {
    throw new TarProblem(
      `brings the whole to ${total} bytes, more than the ${limits.totalBytes} that are allowed`,
      name,
    );
  }
}

/** An archive ends with two blocks of zeros, and more of them up to the size of a tape's record. */
async function refuseMore(reader: PieceReader): Promise<void> {
  const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);
  if (!isZero(await reader.block())) throw new TarProblem("it goes on after its end");
  for (let padding = 0;; padding++) {
    const piece = await reader.upTo(TAR_BLOCK);
    if (piece.length === 0) return;
    if (!isZero(piece) || padding > MAX_PADDING) throw new TarProblem("it goes on after its end");
  }
}

/** Blocks of zeros after the end: a record of the largest tapes. */
const MAX_PADDING = 2048;

/** Takes bytes from pieces of any size. */
class PieceReader {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #piece: Uint8Array = new Uint8Array(0);

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** What is at hand, `most` bytes at the most; nothing at the end. */
  async upTo(most: number): Promise<Uint8Array> {
    while (this.#piece.length === 0) {
      const { done, value } = await this.#pieces.next();
      if (done) return this.#piece;
      this.#piece = value;
    }
    const taken = this.#piece.subarray(0, most);
    this.#piece = this.#piece.subarray(taken.length);
    return taken;
  }

  /** Some bytes, `most` at the most; there must be some. */
  async some(most: number): Promise<Uint8Array> {
    const piece = await this.upTo(most);
    if (piece.length === 0) throw new TarProblem("it is cut off");
    return piece;
  }

  /** A whole block. */
  async block(): Promise<Uint8Array> {
    const block = new Uint8Array(TAR_BLOCK);
    for (let filled = 0; filled < TAR_BLOCK;) {
      const piece = await this.some(TAR_BLOCK - filled);
      block.set(piece, filled);
      filled += piece.length;
    }
    return block;
  }

  /** Passes over `count` bytes. */
  async skip(count: number): Promise<void> {
    for (let left = count; left > 0;) left -= (await this.some(left)).length;
  }

  /** Lets go of the pieces. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }
}
