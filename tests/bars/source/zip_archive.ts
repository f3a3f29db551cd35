/**
 * Zip archives made by hand, with whatever is odd about them.
 *
 * @module
 */

import { crc32, deflateRawSync } from "node:zlib";

/** A file to be put into an archive. */
export interface ZipEntry {
  readonly name: string;
  readonly content: Uint8Array;
  /** Default: deflated. */
  readonly stored?: boolean;
  /** Sizes and checksum follow the file: with or without a signature, in 32 or 64 bits. */
  readonly descriptor?: "plain" | "signed" | "signed64";
  /** The stored size is written in an extra field. */
  readonly zip64?: boolean;
  /** Bits to set besides. */
  readonly flags?: number;
  /** What the header says about the compression. */
  readonly method?: number;
}

/** The archive of some files. */
export function zipArchive(entries: readonly ZipEntry[], comment = ""): Uint8Array<ArrayBuffer> {
  const parts: number[] = [];
  const directory: number[] = [];
  for (const entry of entries) {
    const { name, content, stored = false, descriptor, zip64 = false, flags = 0 } = entry;
    const data = stored ? content : deflateRawSync(content);
    const offset = parts.length;
    const crc = crc32(content);
    const follows = descriptor !== undefined;
    const sizes = follows ? [0, 0, 0] : [crc, data.length, content.length];
    const extra = zip64 ? [...u16(1), ...u16(16), ...u64(content.length), ...u64(data.length)] : [];
    const about = [
      ...u16(20),
      ...u16(flags | (follows ? 8 : 0)),
      ...u16(entry.method ?? (stored ? 0 : 8)),
      ...u32(0),
    ];
    const encoded = new TextEncoder().encode(name);
    parts.push(...u32(0x04034b50), ...about, ...u32(sizes[0]!));
    parts.push(...(zip64 ? [...u32(0xffffffff), ...u32(0xffffffff)] : sizes.slice(1).flatMap(u32)));
    parts.push(...u16(encoded.length), ...u16(extra.length), ...encoded, ...extra, ...data);
    if (follows) {
      if (descriptor !== "plain") parts.push(...u32(0x08074b50));
      const size = descriptor === "signed64" ? u64 : u32;
      parts.push(...u32(crc), ...size(data.length), ...size(content.length));
    }
    directory.push(...u32(0x02014b50), ...u16(20), ...about, ...u32(crc));
    directory.push(...u32(data.length), ...u32(content.length), ...u16(encoded.length));
    directory.push(...new Array<number>(12).fill(0), ...u32(offset), ...encoded);
  }
  const end = new TextEncoder().encode(comment);
  return Uint8Array.from([
    ...parts,
    ...directory,
    ...u32(0x06054b50),
    ...u32(0),
    ...u16(entries.length),
    ...u16(entries.length),
    ...u32(directory.length),
    ...u32(parts.length),
    ...u16(end.length),
    ...end,
  ]);
}

const u16 = (value: number): number[] => [value & 255, value >> 8];
const u32 = (value: number): number[] => [0, 8, 16, 24].map((shift) => (value >>> shift) & 255);
const u64 = (value: number): number[] => [...u32(value), 0, 0, 0, 0];
