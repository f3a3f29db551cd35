/**
 * Unpacks what text is wrapped in; loaded where there is something to unpack.
 *
 * @module
 */

import { UserError } from "../../errors.ts";
import { type Block, HEADROOM_BYTES, SLACK_BYTES } from "./block.ts";
import type { BlockSource } from "./block_source.ts";
import { ByteReader } from "./byte_reader.ts";
import { CUT_OFF, damaged, inflated, limited } from "./inflate.ts";
import { formOf, HEAD_BYTES, type WrappedForm } from "./magic.ts";
import { unzipped } from "./unzip.ts";
import { utf8FromUtf16 } from "./utf16.ts";

type Pieces = AsyncGenerator<Uint8Array<ArrayBuffer>>;

/** What is to be unpacked. */
export interface UnpackOptions {
  /** The first block. */
  readonly block: Block;
  /** Whether its memory is the source's own. */
  readonly owned: boolean;
  /** What the file is wrapped in. */
  readonly form: WrappedForm;
  /** The file's path, for messages. */
  readonly path: string;
  /** Bytes of data in a block of what was unpacked. */
  readonly blockBytes: number;
}

/** The blocks of a wrapped file as text in UTF-8. */
export function unpackedBlocks(
  blocks: BlockSource,
  { block, owned, form, path, blockBytes }: UnpackOptions,
): Pick<BlockSource, "next" | "recycle"> & { end(): void } {
  const reader = new ByteReader(blocks, { block, owned, cutOff: () => damaged(path, CUT_OFF) });
  return packed(text(unpacked(reader, { form, path }), path), blockBytes);
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
