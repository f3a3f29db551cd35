/**
 * The folder in which an import is put together, on the file system of the
 * runs, so that what is complete can be renamed into place. It is locked as
 * long as its process lives; what a process left behind that was killed is
 * removed by the next import, or by runs:gc.
 *
 * @module
 */

import { dirname, join } from "node:path";
import { STAGING_LOCK, STAGING_PREFIX } from "../store/garbage/unfinished_imports.ts";
import { unusableRunsDir } from "../store/run_directory.ts";
import { Sha256 } from "../sha256.ts";
import { openRegular } from "../regular_file.ts";

/** A folder of this process alone. */
export class Staging {
  /** Its absolute path. */
  readonly path: string;
  readonly #lock: Deno.FsFile;
  readonly #madeRunsDir: string | undefined;

  private constructor(path: string, lock: Deno.FsFile, madeRunsDir: string | undefined) {
    this.path = path;
    this.#lock = lock;
    this.#madeRunsDir = madeRunsDir;
  }

  /**
   * Makes one, and removes those of processes that were killed.
   *
   * @throws {UserError} if the folder of runs cannot be written to
   */
  static async open(runsDir: string): Promise<Staging> {
    try {
      const made = await Deno.mkdir(runsDir).then(() => runsDir, () => undefined);
      await Deno.mkdir(runsDir, { recursive: true });
      await removeLeftovers(runsDir);
      for (;;) {
        const path = join(runsDir, `${STAGING_PREFIX}${crypto.randomUUID()}`);
        await Deno.mkdir(path);
        const lock = await lockIn(path);
        if (lock !== undefined) return new Staging(path, lock, made);
      }
    } catch (cause) {
      throw unusableRunsDir(join(runsDir, `${STAGING_PREFIX}…`), cause);
    }
  }

  /** Absolute path of a folder in it, made if need be. */
  async folder(...names: readonly string[]): Promise<string> {
    const path = join(this.path, ...names);
    await Deno.mkdir(path, { recursive: true });
    return path;
  }

  /** Removes the folder with all that is still in it. */
  async remove(): Promise<void> {
    await emptied(this.path);
    this.#lock.unlockSync();
    this.#lock.close();
    // A folder of runs that was made for nothing goes, too.
    if (this.#madeRunsDir !== undefined) await Deno.remove(this.#madeRunsDir).catch(() => {});
  }
}

/** The lock of a new folder; undefined if another process took it for a leftover. */
async function lockIn(path: string): Promise<Deno.FsFile | undefined> {
  let lock: Deno.FsFile;
  try {
    lock = await Deno.open(join(path, STAGING_LOCK), { write: true, createNew: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  await lock.lock(true);
  const [held, found] = [
    await lock.stat(),
    await Deno.lstat(join(path, STAGING_LOCK)).catch(() => null),
  ];
  if (found !== null && found.ino === held.ino) return lock;
  lock.close();
  return undefined;
}

/** Removes the folders whose process is gone. */
async function removeLeftovers(runsDir: string): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(runsDir)) {
    if (!isDirectory || !name.startsWith(STAGING_PREFIX)) continue;
    const path = join(runsDir, name);
    let lock: Deno.FsFile;
    try {
      lock = await openRegular(join(path, STAGING_LOCK), { write: true });
    } catch {
      // Just being made, or all but removed: it goes if it is empty.
      await Deno.remove(path).catch(() => {});
      continue;
    }
    if (await lock.tryLock(true)) {
      await emptied(path);
      lock.unlockSync();
    }
    lock.close();
  }
}

/** Removes a folder, its lock last: without a lock nobody would know whose it is. */
async function emptied(path: string): Promise<void> {
  for await (const { name } of Deno.readDir(path)) {
    if (name !== STAGING_LOCK) await Deno.remove(join(path, name), { recursive: true });
  }
  await Deno.remove(path, { recursive: true });
}

/**
 * Writes a file into a staging folder, flushed to the disk.
 *
 * @returns SHA-256 of its bytes, as `sha256:…`
 * @throws {UserError} if it cannot be written
 */
export async function stageFile(
  path: string,
  pieces: AsyncIterable<Uint8Array>,
): Promise<string> {
  const hash = new Sha256();
  let file: Deno.FsFile | undefined;
  const writing = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      throw unusableRunsDir(dirname(path), cause);
    }
  };
  try {
    file = await writing(() => Deno.open(path, { write: true, createNew: true }));
    const open = file;
    for await (const piece of pieces) {
      await hash.update(piece);
      await writing(async () => {
        for (let done = 0; done < piece.length;) done += await open.write(piece.subarray(done));
      });
    }
    await writing(() => open.sync());
  } finally {
    file?.close();
  }
  return await hash.digest();
}
