/**
 * Makes an archive of runs one that somebody else wrote.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import type { Random } from "../fuzz/random.ts";
import { hostileBytes } from "./hostile_values.ts";

const BLOCK = 512;

/** A file of a tar archive: its header, and its content. */
interface Item {
  readonly header: Uint8Array;
  readonly content: Uint8Array;
}

/** An archive that is not as it was. */
export function hostileArchive(archive: Uint8Array, random: Random): Uint8Array {
  const items = itemsOf(archive);
  for (let count = random.int(1, 3); count > 0; count--) {
    const at = random.int(0, items.length - 1);
    items.splice(at, random.pick([1, 1, 1, 1, 0]), ...changed(items[at]!, random));
  }
  const tar = tarOf(items);
  const cut = random.once(8) ? tar.subarray(0, random.int(0, tar.length)) : tar;
  if (random.once(3)) return cut;
  const gzip = new Uint8Array(gzipSync(cut));
  if (random.once(8)) gzip[random.int(0, gzip.length - 1)]! ^= 1 << random.int(0, 7);
  return random.once(20) ? gzip.subarray(0, random.int(0, gzip.length)) : gzip;
}

function changed(item: Item, random: Random): readonly Item[] {
  const { header, content } = item;
  return random.pick<() => readonly Item[]>([
    () => [withContent(item, hostileBytes(random, content))],
    () => [withContent(item, hostileBytes(random, content))],
    () => [withField(item, { at: 0, text: hostileName(nameOf(header), random), length: 100 })],
    () => [withField(item, { at: 156, text: random.pick([..."1234567xgLKSVD\0"]), length: 1 })],
    () => [withField(item, { at: 157, text: "../../victim/file", length: 100 })],
    () => [withField(item, { at: 124, text: random.pick(SIZES), length: 12 })],
    () => [
      withField(item, { at: 345, text: random.pick(["..", "/", "x", "\u00ff"]), length: 155 }),
    ],
    () => [
      withField(item, { at: random.int(0, 511), text: random.pick([..."\0/.7\u00ff"]), length: 1 }),
    ],
    () => [item, item],
    () => [],
    () => [{ header: flipped(header, random), content }],
  ])();
}

const SIZES = [
  "00000000000",
  "77777777777",
  "-1",
  "9",
  "\u0080\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff",
  "",
  "1e5",
];

function hostileName(name: string, random: Random): string {
  return random.pick([
    ...[
      `../${name}`,
      `/${name}`,
      `./${name}`,
      `x/${name}`,
      `${name}/`,
      `${name}/..`,
      name.toUpperCase(),
    ],
    ...[`C:\\${name}`, `a\\..\\${name}`, "..", ".", "", "/etc/hostname", "../../victim/file"],
    ...[
      "registry.db",
      "data/x",
      `data/${"0".repeat(64)}`,
      ".trash/x",
      "labels.json",
      "a\u001bb",
      "CON",
    ],
    ...[
      name.replace(/[^/]+$/, "evil.ts"),
      name.replace(/[^/]+$/, "__proto__"),
      `.import-x/${name}`,
    ],
  ]);
}

function flipped(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = bytes.slice();
  copy[random.int(0, copy.length - 1)]! ^= 1 << random.int(0, 7);
  return copy;
}

function withContent({ header }: Item, content: Uint8Array): Item {
  const size = content.length.toString(8).padStart(11, "0");
  return { ...withField({ header, content }, { at: 124, text: size, length: 12 }), content };
}

/** A header with another field, and the checksum that fits. */
function withField(
  { header, content }: Item,
  { at, text, length }: { readonly at: number; readonly text: string; readonly length: number },
): Item {
  const copy = header.slice();
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0)).subarray(0, length);
  copy.fill(0, at, Math.min(BLOCK, at + length));
  copy.set(bytes.subarray(0, BLOCK - at), at);
  copy.fill(0x20, 148, 156);
  const sum = copy.reduce((sum, byte) => sum + byte, 0);
  copy.set(new TextEncoder().encode(sum.toString(8).padStart(6, "0") + "\0 "), 148);
  return { header: copy, content };
}

function nameOf(header: Uint8Array): string {
  return new TextDecoder().decode(header.subarray(0, 100)).replace(/\0.*$/s, "");
}

function itemsOf(archive: Uint8Array): Item[] {
  const items: Item[] = [];
  for (let at = 0; at + BLOCK <= archive.length;) {
    const header = archive.slice(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) break;
    const size = parseInt(new TextDecoder().decode(header.subarray(124, 135)), 8);
    items.push({ header, content: archive.slice(at + BLOCK, at + BLOCK + size) });
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return items;
}

function tarOf(items: readonly Item[]): Uint8Array {
  const parts = items.flatMap(({ header, content }) => [
    header,
    content,
    new Uint8Array((BLOCK - content.length % BLOCK) % BLOCK),
  ]);
  return new Uint8Array(Buffer.concat([...parts, new Uint8Array(2 * BLOCK)]));
}
