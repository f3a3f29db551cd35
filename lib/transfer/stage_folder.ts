/**
 * Copies the runs of a folder into a staging folder: a folder of runs of
 * another machine, or one run directory.
 *
 * @module
 */

import { basename, dirname, join } from "node:path";
import { UserError } from "../errors.ts";
import { foundText, lookAt } from "../verify/stored_file.ts";
import { IMPORTED_JSON } from "../imported.ts";
import { printable } from "../quote.ts";
import { runIdsIn } from "../store/directory_ids.ts";
import { MOST_TEXT_BYTES } from "../regular_file.ts";
import { blocksOf } from "../store/file_hash.ts";
import { readManifest } from "../store/manifest.ts";
import { isAlive } from "../store/liveness.ts";
import { MANIFEST_JSON, RUN_FILES } from "../store/run_directory.ts";
import { startOfRunId } from "../run_id.ts";
import { abortable } from "./abortable.ts";
import { sameBytes } from "./same_bytes.ts";
import type { FoundRun, FoundSource, StagingPlace, UnfinishedRun } from "./import_source.ts";
import { stageFile } from "./staging.ts";
import { reasonOf } from "../system_error.ts";

/**
 * Copies what is in a folder, but for runs that are here already. What is no
 * run is left alone, a registry too: the manifests say what there is.
 *
 * @throws {UserError} if it holds no runs, links, or what cannot be read
 */
export async function stageFolder(
  { name: source, path }: {
    /** Its name, for messages. */
    readonly name: string;
    /** Its absolute path. */
    readonly path: string;
  },
  { staging, runsDir, abort }: {
    readonly staging: StagingPlace;
    readonly runsDir: string;
    readonly abort: AbortSignal;
  },
): Promise<FoundSource> {
  const isRun = startOfRunId(basename(path)) !== undefined;
  const from = isRun ? dirname(path) : path;
  const runs: FoundRun[] = [];
  const unfinished: UnfinishedRun[] = [];
  for (const id of isRun ? [basename(path)] : await runIds(path, source)) {
    const directory = join(from, id);
    const found = await lookAt(directory);
    if (found.kind !== "directory") throw refused(directory, `it is ${foundText(found)}`);
    if ((await lookAt(join(directory, MANIFEST_JSON))).kind === "missing") {
      const status = await isAlive(directory) ? "running" : "crashed";
      unfinished.push({ id, source, status });
      continue;
    }
    const here = join(runsDir, id);
    if (await sameBytes(join(directory, MANIFEST_JSON), join(here, MANIFEST_JSON))) {
      runs.push({ id, source, directory: here, isHere: true, labelsIn: directory });
      continue;
    }
    const staged = await staging.folder("runs", id);
    await copyRun(directory, staged, { abort });
    runs.push({ id, source, directory: staged, isHere: false, labelsIn: staged });
  }
  if (runs.length === 0 && unfinished.length === 0) {
    throw new UserError(`There are no runs in ${printable(source)}`, {
      code: "run_not_found",
      hint: "Name a folder of run directories, such as runs/, one of them, or an archive.",
    });
  }
  return { source, runs, unfinished, data: { kind: "folder", runsDir: from } };
}

async function runIds(path: string, source: string): Promise<readonly string[]> {
  try {
    // A link of that name is refused, not passed over.
    return await runIdsIn(path, { anyKind: true });
  } catch (cause) {
    throw refused(source, reasonOf(cause), cause);
  }
}

/** Copies the files of a run directory; nothing in it is followed elsewhere. */
async function copyRun(
  from: string,
  to: string,
  { abort }: { readonly abort: AbortSignal },
): Promise<void> {
  const listed = new Map(
    (await readManifest(from))?.artifacts.map(({ path, bytes }) => [path, bytes]),
  );
  for await (const { name } of Deno.readDir(from)) {
    // An import of its own is noted here, one elsewhere means nothing.
    if (name === IMPORTED_JSON) continue;
    const path = join(from, name);
    if (!RUN_FILES.includes(name)) throw refused(path, "it is no file that a run writes");
    const found = await lookAt(path);
    if (found.kind !== "file") throw refused(path, `it is ${foundText(found)}, not a file`);
    // One byte more than there should be tells as much as any number of them.
    const most = (listed.get(name) ?? MOST_TEXT_BYTES) + 1;
    await stageFile(join(to, name), abortable(beginning(readable(path), most), abort));
  }
}

/** The first bytes of a file, `most` of them at the most. */
async function* beginning(
  blocks: AsyncIterable<Uint8Array>,
  most: number,
): AsyncGenerator<Uint8Array> {
  let left = most;
  for await (const block of blocks) {
    yield block.subarray(0, left);
    left -= block.length;
    if (left <= 0) return;
  }
}

/** The blocks of a file. */
export async function* readable(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* blocksOf(path);
  } catch (cause) {
    throw refused(path, reasonOf(cause), cause);
  }
}

function refused(path: string, reason: string, cause?: unknown): UserError {
  return new UserError(`Cannot import ${printable(path)}: ${reason}`, {
    code: "archive_invalid",
    hint: "Nothing was imported.",
    cause,
  });
}
