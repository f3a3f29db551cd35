/**
 * Files of a run directory, read without following a link out of it.
 *
 * @module
 */

import { Sha256 } from "../../sha256.ts";

/** What is in a place: a file and its size, or in a word what there is instead. */
export type Found =
  | { readonly kind: "file"; readonly bytes: number }
  | { readonly kind: "directory" }
  | { readonly kind: "missing" }
  | { readonly kind: "unreadable"; readonly reason: string }
  | { readonly kind: "other"; readonly reason: string };

/** What is at `path` itself; nothing is followed. */
export async function lookAt(path: string): Promise<Found> {
  try {
    const { isFile, isDirectory, isSymlink, size } = await Deno.lstat(path);
    if (isFile) return { kind: "file", bytes: size };
    if (isDirectory) return { kind: "directory" };
    return { kind: "other", reason: isSymlink ? "a symbolic link" : "no regular file" };
  } catch (error) {
    const { NotFound, NotADirectory } = Deno.errors;
    if (error instanceof NotFound || error instanceof NotADirectory) return { kind: "missing" };
    return { kind: "unreadable", reason: reasonOf(error) };
  }
}

/** The words for what was found. */
export function foundText(found: Found): string {
  switch (found.kind) {
    case "file":
      return "a file";
    case "directory":
      return "a directory";
    case "missing":
      return "none";
    default:
      return found.reason;
  }
}

const BLOCK_BYTES = 1 << 20;

/** The bytes of a file, a block at a time; the memory is used again for the next block. */
export async function* blocksOf(path: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  using file = await Deno.open(path);
  const block = new Uint8Array(Math.min((await file.stat()).size + 1, BLOCK_BYTES));
  for (;;) {
    const read = await file.read(block);
    if (read === null) return;
    yield block.subarray(0, read);
  }
}

/** The SHA-256 of a file, as `sha256:…`. */
export async function fileHash(path: string): Promise<string> {
  const hash = new Sha256();
  for await (const block of blocksOf(path)) await hash.update(block);
  return await hash.digest();
}

/**
 * The text of a file.
 *
 * @throws if it cannot be read, is larger than `limit` bytes, or is not UTF-8
 */
export async function textOf(path: string, limit: number): Promise<string> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for await (const block of blocksOf(path)) {
    bytes += block.length;
    if (bytes > limit) throw new Error(`larger than ${limit} bytes`);
    parts.push(block.slice());
  }
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  try {
    // A byte order mark is no part of what sigrun writes.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(whole);
  } catch (cause) {
    throw new Error("not UTF-8", { cause });
  }
}

/** The words of an error. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
