/**
 * Decompression, piece by piece, with bounds on what may come out.
 *
 * @module
 */

import type { InflateRaw } from "node:zlib";
import { UserError } from "../../errors.ts";
import type { ByteReader } from "./byte_reader.ts";

/** Bytes that may come out of any archive. */
export const FREE_BYTES = 1 << 26;

/** Bytes that may come out beyond those for each byte that went in. */
export const MAX_RATIO = 64;

/** Bytes that come out at once. */
const SIZES = { chunkSize: 1 << 17 };

/** What is wrong with an archive that ends too early. */
export const CUT_OFF = "unexpected end of file";

/** How something is decompressed. */
export interface InflateOptions {
  /** gzip, of one member or many; or the bare deflate of a zip archive. */
  readonly format: "gzip" | "deflate";
  /** The file's path, for messages. */
  readonly path: string;
}

/**
 * Decompresses what the reader gives: of gzip all of it, of deflate no more
 * than belongs to it. A piece is valid until the next one is wanted.
 *
 * @throws {UserError} if it is damaged or cut off
 */
export async function* inflated(
  reader: ByteReader,
  { format, path }: InflateOptions,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { createGunzip, createInflateRaw } = await import("node:zlib");
  // Both are alike, and so are their types but for the name.
  const engine = (format === "gzip" ? createGunzip(SIZES) : createInflateRaw(SIZES)) as InflateRaw;
  const closed = new Promise<void>((resolve) => engine.once("close", resolve));
  engine.on("error", () => {});
  const feeding = feed(engine, { reader, closed });
  try {
    for await (const piece of engine) yield piece;
    await feeding;
    if (format === "gzip") await refuseMore(reader, path);
  } catch (error) {
    throw isOfZlib(error) ? damaged(path, error) : error;
  } finally {
    engine.destroy();
    await feeding;
  }
}

/** Hands an engine what the reader has, one piece after the other, until it has enough. */
async function feed(
  engine: InflateRaw,
  { reader, closed }: { readonly reader: ByteReader; readonly closed: Promise<void> },
): Promise<void> {
  try {
    let given = 0;
    while (!engine.destroyed) {
      const piece = await reader.some();
      if (piece.length === 0) break;
      given += piece.length;
      const taken = new Promise<void>((resolve) => engine.write(piece, () => resolve()));
      await Promise.race([taken, closed]);
      const left = given - engine.bytesWritten;
      if (left > 0) {
        reader.putBack(left);
        break;
      }
    }
    engine.end();
  } catch (error) {
    engine.destroy(error as Error);
  }
}

/** Reads to the end of a gzip file, after whose members only zeros may come, as from tapes. */
async function refuseMore(reader: ByteReader, path: string): Promise<void> {
  for (;;) {
    const piece = await reader.some();
    if (piece.length === 0) return;
    if (piece.some((byte) => byte !== 0)) throw damaged(path, "more bytes after its end");
  }
}

function isOfZlib(error: unknown): error is Error {
  return error instanceof Error && "code" in error && String(error.code).startsWith("Z_");
}

/** The error that an archive is damaged. */
export function damaged(path: string, cause: Error | string): UserError {
  const reason = typeof cause === "string" ? cause : cause.message;
  return new UserError(`Cannot read ${path}: the compressed data is damaged (${reason})`, {
    code: "data_invalid",
    hint: "Was it cut off? Download or copy the file again.",
    cause: typeof cause === "string" ? undefined : cause,
  });
}

/**
 * Passes pieces on as long as they are in proportion to what was read.
 *
 * @throws {UserError} once they are not
 */
export async function* limited(
  pieces: AsyncIterable<Uint8Array<ArrayBuffer>>,
  { reader, path }: { readonly reader: ByteReader; readonly path: string },
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    if (bytes > FREE_BYTES + MAX_RATIO * reader.bytesRead) {
      throw new UserError(
        `Cannot read ${path}: it decompresses to more than ${FREE_BYTES >> 20} MiB and ` +
          `${MAX_RATIO} times its size, which no table of bars does`,
        { code: "data_invalid", hint: "If it is what it should be, decompress it first." },
      );
    }
    yield piece;
  }
}
