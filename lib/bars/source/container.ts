/**
 * What the text of a data file is wrapped in, told by its first bytes and not
 * by its name: gzip, a zip archive of one file, UTF-16, or UTF-16 within either.
 *
 * @module
 */

import { UserError } from "../../errors.ts";
import { type Block, type BlockSource, HEADROOM_BYTES, SLACK_BYTES } from "./block_source.ts";
import { ByteReader } from "./byte_reader.ts";
import { CUT_OFF, damaged, inflated, limited } from "./inflate.ts";
import { unzipped } from "./unzip.ts";
import { utf8FromUtf16 } from "./utf16.ts";

type Pieces = AsyncGenerator<Uint8Array<ArrayBuffer>>;

/** How blocks are unwrapped. */
export interface UnwrapOptions {
  /** The file's path, for messages. */
  readonly path: string;
  /** Bytes of data in a block of what was unwrapped; default 1 MiB. */
  readonly blockBytes?: number;
}

/** What a wrapped file begins with; all of them in four bytes. */
const HEAD_BYTES = 4;
const FORMS = [
  { name: "gzip", bytes: [0x1f, 0x8b] },
  { name: "zip", bytes: [0x50, 0x4b, 0x03, 0x04] },
  // An archive of nothing.
  { name: "zip", bytes: [0x50, 0x4b, 0x05, 0x06] },
  { name: "utf-32", bytes: [0xff, 0xfe, 0x00, 0x00] },
  { name: "utf-16le", bytes: [0xff, 0xfe] },
  { name: "utf-16be", bytes: [0xfe, 0xff] },
] as const;

/** The blocks of a file as text in UTF-8 (whose byte order mark stays), whatever it is wrapped in. */
export function unwrapped(blocks: BlockSource, options: UnwrapOptions): BlockSource {
  let source: (Pick<BlockSource, "next" | "recycle"> & { end?(): void }) | undefined;
  return {
    next: async () => await (source ??= await opened(blocks, options)).next(),
    recycle: (block) => source?.recycle(block),
    // The file's own, wrapped as it is.
    digest: () => blocks.digest(),
    close() {
      source?.end?.();
      blocks.close();
    },
  };
}

async function opened(
  blocks: BlockSource,
  { path, blockBytes = 1 << 20 }: UnwrapOptions,
): Promise<Pick<BlockSource, "next" | "recycle"> & { end?(): void }> {
  const { block, owned } = await firstBlock(blocks);
  const form = formOf(block.bytes.subarray(block.from, block.to));
  if (form === null) {
    let first: Block | null = block;
    return {
      next() {
        if (first === null) return blocks.next();
        const given = first;
        first = null;
        return Promise.resolve(given);
      },
      recycle: (used) => owned || used !== block ? blocks.recycle(used) : undefined,
    };
  }
  const reader = new ByteReader(blocks, { block, owned, cutOff: () => damaged(path, CUT_OFF) });
  return packed(text(unpacked(reader, { form, path }), path), blockBytes);
}

/** A block that holds the file's first bytes, and whether its memory is the source's own. */
async function firstBlock(blocks: BlockSource): Promise<{ block: Block; owned: boolean }> {
  let block = await blocks.next();
  const mayBeWrapped = () =>
    FORMS.some(({ bytes: [byte] }) => block.from === block.to || byte === block.bytes[block.from]);
  let owned = true;
  while (!block.final && block.to - block.from < HEAD_BYTES && mayBeWrapped()) {
    const before = block.bytes.slice(block.from, block.to);
    if (owned) blocks.recycle(block);
    const next = await blocks.next();
    const length = before.length + next.to - next.from;
    const bytes = new Uint8Array(HEADROOM_BYTES + length + SLACK_BYTES);
    bytes.set(before, HEADROOM_BYTES);
    bytes.set(next.bytes.subarray(next.from, next.to), HEADROOM_BYTES + before.length);
    blocks.recycle(next);
    block = { bytes, from: HEADROOM_BYTES, to: HEADROOM_BYTES + length, final: next.final };
    owned = false;
  }
  return { block, owned };
}

function formOf(head: Uint8Array): typeof FORMS[number]["name"] | null {
  return FORMS.find(({ bytes }) => bytes.every((byte, at) => head[at] === byte))?.name ?? null;
}

/** What an archive holds; text as it is. */
function unpacked(
  reader: ByteReader,
  { form, path }: { readonly form: string; readonly path: string },
): Pieces {
  if (form === "gzip") return limited(inflated(reader, { format: "gzip", path }), { reader, path });
  if (form === "zip") return limited(unzipped(reader, { path }), { reader, path });
  return all(reader);
}

async function* all(reader: ByteReader): Pieces {
  for (;;) {
    const piece = await reader.some();
    if (piece.length === 0) return;
    yield piece;
  }
}

/** The pieces in UTF-8. */
async function* text(pieces: Pieces, path: string): Pieces {
  try {
    let head = new Uint8Array(0);
    while (head.length < HEAD_BYTES) {
      const { value, done } = await pieces.next();
      if (done === true) break;
      const joined = new Uint8Array(head.length + value.length);
      joined.set(head);
      joined.set(value, head.length);
      head = joined;
    }
    const whole = withHead(head, pieces);
    const form = formOf(head);
    if (form === "utf-16le" || form === "utf-16be") {
      yield* utf8FromUtf16(whole, { littleEndian: form === "utf-16le", path });
    } else if (form === null) {
      yield* whole;
    } else {
      throw new UserError(
        `Cannot read ${path}: it is ${
          form === "utf-32" ? "UTF-32 text" : `${form} within gzip or zip`
        }`,
        {
          code: "data_invalid",
          hint: form === "utf-32" ? "Save it as UTF-8." : "Unpack the outer one first.",
        },
      );
    }
  } finally {
    await pieces.return(undefined);
  }
}

async function* withHead(head: Uint8Array<ArrayBuffer>, pieces: Pieces): Pieces {
  yield head;
  yield* pieces;
}

/** Pieces as blocks, of which only the last is short. */
function packed(
  pieces: Pieces,
  blockBytes: number,
): Pick<BlockSource, "next" | "recycle"> & { end(): void } {
  let spare: Uint8Array<ArrayBuffer> | null = null;
  let left = new Uint8Array(0);
  return {
    async next() {
      const bytes = spare ?? new Uint8Array(HEADROOM_BYTES + blockBytes + SLACK_BYTES);
      spare = null;
      let to = HEADROOM_BYTES;
      const end = to + blockBytes;
      while (to < end) {
        if (left.length === 0) {
          const { value, done } = await pieces.next();
          if (done === true) break;
          left = value;
        }
        const taken = left.subarray(0, end - to);
        bytes.set(taken, to);
        to += taken.length;
        left = left.subarray(taken.length);
      }
      return { bytes, from: HEADROOM_BYTES, to, final: to < end };
    },
    recycle: ({ bytes }) => {
      spare = bytes;
    },
    end() {
      // What still runs ends with the source; there is no one left to hear of it.
      pieces.return(undefined).catch(() => {});
    },
  };
}
