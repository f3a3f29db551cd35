/**
 * SHA-256, in the form in which sigrun writes hashes: `sha256:` and 64 hex digits.
 *
 * @module
 */

import type { Hash } from "node:crypto";

/** Up to this size WebCrypto is faster, as node:crypto takes longer to load. */
const BUFFERED_BYTES = 1 << 20;

/** A hash that is fed piece by piece. */
export class Sha256 {
  #buffered: Uint8Array<ArrayBuffer>[] = [];
  #length = 0;
  #stream: Hash | undefined;

  /** Adds bytes, or text as UTF-8. */
  async update(data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    if (this.#stream === undefined && this.#length + bytes.length > BUFFERED_BYTES) {
      const { createHash } = await import("node:crypto");
      this.#stream = createHash("sha256");
      for (const chunk of this.#buffered) this.#stream.update(chunk);
      this.#buffered = [];
    }
    if (this.#stream !== undefined) this.#stream.update(bytes);
    // A copy, as the caller may use the buffer again.
    else this.#buffered.push(bytes.slice() as Uint8Array<ArrayBuffer>);
    this.#length += bytes.length;
  }

  /** The hash of all that was added. */
  async digest(): Promise<string> {
    if (this.#stream !== undefined) return `sha256:${this.#stream.digest("hex")}`;
    return await hashOfAll(this.#buffered);
  }
}

/**
 * The hash of some pieces one after the other.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { sha256 } from "./sha256.ts";
 *
 * const hash = await sha256("a", "b");
 * assert(hash === await sha256("ab"));
 * assert(hash.startsWith("sha256:fb8e20fc"));
 * ```
 */
export async function sha256(...pieces: readonly (string | Uint8Array)[]): Promise<string> {
  const encoder = new TextEncoder();
  return await hashOfAll(
    pieces.map((piece) => typeof piece === "string" ? encoder.encode(piece) : piece),
  );
}

/** The hash of bytes that are all there, whatever their size, by WebCrypto. */
async function hashOfAll(pieces: readonly Uint8Array[]): Promise<string> {
  // A single one may be large, so it is not copied.
  const bytes = pieces.length === 1 ? pieces[0]! : joined(pieces);
  const digest = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return `sha256:${new Uint8Array(digest).toHex()}`;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
