/**
 * The one file in a zip archive, read from front to back.
 *
 * Layout and names are those of PKWARE's APPNOTE.TXT.
 *
 * @module
 */

import { UserError } from "../../errors.ts";
import { quote } from "../../quote.ts";
import type { ByteReader } from "./byte_reader.ts";
import { CUT_OFF, damaged, inflated } from "./inflate.ts";

/** What each part of an archive begins with. */
const SIGNATURE = {
  file: 0x04034b50,
  descriptor: 0x08074b50,
  directory: 0x02014b50,
  directorySignature: 0x05054b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
  end: 0x06054b50,
} as const;

const ENCRYPTED = 0x0001;
const SIZES_FOLLOW = 0x0008;
const STORED = 0;
const DEFLATED = 8;
/** The size is in an extra field, as it needs 64 bits. */
const SIZE_ELSEWHERE = 0xffffffff;

const UNPACK_HINT = "Unpack it first (unzip FILE), and name the file that it holds.";

/** What the header of a file in the archive says. */
interface FileHeader {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly compressedBytes: number;
}

/**
 * The bytes of the only file in an archive; folders and what macOS adds don't
 * count. A piece is valid until the next one is wanted.
 *
 * @throws {UserError} if there is none or more than one, or the archive is
 * encrypted, damaged, cut off, or of a kind that is not read
 */
export async function* unzipped(
  reader: ByteReader,
  { path }: { readonly path: string },
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { crc32 } = await import("node:zlib");
  let found: string | null = null;
  let signature = await readNumber(reader);
  while (signature === SIGNATURE.file) {
    const file = await readHeader(reader);
    const wanted = !isBeside(file.name);
    if (wanted && found !== null) {
      throw refused(path, `it holds more than one file: ${quote(found)}, ${quote(file.name)}`);
    }
    if (wanted) found = file.name;
    let crc = 0;
    for await (const piece of contents(reader, { file, path })) {
      crc = crc32(piece, crc);
      if (wanted) yield piece;
    }
    const after = await readEnd(reader, file);
    if (crc !== after.crc) throw damaged(path, `wrong checksum of ${quote(file.name)}`);
    signature = after.signature;
  }
  await readDirectory(reader, { signature, path });
  if (found === null) throw refused(path, "it holds no file");
}

function isBeside(name: string): boolean {
  return /\/$|^__MACOSX\/|(^|\/)\.DS_Store$/.test(name);
}

async function readHeader(reader: ByteReader): Promise<FileHeader> {
  const view = viewOf(await reader.take(26));
  const name = new TextDecoder().decode(await reader.take(view.getUint16(22, true)));
  const extra = viewOf(await reader.take(view.getUint16(24, true)));
  let compressedBytes = view.getUint32(14, true);
  if (compressedBytes === SIZE_ELSEWHERE) {
    for (let at = 0; at + 4 <= extra.byteLength; at += 4 + extra.getUint16(at + 2, true)) {
      if (extra.getUint16(at, true) === 1 && at + 20 <= extra.byteLength) {
        compressedBytes = Number(extra.getBigUint64(at + 12, true));
      }
    }
  }
  return {
    name,
    flags: view.getUint16(2, true),
    method: view.getUint16(4, true),
    crc: view.getUint32(10, true),
    compressedBytes,
  };
}

/** The bytes of a file in the archive. */
function contents(
  reader: ByteReader,
  { file, path }: { readonly file: FileHeader; readonly path: string },
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { name, flags, method } = file;
  if ((flags & ENCRYPTED) !== 0) throw refused(path, `${quote(name)} in it is encrypted`);
  if (method === DEFLATED) return inflated(reader, { format: "deflate", path });
  if (method !== STORED) {
    throw refused(path, `${quote(name)} in it is compressed by method ${method}, not deflate`);
  }
  if ((flags & SIZES_FOLLOW) !== 0 && !name.endsWith("/")) {
    throw refused(path, `it does not say where ${quote(name)} in it ends`);
  }
  return stored(reader, { bytes: file.compressedBytes, path });
}

async function* stored(
  reader: ByteReader,
  { bytes, path }: { readonly bytes: number; readonly path: string },
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let left = bytes; left > 0;) {
    const piece = await reader.some(left);
    if (piece.length === 0) throw damaged(path, CUT_OFF);
    left -= piece.length;
    yield piece;
  }
}

/** A file's checksum, and the signature of what comes after the file. */
async function readEnd(
  reader: ByteReader,
  { flags, crc }: FileHeader,
): Promise<{ crc: number; signature: number }> {
  if ((flags & SIZES_FOLLOW) === 0) return { crc, signature: await readNumber(reader) };
  // A descriptor, whose own signature may be left out.
  const first = await readNumber(reader);
  const after = first === SIGNATURE.descriptor ? await readNumber(reader) : first;
  // Two sizes of 32 bits each; of 64 bits, if no known part begins after that.
  await reader.skip(8);
  const signature = await readNumber(reader);
  if (Object.values<number>(SIGNATURE).includes(signature)) return { crc: after, signature };
  await reader.skip(4);
  return { crc: after, signature: await readNumber(reader) };
}

/** Reads to the end of the archive, which has to be the end of the file. */
async function readDirectory(
  reader: ByteReader,
  { signature: first, path }: { readonly signature: number; readonly path: string },
): Promise<void> {
  let signature = first;
  for (; signature !== SIGNATURE.end; signature = await readNumber(reader)) {
    if (signature === SIGNATURE.directory) {
      const view = viewOf(await reader.take(42));
      const lengths = [24, 26, 28].map((at) => view.getUint16(at, true));
      await reader.skip(lengths[0]! + lengths[1]! + lengths[2]!);
    } else if (signature === SIGNATURE.end64) {
      await reader.skip(Number(viewOf(await reader.take(8)).getBigUint64(0, true)));
    } else if (signature === SIGNATURE.locator64) {
      await reader.skip(16);
    } else if (signature === SIGNATURE.directorySignature) {
      await reader.skip(viewOf(await reader.take(2)).getUint16(0, true));
    } else {
      throw damaged(path, "no directory where one has to be");
    }
  }
  await reader.skip(viewOf(await reader.take(18)).getUint16(16, true));
  if ((await reader.some()).length > 0) throw damaged(path, "more bytes after its end");
}

async function readNumber(reader: ByteReader): Promise<number> {
  return viewOf(await reader.take(4)).getUint32(0, true);
}

function viewOf(bytes: Uint8Array<ArrayBuffer>): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

function refused(path: string, reason: string): UserError {
  return new UserError(`Cannot read the zip archive ${path}: ${reason}`, {
    code: "data_invalid",
    hint: UNPACK_HINT,
  });
}
