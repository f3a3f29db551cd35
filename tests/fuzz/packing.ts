/**
 * What text comes wrapped in.
 *
 * @module
 */

import { gzipSync } from "node:zlib";
import { zipArchive } from "../bars/source/zip_archive.ts";

/** The ways to wrap text. */
export const PACKINGS = ["plain", "bom", "gzip", "zip", "utf-16le", "utf-16be"] as const;

/** One of {@linkcode PACKINGS}. */
export type Packing = typeof PACKINGS[number];

/** Bytes wrapped; those that are not UTF-8 lose what is wrong with them in UTF-16. */
export function packed(bytes: Uint8Array, packing: Packing): Uint8Array<ArrayBuffer> {
  switch (packing) {
    case "plain":
      return bytes.slice();
    case "bom":
      return Uint8Array.from([0xef, 0xbb, 0xbf, ...bytes]);
    case "gzip":
      return new Uint8Array(gzipSync(bytes));
    case "zip":
      return zipArchive([{ name: "bars.csv", content: bytes }]);
    default:
      return utf16(new TextDecoder().decode(bytes), packing === "utf-16le");
  }
}

function utf16(text: string, littleEndian: boolean): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer((text.length + 1) * 2));
  view.setUint16(0, 0xfeff, littleEndian);
  for (let at = 0; at < text.length; at++) {
    view.setUint16((at + 1) * 2, text.charCodeAt(at), littleEndian);
  }
  return new Uint8Array(view.buffer);
}
