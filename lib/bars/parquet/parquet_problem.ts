/**
 * What is wrong with a Parquet file, in words of our own: those of the library
 * that decodes it are for those who know its sources.
 *
 * @module
 */

import { shortened } from "../../quote.ts";

/** Something that was found wrong before the library saw it, in words for users. */
export class ParquetProblem extends Error {
  /** The class, for messages. */
  override readonly name: string = "ParquetProblem";
}

/** What the library says of what it does not read, and what that means. */
const UNREAD: readonly (readonly [said: RegExp, means: string])[] = [
  [/unsupported compression codec/, "it is compressed in a way that is not read"],
  [/unsupported (?:encoding|page type)/, "its values are encoded in a way that is not read"],
  [/unsupported type|unhandled type|not supported/, "it has a type of values that is not read"],
];

/** Why a file cannot be decoded; it may name what stands in the file. */
export function parquetReason(cause: unknown): string {
  if (typeof cause === "string") return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  if (cause instanceof ParquetProblem) return shortened(message, 200);
  return UNREAD.find(([said]) => said.test(message))?.[1] ?? "its data are damaged";
}
