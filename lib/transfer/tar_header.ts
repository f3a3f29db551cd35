/**
 * The header of a file in a tar archive, in the POSIX form (ustar) that every
 * tar reads. Written so that equal files give equal bytes, read strictly: what
 * sigrun does not write itself is refused, not interpreted. Pure.
 *
 * @module
 */

/** Bytes of a header, and of what contents are padded to. */
export const TAR_BLOCK = 512;

/** A file or a folder of an archive. */
export interface TarEntry {
  /** Its path as it stands there. */
  readonly name: string;
  /** Bytes of its content. */
  readonly bytes: number;
  /** What it is. */
  readonly kind: "file" | "folder";
}

/** Place and length of a field. */
type Field = readonly [from: number, length: number];

const NAME: Field = [0, 100];
const MODE: Field = [100, 8];
const USER: Field = [108, 8];
const GROUP: Field = [116, 8];
const SIZE: Field = [124, 12];
const TIME: Field = [136, 12];
const CHECKSUM: Field = [148, 8];
const TYPE = 156;
const MAGIC: Field = [257, 8];
const DEVICE_MAJOR: Field = [329, 8];
const DEVICE_MINOR: Field = [337, 8];
/** The beginning of a name that is too long for its field; access times where GNU's tar wrote it. */
const PREFIX: Field = [345, 155];

/** Of all files, so that equal files make equal archives: the beginning of 2020, in Unix seconds. */
const FIXED_TIME = 1_577_836_800;

/** Above this a size is not written in eleven octal digits. */
const MAX_OCTAL = 8 ** 11 - 1;

/** The kinds of entries that are refused, by their type byte. */
const REFUSED_TYPES: Readonly<Record<string, string>> = {
  "1": "is a hard link",
  "2": "is a symbolic link",
  "3": "is a device",
  "4": "is a device",
  "6": "is a named pipe",
  "7": "is of a kind that depends on the system (contiguous)",
  D: "is a folder of GNU's incremental form",
  g: "is a PAX header, which can rename what follows",
  K: "is a long link name of GNU's form, which can rename what follows",
  L: "is a long name of GNU's form, which can rename what follows",
  M: "continues on another volume",
  S: "is a sparse file",
  V: "is a volume label",
  x: "is a PAX header, which can rename what follows",
};

/**
 * The header of a file.
 *
 * @throws {RangeError} if its name does not fit, or is not ASCII
 */
export function tarHeader({ name, bytes }: Pick<TarEntry, "name" | "bytes">): Uint8Array {
  if (!/^[\x20-\x7e]{1,100}$/.test(name)) throw new RangeError(`Cannot name an entry ${name}`);
  const header = new Uint8Array(TAR_BLOCK);
  const put = ([from]: Field, text: string): void => {
    for (let at = 0; at < text.length; at++) header[from + at] = text.charCodeAt(at);
  };
  const octal = ([, length]: Field, value: number): string =>
    value.toString(8).padStart(length - 1, "0");
  put(NAME, name);
  put(MODE, octal(MODE, 0o644));
  put(USER, octal(USER, 0));
  put(GROUP, octal(GROUP, 0));
  if (bytes <= MAX_OCTAL) put(SIZE, octal(SIZE, bytes));
  else putBinary(header, bytes);
  put(TIME, octal(TIME, FIXED_TIME));
  header[TYPE] = "0".charCodeAt(0);
  put(MAGIC, "ustar\x0000");
  put(DEVICE_MAJOR, octal(DEVICE_MAJOR, 0));
  put(DEVICE_MINOR, octal(DEVICE_MINOR, 0));
  put(CHECKSUM, `${checksum(header).toString(8).padStart(6, "0")}\0 `);
  return header;
}

/** A size in base 256, as GNU's and BSD's tar write those of 8 GiB and more. */
function putBinary(header: Uint8Array, bytes: number): void {
  const [from, length] = SIZE;
  let left = BigInt(bytes);
  for (let at = from + length - 1; at > from; at--) {
    header[at] = Number(left & 0xffn);
    left >>= 8n;
  }
  header[from] = 0x80;
}

/** The sum of all bytes, those of the sum itself taken as spaces. */
function checksum(header: Uint8Array): number {
  const [from, length] = CHECKSUM;
  return header.reduce(
    (sum, byte, at) => sum + (at >= from && at < from + length ? 0x20 : byte),
    0,
  );
}

/** What is wrong with an entry, as the end of a sentence that begins with its name. */
export class TarProblem extends Error {
  /** The entry's name, as far as it can be told. */
  readonly entry: string | undefined;

  /** `entry` undefined for what is not about one. */
  constructor(message: string, entry?: string) {
    super(message);
    this.entry = entry;
  }
}

/**
 * Reads a header.
 *
 * @throws {TarProblem} if it is none, or of a kind that is refused
 */
export function readTarHeader(header: Uint8Array): TarEntry {
  const sum = number(header, CHECKSUM);
  if (sum === undefined || sum !== checksum(header)) {
    throw new TarProblem("it is not a tar archive, or damaged: the checksum of a header is wrong");
  }
  const name = nameOf(header);
  const type = String.fromCharCode(header[TYPE]!);
  const refused = REFUSED_TYPES[type];
  if (refused !== undefined) throw new TarProblem(refused, name);
  if (!["0", "\0", "5"].includes(type)) {
    throw new TarProblem(`is of the unknown kind ${JSON.stringify(type)}`, name);
  }
  if (field(header, PREFIX).some((byte) => byte !== 0)) {
    throw new TarProblem("has a name in two parts, which none of sigrun's has", name);
  }
  const bytes = number(header, SIZE);
  if (bytes === undefined || !Number.isSafeInteger(bytes)) {
    throw new TarProblem("has a size that is no number", name);
  }
  const isFolder = type === "5";
  if (isFolder && bytes > 0) throw new TarProblem("is a folder with content", name);
  return { name, bytes, kind: isFolder ? "folder" : "file" };
}

/** The name; bytes after its end would be seen by some programs and not by others. */
function nameOf(header: Uint8Array): string {
  const bytes = field(header, NAME);
  const end = bytes.indexOf(0);
  const name = new TextDecoder().decode(end === -1 ? bytes : bytes.subarray(0, end));
  if (end !== -1 && bytes.subarray(end).some((byte) => byte !== 0)) {
    throw new TarProblem("has a NUL character in its name", name);
  }
  if (name === "") throw new TarProblem("has no name", name);
  return name;
}

/** Octal digits, or base 256; undefined for neither. */
function number(header: Uint8Array, place: Field): number | undefined {
  const bytes = field(header, place);
  if (bytes[0] === 0x80) {
    return Number(bytes.subarray(1).reduce((value, byte) => value << 8n | BigInt(byte), 0n));
  }
  const text = String.fromCharCode(...bytes);
  const digits = /^ *([0-7]+)[ \0]*$/.exec(text)?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, 8);
}

function field(header: Uint8Array, [from, length]: Field): Uint8Array {
  return header.subarray(from, from + length);
}
