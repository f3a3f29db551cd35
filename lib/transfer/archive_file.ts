/**
 * Where an archive goes: to a file that appears whole, or to a stream.
 *
 * @module
 */

import { EXIT_USAGE, UserError } from "../errors.ts";
import type { Output } from "../host.ts";
import type { Artifact } from "../record.ts";
import { syncFolder, writeWhole } from "../store/files.ts";
import { dirname } from "node:path";
import { reasonOf } from "../system_error.ts";

/** The bytes as gzip, always the same for the same bytes. */
export function gzipped(pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  // Copies, as the stream may hold a piece for longer than it is valid.
  const owned = async function* (): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    for await (const piece of pieces) yield piece.slice() as Uint8Array<ArrayBuffer>;
  };
  return ReadableStream.from(owned()).pipeThrough(new CompressionStream("gzip"));
}

/**
 * Refuses a place that is taken.
 *
 * @throws {UserError} if there is a directory, or a file that is not to be replaced
 */
export async function refuseTaken(path: string, { replace }: { readonly replace: boolean }) {
  const found = await Deno.lstat(path).catch(() => undefined);
  if (found === undefined || (replace && !found.isDirectory)) return;
  const what = found.isDirectory ? "it is a directory" : "it is there already";
  throw new UserError(`Cannot write the archive ${path}: ${what}`, {
    code: "output_unwritable",
    exitCode: EXIT_USAGE,
    hint: found.isDirectory ? "Name a file in it." : "Name another file, or replace it: --force.",
  });
}

/**
 * Writes an archive, complete or not at all.
 *
 * @throws {UserError} if it cannot be written
 */
export async function writeArchive(
  path: string,
  { pieces, replace }: { readonly pieces: AsyncIterable<Uint8Array>; readonly replace: boolean },
): Promise<Artifact> {
  const guarded = async function* (): AsyncGenerator<Uint8Array> {
    yield* pieces;
    // It takes a while until an archive is complete.
    await refuseTaken(path, { replace });
  };
  try {
    const written = await writeWhole(path, guarded());
    await syncFolder(dirname(path));
    return written;
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw unwritable(path, cause);
  }
}

/**
 * Writes an archive to standard output; the result is how many bytes that was.
 *
 * @throws {UserError} if nobody reads them
 */
export async function streamArchive(
  stdout: Output,
  pieces: AsyncIterable<Uint8Array>,
): Promise<number> {
  let bytes = 0;
  for await (const piece of pieces) {
    try {
      stdout.writeBytes(piece);
    } catch (cause) {
      throw unwritable("to standard output", cause);
    }
    bytes += piece.length;
  }
  return bytes;
}

function unwritable(path: string, cause: unknown): UserError {
  const reason = reasonOf(cause);
  return new UserError(`Cannot write the archive ${path}: ${reason}`, {
    code: "output_unwritable",
    hint: cause instanceof Deno.errors.BrokenPipe
      ? "The program that reads it has ended: what it says is the reason."
      : "Is the disk full? Make room, or name a file somewhere else: --output FILE.",
    cause,
  });
}
