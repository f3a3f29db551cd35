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
import {
  ELSEWHERE,
  largeSizes,
  readDirectory,
  readNumber,
  SIGNATURE,
  viewOf,
  type ZipFile,
} from "./zip_directory.ts";

const ENCRYPTED = 0x0001;
const SIZES_FOLLOW = 0x0008;
const STORED = 0;
const DEFLATED = 8;

const UNPACK_HINT = "Unpack it first (unzip FILE), and name the file that it holds.";

/** What the header of a file in the archive says. */
interface FileHeader extends ZipFile {
  /** Its name, for messages. */
  readonly shown: string;
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
  const files: ZipFile[] = [];
  let signature = await readNumber(reader);
  while (signature === SIGNATURE.file) {
    const file = await readHeader(reader);
    const wanted = !isBeside(file.shown);
    if (wanted && found !== null) {
      throw refused(path, `it holds more than one file: ${quote(found)}, ${quote(file.shown)}`);
    }
    if (wanted) found = file.shown;
    const begin = reader.bytesTaken;
    let [crc, bytes] = [0, 0];
    for await (const piece of contents(reader, { file, path })) {
      crc = crc32(piece, crc);
      bytes += piece.length;
      if (wanted) yield piece;
    }
    const actual = { ...file, crc, bytes, compressedBytes: reader.bytesTaken - begin };
    signature = await readAfter(reader, { said: file, actual, path });
    files.push(actual);
  }
  await readDirectory(reader, { signature, files, path });
  if (found === null) throw refused(path, "it holds no file");
}

function isBeside(name: string): boolean {
  return /\/$|^__MACOSX\/|(^|\/)\.DS_Store$/.test(name);
}

async function readHeader(reader: ByteReader): Promise<FileHeader> {
  const offset = reader.bytesTaken - 4;
  const view = await viewOf(reader, 26);
  const name = await reader.take(view.getUint16(22, true));
  const [bytes, compressedBytes] = largeSizes(
    [18, 14].map((at) => view.getUint32(at, true)),
    await reader.take(view.getUint16(24, true)),
  );
  return {
    offset,
    name: name.toHex(),
    shown: new TextDecoder().decode(name),
    flags: view.getUint16(2, true),
    method: view.getUint16(4, true),
    crc: view.getUint32(10, true),
    compressedBytes: compressedBytes!,
    bytes: bytes!,
  };
}

/** The bytes of a file in the archive. */
function contents(
  reader: ByteReader,
  { file, path }: { readonly file: FileHeader; readonly path: string },
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { shown: name, flags, method } = file;
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

/** Holds what was found of a file against what is said before and after it; what comes then. */
async function readAfter(
  reader: ByteReader,
  { said, actual, path }: {
    readonly said: FileHeader;
    readonly actual: FileHeader;
    readonly path: string;
  },
): Promise<number> {
  const { crc, compressedBytes, bytes, shown } = actual;
  const follow = (said.flags & SIZES_FOLLOW) !== 0;
  // What follows need not be said before.
  const isFree = (value: number): boolean => follow && (value === 0 || value === ELSEWHERE);
  if (said.crc !== crc && !isFree(said.crc)) {
    throw damaged(path, `wrong checksum of ${quote(shown)}`);
  }
  for (const [value, is] of [[said.compressedBytes, compressedBytes], [said.bytes, bytes]]) {
    if (value !== is && !isFree(value!)) throw wrongSize(path, shown);
  }
  if (!follow) return await readNumber(reader);
  // A descriptor, whose own signature may be left out.
  const first = await readNumber(reader);
  const after = first === SIGNATURE.descriptor ? await readNumber(reader) : first;
  if (after !== crc) throw damaged(path, `wrong checksum of ${quote(shown)}`);
  // Two sizes of 32 bits each, or of 64: then the second of four numbers is none.
  const sizes = [await readNumber(reader), await readNumber(reader)];
  let next = await readNumber(reader);
  if (!Object.values<number>(SIGNATURE).includes(next)) {
    if (sizes[1] !== 0 || await readNumber(reader) !== 0) throw wrongSize(path, shown);
    sizes[1] = next;
    next = await readNumber(reader);
  }
  if (sizes[0] !== compressedBytes || sizes[1] !== bytes) throw wrongSize(path, shown);
  return next;
}

function wrongSize(path: string, name: string): UserError {
  return damaged(path, `wrong size of ${quote(name)}`);
}

function refused(path: string, reason: string): UserError {
  return new UserError(`Cannot read the zip archive ${path}: ${reason}`, {
    code: "data_invalid",
    hint: UNPACK_HINT,
  });
}
