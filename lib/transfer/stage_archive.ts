/**
 * Unpacks an archive into a staging folder, with every entry refused that an
 * export would not have written. One of a folder of runs that tar packed is
 * taken as that folder.
 *
 * @module
 */

import { join } from "node:path";
import { UserError } from "../errors.ts";
import { printable, quote } from "../quote.ts";
import { MANIFEST_JSON } from "../store/run_directory.ts";
import type { FoundRun, FoundSource, StagingPlace, UnfinishedRun } from "./import_source.ts";
import { LeadingFolder } from "./leading_folder.ts";
import { stageFile } from "./staging.ts";
import { TarProblem } from "./tar_header.ts";
import { type ArchiveLimits, tarItems } from "./tar_reader.ts";

/** An archive that is to be imported. */
export interface ArchiveSource {
  /** Its name, for messages. */
  readonly name: string;
  /** Its bytes, in pieces that are not large: each valid until the next one. */
  readonly pieces: AsyncIterable<Uint8Array<ArrayBuffer>>;
}

/** What an archive may hold unless the user says otherwise. */
export const ARCHIVE_LIMITS: ArchiveLimits = {
  entries: 2_000_000,
  fileBytes: 16 * 1024 ** 3,
  totalBytes: 64 * 1024 ** 3,
};

/** Files that are read as a whole are a few pages; what is larger is none. */
const MAX_TEXT_BYTES = 16 << 20;

/** Bytes that may come out of a gzip file whatever its size, and for each of its bytes. */
const FREE_BYTES = 64 << 20;
const MAX_RATIO = 200;

/**
 * Unpacks an archive, plain or as gzip.
 *
 * @throws {UserError} if it is damaged, cut off, holds anything that is
 * refused, or more than the limits
 */
export async function stageArchive(
  { name: source, pieces }: ArchiveSource,
  { staging, limits }: { readonly staging: StagingPlace; readonly limits: ArchiveLimits },
): Promise<FoundSource> {
  const seen = new Set<string>();
  const runs = new Map<string, FoundRun>();
  const data = new Map<string, string>();
  const sealed = new Set<string>();
  const leading = new LeadingFolder();
  let isFolder: boolean;
  try {
    for await (const item of tarItems(unpacked(pieces), limits)) {
      const { name, bytes, content } = item;
      const place = leading.place(item);
      // Some file systems take names for equal that differ in case.
      const key = name.replace(/\/$/, "").toLowerCase();
      if (seen.has(key)) throw new TarProblem("is there twice, or differs in case only", name);
      seen.add(key);
      if (place.of === "neither") continue;
      if (place.of === "data") {
        const path = join(await staging.folder("data"), place.hash.replace("sha256:", ""));
        if (await stageFile(path, content) !== place.hash) {
          throw new TarProblem("is not of the hash that is its name", name);
        }
        data.set(place.hash, path);
        continue;
      }
      if (/\.(?:json|yaml)$/.test(place.file) && bytes > MAX_TEXT_BYTES) {
        throw new TarProblem(
          `has ${bytes} bytes, more than the ${MAX_TEXT_BYTES} that a ${place.file} may have`,
          name,
        );
      }
      const directory = await staging.folder("runs", place.id);
      runs.set(place.id, { id: place.id, source, directory, isHere: false, labelsIn: directory });
      if (place.file === MANIFEST_JSON) sealed.add(place.id);
      await stageFile(join(directory, place.file), content);
    }
    isFolder = leading.end() !== "";
  } catch (error) {
    throw error instanceof TarProblem ? refused(source, error) : error;
  }
  // A folder may hold runs without an end; whether they are running, an archive does not tell.
  const hasEnd = ({ id }: FoundRun): boolean => !isFolder || sealed.has(id);
  return {
    source,
    runs: [...runs.values()].filter(hasEnd),
    unfinished: [...runs.values()].filter((run) => !hasEnd(run))
      .map(({ id }): UnfinishedRun => ({ id, source, status: "crashed" })),
    data: { kind: "staged", files: data, hasOthers: isFolder },
  };
}

/** The bytes of a tar archive, whether it is packed as gzip or not. */
async function* unpacked(
  pieces: AsyncIterable<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array> {
  const source = pieces[Symbol.asyncIterator]();
  const { value: first, done } = await source.next();
  if (done) throw new TarProblem("it is empty");
  let packed = 0;
  const all = async function* (): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    try {
      for (let piece = first;;) {
        packed += piece.length;
        yield piece;
        const next = await source.next();
        if (next.done) return;
        piece = next.value;
      }
    } finally {
      await source.return?.();
    }
  };
  if (first[0] !== 0x1f || first[1] !== 0x8b) return yield* all();
  const copies = async function* (): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    for await (const piece of all()) yield piece.slice();
  };
  let bytes = 0;
  try {
    const stream = ReadableStream.from(copies()).pipeThrough(new DecompressionStream("gzip"));
    for await (const piece of stream) {
      bytes += piece.length;
      if (bytes > FREE_BYTES + MAX_RATIO * packed) {
        throw new TarProblem(
          `it unpacks to more than ${FREE_BYTES >> 20} MiB and ${MAX_RATIO} times its size`,
        );
      }
      yield piece;
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new TarProblem(`its gzip data is damaged, cut off, or goes on after its end`);
  }
}

/** The error that an archive cannot be imported. */
export function refused(source: string, { message, entry }: TarProblem): UserError {
  const what = entry === undefined ? message : `entry ${quote(entry, 200)} ${message}`;
  return new UserError(`Cannot import ${printable(source)}: ${what}`, {
    code: "archive_invalid",
    hint: "Nothing was imported. Was it cut off or changed on its way? An archive that another " +
      "program made can be unpacked, looked at, and imported as a folder.",
    cause: undefined,
  });
}
