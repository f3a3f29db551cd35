/**
 * Copies of data files, kept once for each hash beside the runs, so that a run
 * can be reproduced after its data was moved or replaced.
 *
 * @module
 */

import { join } from "node:path";
import type { LoadedBars } from "../bars/load.ts";
import { STANDARD_INPUT } from "../bars/source/data_file.ts";
import { parseSeriesList, seriesList } from "../bars/series_list.ts";
import { type KeepData, keptBytes } from "../config/reserved.ts";
import { UserError } from "../errors.ts";
import { printable } from "../quote.ts";
import { syncFolder, writeWhole } from "./files.ts";
import { inside } from "./inside.ts";
import { hashOfFile } from "./file_hash.ts";
import type { KeptDataHold } from "./kept_data_hold.ts";
import type { RunLog } from "./run_log.ts";
import { hintFor, reasonOf } from "../system_error.ts";
import { readRegularText } from "../regular_file.ts";

/** A data file, as it was read. */
export interface ReadFile {
  /** Its absolute path. */
  readonly path: string;
  /** SHA-256 of its bytes, as `sha256:…`. */
  readonly hash: string;
  /** Its size. */
  readonly bytes: number;
}

/** What became of a data file that was to be kept. */
export type Keeping =
  | { readonly kept: true; readonly path: string }
  | { readonly kept: false; readonly reason: string };

/** Path of the kept data file of a hash, in a folder of runs. */
export function keptDataPath(runsDir: string, hash: string): string {
  return join(keptDataFolder(runsDir), hash.replace(/^sha256:/, ""));
}

/** Paths of the kept data files of a series, by its hash; undefined if it was not kept. */
export async function keptSeries(
  runsDir: string,
  hash: string,
): Promise<readonly string[] | undefined> {
  const list = await readRegularText(keptDataPath(runsDir, hash)).catch(() => "");
  return parseSeriesList(list)?.map(({ dataHash }) => keptDataPath(runsDir, dataHash));
}

/** The name of the folder of kept data. */
const KEPT_DATA = "data";

/** The folder of kept data files in a folder of runs. */
export function keptDataFolder(runsDir: string): string {
  return join(runsDir, KEPT_DATA);
}

/** Whether data is kept, where, and who is told. */
export interface KeepOptions {
  /** The config's `keep_data`. */
  readonly keepData: KeepData;
  /** Absolute path of the folder of runs. */
  readonly runsDir: string;
  /** Keeps what is kept from being cleared away. */
  readonly hold: KeptDataHold;
  /** The run's log. */
  readonly log: RunLog;
}

/**
 * Keeps the data of a run as the config wants it. Of a series the list of its
 * files is kept, too: that is what the hash of its data is the hash of.
 *
 * @throws {UserError} if a copy cannot be written
 */
export async function keepData(
  { files, dataHash }: Pick<LoadedBars, "files" | "dataHash">,
  options: KeepOptions,
): Promise<void> {
  const most = keptBytes(options.keepData);
  if (most === undefined) return;
  for (const { path, dataHash: hash, bytes } of files) {
    await keepFile({ path, hash, bytes }, { ...options, most });
  }
  if (files.length === 1) return;
  try {
    await makeKeptDataFolder(options.runsDir);
    await options.hold.take();
    await writeWhole(keptDataPath(options.runsDir, dataHash), seriesList(files));
  } catch (cause) {
    throw unkeepable("the list of the data files", cause);
  }
}

async function keepFile(
  file: ReadFile,
  { keepData, runsDir, hold, log, most }: KeepOptions & { readonly most: number },
): Promise<void> {
  const { path, hash, bytes } = file;
  const keeping = bytes > most
    ? { kept: false as const, reason: `larger than keep_data: ${keepData}` }
    : await keepDataFile(file, runsDir, { hold });
  if (keeping.kept) log.info("data kept", { path: keeping.path, bytes });
  else log.info("data not kept, only its hash", { path, bytes, hash, reason: keeping.reason });
}

/**
 * Keeps a data file under its hash, unless it is there already. The copy
 * shares its blocks with the original where the file system can do that; it is
 * never a hard link, which an edit in place would change. What is kept has the
 * given hash: a file that has changed since is left out.
 *
 * @throws {UserError} if the copy cannot be written
 */
export async function keepDataFile(
  file: ReadFile,
  runsDir: string,
  { hold }: {
    /** Taken before anything is relied on; whoever has it lets go of it. */
    readonly hold: KeptDataHold;
  },
): Promise<Keeping> {
  const kept = keptDataPath(runsDir, file.hash);
  await hold.take();
  if (await isFileOf(kept, file.bytes)) return { kept: true, path: kept };
  // That path stands for standard input; no folder is asked for a file of that name.
  if (file.path === STANDARD_INPUT) return { kept: false, reason: "standard input" };
  const original = await Deno.stat(file.path).catch(() => undefined);
  if (original === undefined) return { kept: false, reason: "it is gone" };
  if (!original.isFile) return { kept: false, reason: "no regular file" };
  const temporary = `${kept}.${crypto.randomUUID()}.tmp`;
  try {
    await makeKeptDataFolder(runsDir);
    await hold.take();
    // By copy_file_range or clonefile, which share blocks where they can.
    await Deno.copyFile(file.path, temporary);
    if (await hashOfFile(temporary) !== file.hash) {
      await Deno.remove(temporary);
      return { kept: false, reason: "it changed since it was read" };
    }
    await flush(temporary);
    await Deno.rename(temporary, kept);
    await syncFolder(keptDataFolder(runsDir));
  } catch (cause) {
    await Deno.remove(temporary).catch(() => {});
    throw unkeepable(printable(file.path), cause);
  }
  return { kept: true, path: kept };
}

/**
 * Makes the folder of kept data if need be.
 *
 * @throws {UserError} if it is a link, or no folder
 */
export async function makeKeptDataFolder(runsDir: string): Promise<void> {
  await Deno.mkdir(keptDataFolder(runsDir), { recursive: true });
  await inside(runsDir, [KEPT_DATA], { expected: "directory" });
}

/** Whether a whole file of this size is there: one is only ever renamed into place. */
async function isFileOf(path: string, bytes: number): Promise<boolean> {
  const found = await Deno.lstat(path).catch(() => undefined);
  return found !== undefined && found.isFile && found.size === bytes;
}

/** Flushes a copy, whose mode may be that of a file that nobody writes to. */
async function flush(path: string): Promise<void> {
  const { mode } = await Deno.stat(path);
  if (mode !== null) await Deno.chmod(path, mode & 0o777 | 0o600);
  using file = await Deno.open(path, { read: true, write: true });
  await file.sync();
}

function unkeepable(what: string, cause: unknown): UserError {
  if (cause instanceof UserError) return cause;
  const reason = reasonOf(cause);
  return new UserError(`Cannot keep a copy of ${what}: ${reason}`, {
    code: "runs_dir_unusable",
    hint: `${hintFor(cause, "Make room.")} Or keep no copy: --set keep_data=false.`,
    cause,
  });
}
