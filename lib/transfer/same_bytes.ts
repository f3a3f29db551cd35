/**
 * Whether two files are equal.
 *
 * @module
 */

import { lookAt } from "../verify/stored_file.ts";
import { hashOfFile } from "../store/file_hash.ts";

/** Whether there are two files, and byte for byte the same. */
export async function sameBytes(one: string, other: string): Promise<boolean> {
  if (one === other) return true;
  const [first, second] = [await lookAt(one), await lookAt(other)];
  if (first.kind !== "file" || second.kind !== "file" || first.bytes !== second.bytes) return false;
  try {
    return await hashOfFile(one) === await hashOfFile(other);
  } catch {
    return false;
  }
}
