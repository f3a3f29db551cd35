/**
 * Packs runs into an archive: each run directory as its manifest lists it, and
 * on demand the kept data. The row of a run is not packed a second time: its
 * manifest and its labels hold all of it, and two copies could differ. Equal
 * runs make equal archives, byte for byte.
 *
 * @module
 */

import { dirname, join } from "node:path";
import { parseJson } from "../json_depth.ts";
import { EXIT_NOT_PROVED, UserError } from "../errors.ts";
import type { Labels } from "../registry/labels.ts";
import type { Artifact, RunRecord } from "../record.ts";
import type { StorableRun } from "../registry/store.ts";
import { blocksOf } from "../store/file_hash.ts";
import { runOfManifest } from "../store/manifest.ts";
import { newest } from "../store/change_labels.ts";
import { labelsJson, readLabels } from "../store/labels.ts";
import { LABELS_JSON, MANIFEST_JSON } from "../store/run_directory.ts";
import { runSuffix } from "../run_id.ts";
import { Sha256 } from "../sha256.ts";
import { DATA_FOLDER } from "./entry_place.ts";
import { type KeptFile, keptFiles } from "./kept_files.ts";
import type { PackedFile } from "./tar_writer.ts";
import { readRegular } from "../regular_file.ts";

/** A run that can be packed. */
export interface PackableRun {
  /** Its id. */
  readonly id: string;
  /** Absolute path of its directory. */
  readonly directory: string;
  /** Hash of its data; null if it had none. */
  readonly dataHash: string | null;
  /** Bytes of its labels.json; undefined if nothing was said about it after its end. */
  readonly labels: Uint8Array | undefined;
  /** Files that are packed. */
  readonly files: number;
  /** Bytes of them. */
  readonly bytes: number;
}

/**
 * Looks whether a run can be packed: its directory has what its manifest
 * lists, in size. Of the labels in its row and those in its directory the
 * newer ones are packed.
 *
 * @param directory absolute path of the run directory
 * @throws {UserError} if it has not
 */
export async function packableRun(
  { id, ...row }: Pick<RunRecord, "id" | keyof Labels>,
  directory: string,
): Promise<PackableRun> {
  const { run, text } = await sealedRun(id, directory);
  let bytes = text.length;
  for (const artifact of run.artifacts) {
    const found = await Deno.lstat(join(directory, artifact.path)).catch(() => undefined);
    if (!found?.isFile || found.size !== artifact.bytes) {
      throw damaged(id, `${artifact.path} is not as its manifest says`);
    }
    bytes += artifact.bytes;
  }
  const labels = await labelsText(row, directory);
  const files = run.artifacts.length + (labels === undefined ? 1 : 2);
  bytes += labels?.length ?? 0;
  return { id, directory, dataHash: run.hashes.data, labels, files, bytes };
}

async function labelsText(row: Labels, directory: string): Promise<Uint8Array | undefined> {
  const labels = newest(row, await readLabels(directory));
  const { labels_at } = labels;
  return labels_at === null
    ? undefined
    : new TextEncoder().encode(labelsJson({ ...labels, labels_at }));
}

/** What is kept of the data of these runs. */
export async function packableData(
  runs: readonly PackableRun[],
): Promise<{ readonly files: readonly KeptFile[]; readonly withoutData: readonly string[] }> {
  const files = new Map<string, KeptFile>();
  const withoutData: string[] = [];
  for (const { id, directory, dataHash } of runs) {
    if (dataHash === null) continue;
    const kept = await keptFiles(dirname(directory), dataHash);
    for (const file of kept.files) files.set(file.hash, file);
    if (!kept.isComplete) withoutData.push(id);
  }
  return { files: [...files.values()], withoutData };
}

/**
 * The files of an archive, in the order of their names. Each is held against
 * its hash while it is read.
 *
 * @throws {UserError} on the way, if one is not what it should be
 */
export async function* packedFiles(
  { runs, data }: { readonly runs: readonly PackableRun[]; readonly data: readonly KeptFile[] },
): AsyncGenerator<PackedFile> {
  // Run ids begin with a digit, so that the data comes last by its name, too.
  for (const run of runs.toSorted(byKey(({ id }) => id))) yield* runFiles(run);
  for (const { hash, path, bytes } of data.toSorted(byKey(({ hash }) => hash))) {
    const name = `${DATA_FOLDER}/${hash.replace("sha256:", "")}`;
    const differs = (): UserError =>
      new UserError(`Cannot export the kept data ${path}: it is not of the hash that is its name`, {
        code: "run_damaged",
        exitCode: EXIT_NOT_PROVED,
        hint: "Remove it, or export without --with-data.",
      });
    yield { name, bytes, content: checked(path, { sha256: hash, bytes, differs }) };
  }
}

async function* runFiles(
  { id, directory, labels }: PackableRun,
): AsyncGenerator<PackedFile> {
  const { run, text } = await sealedRun(id, directory);
  const listed = run.artifacts.map(({ path, sha256, bytes }: Artifact): PackedFile => ({
    name: `${id}/${path}`,
    bytes,
    content: checked(join(directory, path), {
      sha256,
      bytes,
      differs: () => damaged(id, `${path} is not as its manifest says`),
    }),
  }));
  const added = [
    { name: MANIFEST_JSON, content: text },
    ...(labels === undefined ? [] : [{ name: LABELS_JSON, content: labels }]),
  ].map(({ name, content }) => ({
    name: `${id}/${name}`,
    bytes: content.length,
    content: [content],
  }));
  yield* [...listed, ...added].sort(byKey(({ name }) => name));
}

/** The run that a directory's manifest describes, and the bytes of the manifest. */
async function sealedRun(
  id: string,
  directory: string,
): Promise<{ readonly run: StorableRun; readonly text: Uint8Array }> {
  let text: Uint8Array;
  let run: StorableRun | undefined;
  try {
    text = await readRegular(join(directory, MANIFEST_JSON));
    run = runOfManifest(parseJson(new TextDecoder().decode(text)));
  } catch (cause) {
    throw damaged(id, `it has no ${MANIFEST_JSON} that can be read`, cause);
  }
  if (run?.id !== id) throw damaged(id, `its ${MANIFEST_JSON} is not that of this run`);
  return { run, text };
}

/** The bytes of a file, as long as it is what it should be. */
async function* checked(
  path: string,
  { sha256, bytes, differs }: {
    readonly sha256: string;
    readonly bytes: number;
    readonly differs: () => UserError;
  },
): AsyncGenerator<Uint8Array> {
  const hash = new Sha256();
  let read = 0;
  for await (const block of blocksOf(path)) {
    read += block.length;
    if (read > bytes) throw differs();
    await hash.update(block);
    yield block;
  }
  if (read !== bytes || await hash.digest() !== sha256) throw differs();
}

function byKey<T>(key: (value: T) => string): (a: T, b: T) => number {
  return (a, b) => key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
}

function damaged(id: string, reason: string, cause?: unknown): UserError {
  return new UserError(`Cannot export run ${runSuffix(id)}: ${reason}`, {
    code: "run_damaged",
    exitCode: EXIT_NOT_PROVED,
    hint: `Export the others without it; runs:verify ${runSuffix(id)} says all that is wrong.`,
    cause,
  });
}
