/**
 * Files of a run directory, read without following a link out of it.
 *
 * @module
 */

import { blocksOf } from "../store/file_hash.ts";
import type { Check } from "./check.ts";
import { reasonOf } from "../system_error.ts";

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

/** What is wrong with what is to be a file and is none. */
export function notAFile(name: string, found: Exclude<Found, { readonly kind: "file" }>): Check {
  const status = found.kind === "missing"
    ? "missing"
    : found.kind === "unreadable"
    ? "unreadable"
    : "differs";
  return { check: name, expected: "a file", actual: foundText(found), status };
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
