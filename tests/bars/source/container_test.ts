import { assert, assertEquals, assertMatch } from "@std/assert";
import { Buffer } from "node:buffer";
import { deflateRawSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { type Block, HEADROOM_BYTES, SLACK_BYTES } from "../../../lib/bars/source/block.ts";
import type { BlockSource } from "../../../lib/bars/source/block_source.ts";
import { unwrapped } from "../../../lib/bars/source/container.ts";
import { FREE_BYTES } from "../../../lib/bars/source/inflate.ts";
import { UserError } from "../../../lib/errors.ts";
import { refusalOf } from "../refusal.ts";
import { zipArchive } from "./zip_archive.ts";

const encoder = new TextEncoder();

/** A file in memory. Blocks are spoilt once given back, to catch who still reads them. */
function blocksOf(
  file: Uint8Array,
  blockBytes = 1 << 20,
): BlockSource & { readonly given: Block[]; closed: boolean; ended: boolean } {
  let at = 0;
  let spare: Uint8Array<ArrayBuffer> | null = null;
  return {
    given: [],
    closed: false,
    ended: false,
    next() {
      assert(!this.ended, "nothing comes after the final block");
      const bytes = spare ?? new Uint8Array(HEADROOM_BYTES + blockBytes + SLACK_BYTES);
      spare = null;
      const data = file.subarray(at, at + blockBytes);
      bytes.set(data, HEADROOM_BYTES);
      at += data.length;
      this.ended = data.length < blockBytes;
      const block = {
        bytes,
        from: HEADROOM_BYTES,
        to: HEADROOM_BYTES + data.length,
        final: this.ended,
      };
      this.given.push(block);
      return Promise.resolve(block);
    },
    recycle({ bytes }) {
      assertEquals(bytes.length, HEADROOM_BYTES + blockBytes + SLACK_BYTES);
      bytes.fill(0xee, HEADROOM_BYTES, HEADROOM_BYTES + Math.min(blockBytes, 1000));
      spare = bytes;
    },
    digest() {
      assert(this.ended, "the file is to be read to its end");
      return Promise.resolve("sha256:of-the-file");
    },
    close() {
      this.closed = true;
    },
  };
}

interface Sizes {
  readonly blockBytes?: number;
  readonly outBytes?: number;
}

async function unwrap(
  file: Uint8Array,
  { blockBytes = 1 << 20, outBytes = 1 << 16 }: Sizes = {},
): Promise<string> {
  const source = blocksOf(file, blockBytes);
  const blocks = unwrapped(source, { path: "bars.csv", blockBytes: outBytes });
  const out: Uint8Array[] = [];
  try {
    for (let final = false; !final;) {
      const block = await blocks.next();
      const { bytes, from, to } = block;
      assert(from >= HEADROOM_BYTES && bytes.length - to >= SLACK_BYTES, "there is room");
      out.push(bytes.slice(from, to));
      final = block.final;
      blocks.recycle(block);
    }
    assertEquals(await blocks.digest(), "sha256:of-the-file");
  } finally {
    blocks.close();
    assert(source.closed);
  }
  return new TextDecoder("utf-8", { ignoreBOM: true, fatal: true }).decode(Buffer.concat(out));
}

const refusal = (file: Uint8Array, sizes?: Sizes) => refusalOf(() => unwrap(file, sizes));

function utf16(text: string, { littleEndian = true, mark = true } = {}): Uint8Array<ArrayBuffer> {
  const units = Array.from((mark ? "\ufeff" : "") + text, (character) => character.split(""))
    .flat();
  return Uint8Array.from(units.flatMap((unit) => {
    const code = unit.charCodeAt(0);
    return littleEndian ? [code & 255, code >> 8] : [code >> 8, code & 255];
  }));
}

const join = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
const CSV = "time,close\n2024-01-01,1.5\né€😀,2\n";
const entry = { name: "bars.csv", content: encoder.encode(CSV) };
const MANY = Array.from({ length: 40_000 }, (_, row) => `${row},${(row * 7919) % 1000}.5\n`).join(
  "",
);

const WRAPPED: Readonly<Record<string, Uint8Array>> = {
  "plain text": encoder.encode(CSV),
  "gzip": gzipSync(CSV),
  "gzip of several members": join(gzipSync(CSV.slice(0, 9)), gzipSync(""), gzipSync(CSV.slice(9))),
  "gzip with zeros after it": join(gzipSync(CSV), new Uint8Array(20)),
  "zip": zipArchive([entry]),
  "zip of a stored file": zipArchive([{ ...entry, stored: true }]),
  "zip with a comment": zipArchive([entry], "PK\x05\x06 from example.com"),
  "zip with a descriptor": zipArchive([{ ...entry, descriptor: "plain" }]),
  "zip with a signed descriptor": zipArchive([{ ...entry, descriptor: "signed" }]),
  "zip with a 64-bit descriptor": zipArchive([{ ...entry, descriptor: "signed64" }]),
  "zip with 64-bit sizes": zipArchive([{ ...entry, stored: true, zip64: true }]),
  "zip of a folder and what macOS adds": zipArchive([
    { name: "data/", content: new Uint8Array(0), stored: true },
    { name: "data/.DS_Store", content: encoder.encode("x"), descriptor: "signed" },
    { ...entry, name: "data/bars.csv", descriptor: "signed" },
    { name: "__MACOSX/data/._bars.csv", content: encoder.encode("a,b\n") },
  ]),
  "UTF-16LE": utf16(CSV),
  "UTF-16BE": utf16(CSV, { littleEndian: false }),
  "UTF-16 within gzip": gzipSync(utf16(CSV)),
  "UTF-16 within zip": zipArchive([{ ...entry, content: utf16(CSV, { littleEndian: false }) }]),
};

for (const [name, file] of Object.entries(WRAPPED)) {
  Deno.test(`${name} gives the text, wherever blocks end`, async () => {
    assertEquals(await unwrap(file), CSV);
    for (let blockBytes = 1; blockBytes <= file.length + 1; blockBytes++) {
      assertEquals(await unwrap(file, { blockBytes, outBytes: 1 + (blockBytes * 7) % 50 }), CSV);
    }
  });
}

Deno.test("plain text is handed on in the very blocks that it came in", async () => {
  for (const text of [CSV, "\ufeffa,b\n1,2\n", "Price,Close\n1,2\n", ""]) {
    const source = blocksOf(encoder.encode(text), 5);
    const blocks = unwrapped(source, { path: "bars.csv" });
    for (let final = false, at = 0; !final; at++) {
      const block = await blocks.next();
      assert(block === source.given[at]);
      final = block.final;
    }
  }
});

Deno.test("large files come in full blocks, of which only the last is short", async () => {
  const files = [
    gzipSync(MANY),
    zipArchive([{ ...entry, content: encoder.encode(MANY) }]),
    utf16(MANY),
  ];
  for (const file of files) {
    for (const blockBytes of [1000, 65_536, 1 << 20]) {
      const blocks = unwrapped(blocksOf(file, blockBytes), { path: "x", blockBytes: 50_000 });
      const sizes: number[] = [];
      for (let final = false; !final;) {
        const block = await blocks.next();
        sizes.push(block.to - block.from);
        final = block.final;
        blocks.recycle(block);
      }
      assertEquals(sizes.slice(0, -1), sizes.slice(1).map(() => 50_000));
      assertEquals(sizes.reduce((sum, size) => sum + size), MANY.length);
    }
    assertEquals(await unwrap(file, { blockBytes: 1000 }), MANY);
  }
});

Deno.test("an empty file of any kind gives no text", async () => {
  const nothing = { name: "bars.csv", content: new Uint8Array(0) };
  const files = [new Uint8Array(0), gzipSync(""), zipArchive([nothing]), utf16("")];
  for (const file of files) assertEquals(await unwrap(file), "");
});

Deno.test("an archive that is cut off is refused wherever the cut is", async () => {
  for (const file of [WRAPPED["gzip"]!, WRAPPED["zip"]!, WRAPPED["zip with a descriptor"]!]) {
    for (let length = 4; length < file.length; length++) {
      const { code, message } = await refusal(file.subarray(0, length), { blockBytes: 16 });
      assertEquals(code, "data_invalid");
      assertMatch(
        message,
        /^Cannot read bars\.csv: the compressed data is damaged \(unexpected end/,
      );
    }
  }
});

Deno.test("an archive that cannot be read is refused by name", async () => {
  const flipped = (file: Uint8Array, at: number) =>
    file.map((byte, i) => i === at ? byte ^ 1 : byte);
  const gzip = WRAPPED["gzip"]!;
  const cases: readonly (readonly [file: Uint8Array, message: RegExp])[] = [
    [flipped(gzip, gzip.length - 6), /damaged \(incorrect data check\)/],
    [join(gzip, encoder.encode("junk")), /damaged \(incorrect header check\)/],
    [join(gzip, new Uint8Array(9), gzip), /damaged \(more bytes after its end\)/],
    [flipped(zipArchive([{ ...entry, stored: true }]), 40), /wrong checksum of 'bars\.csv'/],
    [join(WRAPPED["zip"]!, WRAPPED["zip"]!), /more bytes after its end/],
    [zipArchive([entry, { ...entry, name: "b.csv" }]), /more than one file: 'bars.csv', 'b.csv'/],
    [zipArchive([]), /Cannot read the zip archive bars\.csv: it holds no file/],
    [zipArchive([{ name: "a/", content: new Uint8Array(0), stored: true }]), /it holds no file/],
    [zipArchive([{ ...entry, flags: 1 }]), /'bars\.csv' in it is encrypted/],
    [zipArchive([{ ...entry, method: 12 }]), /compressed by method 12, not deflate/],
    [zipArchive([{ ...entry, stored: true, descriptor: "signed" }]), /does not say where/],
    [gzipSync(gzip), /it is gzip within gzip or zip/],
    [Uint8Array.of(0xff, 0xfe, 0, 0, 0x41, 0, 0, 0), /it is UTF-32 text/],
    [utf16("a\n\ud83d"), /bars\.csv:2: it is no valid UTF-16 text \(half a surrogate pair\)/],
    [utf16("a\ud83db"), /bars\.csv:1: .*half a surrogate pair/],
    [utf16("\ude00"), /half a surrogate pair/],
    [utf16("ab").subarray(0, 5), /half a character at its end/],
  ];
  for (const [file, message] of cases) {
    for (const blockBytes of [1 << 20, 7]) {
      const error = await refusal(file, { blockBytes });
      assertMatch(error.message, message);
      assertEquals(error.code, "data_invalid");
    }
  }
});

Deno.test("a bomb is refused by a limit that the message names, long before its end", async () => {
  // Blocks of zeros by the same bytes again and again: 16 GiB of them in 16 MiB.
  const block = deflateRawSync(new Uint8Array(1 << 24), { level: 9, finishFlush: 2 });
  const header = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0);
  const source = blocksOf(join(header, ...new Array<Uint8Array>(1000).fill(block)), 1 << 16);
  const blocks = unwrapped(source, { path: "bars.csv.gz" });
  let bytes = 0;
  const error = await refusalOf(async () => {
    for (;;) {
      const block = await blocks.next();
      bytes += block.to - block.from;
      blocks.recycle(block);
    }
  });
  blocks.close();
  assertMatch(error.message, /more than 64 MiB and 64 times its size/);
  assert(bytes <= 2 * FREE_BYTES, `${bytes} bytes were given`);
});

Deno.test("reading may end early", async () => {
  for (const file of [gzipSync(MANY), zipArchive([{ ...entry, content: encoder.encode(MANY) }])]) {
    const source = blocksOf(file, 1000);
    const blocks = unwrapped(source, { path: "x", blockBytes: 1000 });
    await blocks.next();
    blocks.close();
    assert(source.closed && !source.ended);
    unwrapped(blocksOf(file), { path: "x" }).close();
  }
});

Deno.test("an error of the file system passes as it is", async () => {
  for (const wrapped of [gzipSync(MANY), utf16(MANY)]) {
    const source = blocksOf(wrapped, 1000);
    const next = source.next.bind(source);
    const failing = {
      ...source,
      next: () =>
        source.given.length < 2 ? next() : Promise.reject(new Deno.errors.PermissionDenied("gone")),
    };
    const blocks = unwrapped(failing, { path: "x" });
    let error: unknown;
    await blocks.next().catch((reason) => error = reason);
    assert(error instanceof Deno.errors.PermissionDenied, String(error));
    blocks.close();
  }
});

Deno.test("a mutated file gives text or an error for the user", async () => {
  const files = Object.values(WRAPPED);
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: files.length - 1 }),
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 1, max: 200 }),
      async (which, changes, blockBytes) => {
        const file = files[which]!.slice();
        for (const [at, byte] of changes) file[at % file.length] = byte;
        try {
          await unwrap(file, { blockBytes });
        } catch (error) {
          const text = error instanceof TypeError &&
            /encoded data (is|was) not valid/.test(error.message);
          if (!(error instanceof UserError) && !text) throw error;
        }
      },
    ),
    { seed: 6, numRuns: 1500 },
  );
});

/** Bytes of a zip archive of one file that only describe it: times, versions, attributes. */
function freeBytes(file: Uint8Array): ReadonlySet<number> {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const end = file.length - 22;
  const directory = view.getUint32(end + 16, true);
  const range = (from: number, count: number) =>
    Array.from({ length: count }, (_, at) => from + at);
  return new Set([
    // Version, time and date of the header.
    ...[...range(4, 2), ...range(10, 4)],
    // Versions, time and date, disk and attributes of the entry.
    ...[...range(directory + 4, 4), ...range(directory + 12, 4), ...range(directory + 34, 8)],
    // The last byte of the data has bits that deflate does not use; a descriptor may come after it.
    directory - 1,
    directory - 13,
    // Numbers of disks, and how many entries are on this one.
    ...range(end + 4, 6),
  ]);
}

Deno.test("a zip archive of which any byte is another one is refused, or it is the same data", async () => {
  const archives = ["zip", "zip of a stored file", "zip with a descriptor", "zip with a comment"];
  for (const name of archives) {
    const file = WRAPPED[name]!;
    const free = name === "zip with a comment" ? undefined : freeBytes(file);
    for (let at = 4; at < file.length; at++) {
      for (const bit of [1, 16, 128]) {
        const changed = file.map((byte, i) => i === at ? byte ^ bit : byte);
        const out = await unwrap(changed).catch((error) => {
          assertEquals(error.code, "data_invalid", `${name}, byte ${at}: ${error}`);
          return undefined;
        });
        const isUsed = free !== undefined && !free.has(at);
        assert(out === undefined || out === CSV && !isUsed, `${name}, byte ${at}, bit ${bit}`);
      }
    }
  }
});

const ZIP_OF_ZIP =
  "UEsDBAoAAAAAADxsgV2pgUiKEwAAABMAAAAIABwAYmFycy5jc3ZVVAkAA8TMDmvEzA5rdXgLAAEEAAAAAAQAAAAAdG" +
  "ltZSxjbG9zZQoxLDIKMyw0ClBLAQIeAwoAAAAAADxsgV2pgUiKEwAAABMAAAAIABgAAAAAAAEAAACkgQAAAABiYXJz" +
  "LmNzdlVUBQADxMwOa3V4CwABBAAAAAAEAAAAAFBLBQYAAAAAAQABAE4AAABVAAAAAAA=";
const ZIP_TO_PIPE =
  "UEsDBC0AAAAAADxsgV2pgUiK//////////8BABQALQEAEAATAAAAAAAAABMAAAAAAAAAdGltZSxjbG9zZQoxLDIKMy" +
  "w0ClBLAQIeAy0AAAAAADxsgV2pgUiKEwAAABMAAAABAAAAAAAAAAEAAACAEQAAAAAtUEsGBiwAAAAAAAAAHgMtAAAA" +
  "AAAAAAAAAQAAAAAAAAABAAAAAAAAAC8AAAAAAAAARgAAAAAAAABQSwYHAAAAAHUAAAAAAAAAAQAAAFBLBQYAAAAAAQ" +
  "ABAC8AAABGAAAAAAA=";
const ZIP_OF_PYTHON =
  "UEsDBC0ACAAIAAAAIQAAAAAA//////////8IABQAYmFycy5jc3YBABAAAAAAAAAAAAAAAAAAAAAAACvJzE3VSc7JL0" +
  "7lMtQx4jLWMeECAFBLBwipgUiKFQAAAAAAAAATAAAAAAAAAFBLAQItAy0ACAAIAAAAIQCpgUiKFQAAABMAAAAIAAAA" +
  "AAAAAAAAAACAAQAAAABiYXJzLmNzdlBLBQYAAAAAAQABADYAAABnAAAAAAA=";

Deno.test("archives as zip and Python write them are read", async () => {
  // Of `zip`, of `zip -` to a pipe, and of Python's zipfile to a pipe.
  const archives = [
    ...[ZIP_OF_ZIP, ZIP_TO_PIPE, ZIP_OF_PYTHON].map((base64) => Uint8Array.fromBase64(base64)),
  ];
  for (const file of archives) assertEquals(await unwrap(file), "time,close\n1,2\n3,4\n");
});
