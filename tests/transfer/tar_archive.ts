/**
 * Tar archives made byte by byte, also such as no tar would make.
 *
 * @module
 */

/** An entry. */
export interface Entry {
  /** Its name, as it stands in its field. */
  readonly name: string;
  /** Its content. */
  readonly content?: string | Uint8Array;
  /** Its type byte; default that of a file. */
  readonly type?: string;
  /** Its size field, if it is not that of its content. */
  readonly size?: string;
  /** The target of a link. */
  readonly link?: string;
  /** Bytes that are put into its header, by their place. */
  readonly put?: Readonly<Record<number, string>>;
}

/** The bytes of an archive, with its two blocks of zeros at the end. */
export function tar(entries: readonly Entry[], end = "\0".repeat(1024)): Uint8Array<ArrayBuffer> {
  return concat([...entries.flatMap(blocks), latin1(end)]);
}

function blocks(entry: Entry): readonly Uint8Array[] {
  const { name, content = "", type = "0", link = "", put = {} } = entry;
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const size = entry.size ?? bytes.length.toString(8).padStart(11, "0") + "\0";
  const header = new Uint8Array(512);
  const fields: Record<number, string> = {
    0: name,
    100: "0000644\0",
    108: "0000000\0",
    116: "0000000\0",
    124: size,
    136: "00000000000\0",
    148: " ".repeat(8),
    156: type,
    157: link,
    257: "ustar\x0000",
    ...put,
  };
  for (const [at, text] of Object.entries(fields)) header.set(latin1(text), Number(at));
  if (!(148 in put)) {
    const sum = header.reduce((sum, byte) => sum + byte, 0);
    header.set(latin1(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
  }
  return [header, bytes, new Uint8Array((512 - bytes.length % 512) % 512)];
}

/** Text as bytes, one for each character. */
export function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Bytes one after the other. */
export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Bytes as gzip. */
export async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** The files of a run directory as entries, in the order of their names. */
export function entriesOf(directory: string, prefix = ""): readonly Entry[] {
  const id = directory.slice(directory.lastIndexOf("/") + 1);
  return [...Deno.readDirSync(directory)].map(({ name }) => name).sort()
    .map((name) => ({
      name: `${prefix}${id}/${name}`,
      content: Deno.readFileSync(`${directory}/${name}`),
    }));
}
