/**
 * The directory at the end of a zip archive: it has to say the same as the
 * files before it, as a reader that goes by it would else read other data.
 *
 * @module
 */

import type { ByteReader } from "./byte_reader.ts";
import { damaged } from "./inflate.ts";

/** What each part of an archive begins with. */
export const SIGNATURE = {
  file: 0x04034b50,
  descriptor: 0x08074b50,
  directory: 0x02014b50,
  directorySignature: 0x05054b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
  end: 0x06054b50,
} as const;

/** A value of 32 bits that stands in an extra field, as it needs 64. */
export const ELSEWHERE = 0xffffffff;
const ELSEWHERE_16 = 0xffff;

/** A file of the archive, as it was found. */
export interface ZipFile {
  /** Where its header begins. */
  readonly offset: number;
  /** The bytes of its name, in hexadecimal. */
  readonly name: string;
  /** Bits that say how it is stored. */
  readonly flags: number;
  /** How it is compressed. */
  readonly method: number;
  /** The checksum of its content. */
  readonly crc: number;
  /** Bytes that it takes in the archive. */
  readonly compressedBytes: number;
  /** Bytes of its content. */
  readonly bytes: number;
}

/** What there is of the directory, to be held against what its end says. */
interface Directory {
  readonly entries: number;
  readonly offset: number;
  readonly bytes: number;
}

/**
 * Reads the directory, which has to be the end of the archive, and the archive
 * the whole file.
 *
 * @throws {UserError} if it does not say what is in the archive
 */
export async function readDirectory(
  reader: ByteReader,
  { signature: first, files, path }: {
    /** The signature that was read last. */
    readonly signature: number;
    /** The files that were found. */
    readonly files: readonly ZipFile[];
    /** The archive's path, for messages. */
    readonly path: string;
  },
): Promise<void> {
  const offset = reader.bytesTaken - 4;
  const missing = new Map(files.map((file) => [file.offset, file]));
  let signature = first;
  let entries = 0;
  for (; signature === SIGNATURE.directory; entries++, signature = await readNumber(reader)) {
    const said = await readEntry(reader);
    const file = missing.get(said.offset);
    missing.delete(said.offset);
    const differs = file === undefined
      ? "the place"
      : NAMES.find(([key]) => file[key] !== said[key])?.[1];
    if (differs !== undefined) {
      throw damaged(path, `its directory has another idea of ${differs} of a file`);
    }
  }
  if (missing.size > 0) throw damaged(path, "its directory lacks a file");
  if (signature === SIGNATURE.directorySignature) {
    await reader.skip((await viewOf(reader, 2)).getUint16(0, true));
    signature = await readNumber(reader);
  }
  const directory = { entries, offset, bytes: reader.bytesTaken - 4 - offset };
  await readEnd(reader, { signature, directory, path });
}

const NAMES: readonly (readonly [key: keyof ZipFile, name: string])[] = [
  ["name", "the name"],
  ["flags", "the form"],
  ["method", "the compression"],
  ["crc", "the checksum"],
  ["compressedBytes", "the size"],
  ["bytes", "the size"],
];

async function readEntry(reader: ByteReader): Promise<ZipFile> {
  const view = await viewOf(reader, 42);
  const [nameBytes, extraBytes, commentBytes] = [24, 26, 28].map((at) => view.getUint16(at, true));
  const name = (await reader.take(nameBytes!)).toHex();
  const [bytes, compressedBytes, offset] = largeSizes(
    [20, 16, 38].map((at) => view.getUint32(at, true)),
    await reader.take(extraBytes!),
  );
  await reader.skip(commentBytes!);
  return {
    offset: offset!,
    name,
    flags: view.getUint16(4, true),
    method: view.getUint16(6, true),
    crc: view.getUint32(12, true),
    compressedBytes: compressedBytes!,
    bytes: bytes!,
  };
}

/** The ends of the directory, of 64 bits if there is one, then of 32. */
async function readEnd(
  reader: ByteReader,
  { signature: first, directory, path }: {
    readonly signature: number;
    readonly directory: Directory;
    readonly path: string;
  },
): Promise<void> {
  const { entries, offset, bytes } = directory;
  let signature = first;
  const isLarge = signature === SIGNATURE.end64;
  if (isLarge) {
    const at = reader.bytesTaken - 4;
    const size = Number((await viewOf(reader, 8)).getBigUint64(0, true));
    if (size < 44) throw wrong(path);
    const view = await viewOf(reader, 44);
    const said = [20, 28, 36].map((at) => Number(view.getBigUint64(at, true)));
    if (!isSame(said, [entries, bytes, offset])) throw wrong(path);
    await reader.skip(size - 44);
    if (await readNumber(reader) !== SIGNATURE.locator64) throw wrong(path);
    if (Number((await viewOf(reader, 16)).getBigUint64(4, true)) !== at) throw wrong(path);
    signature = await readNumber(reader);
  }
  if (signature !== SIGNATURE.end) throw damaged(path, "no directory where one has to be");
  const view = await viewOf(reader, 18);
  const said = [view.getUint16(6, true), view.getUint32(8, true), view.getUint32(12, true)];
  const most = [ELSEWHERE_16, ELSEWHERE, ELSEWHERE];
  const expected = [entries, bytes, offset];
  const isRight = said.every((value, at) =>
    value === expected[at] || isLarge && value === most[at]
  );
  if (!isRight) throw wrong(path);
  await reader.skip(view.getUint16(16, true));
  if ((await reader.some()).length > 0) throw damaged(path, "more bytes after its end");
}

function wrong(path: string): Error {
  return damaged(path, "its end has another idea of its directory");
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.every((value, at) => value === b[at]);
}

/** Values of 32 bits, those that stand elsewhere from the extra field for 64 bits, in this order. */
export function largeSizes(
  values: readonly number[],
  extra: Uint8Array<ArrayBuffer>,
): readonly number[] {
  const view = new DataView(extra.buffer, extra.byteOffset, extra.length);
  for (let at = 0; at + 4 <= extra.length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    let next = at + 4;
    return values.map((value) => {
      if (value !== ELSEWHERE || next + 8 > extra.length) return value;
      next += 8;
      return Number(view.getBigUint64(next - 8, true));
    });
  }
  return values;
}

/** The next number of 32 bits. */
export async function readNumber(reader: ByteReader): Promise<number> {
  return (await viewOf(reader, 4)).getUint32(0, true);
}

/** The next bytes, to be read as numbers. */
export async function viewOf(reader: ByteReader, count: number): Promise<DataView> {
  const bytes = await reader.take(count);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
