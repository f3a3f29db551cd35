/**
 * Who keeps data, and who clears away what no run refers to, are kept apart by
 * a lock on the folder of kept data: the kernel lets go of it when a process
 * ends, however it ends.
 *
 * A run takes its share before it looks whether its data is kept already, and
 * lets go of it once its manifest, which refers to the data, is in its place.
 *
 * @module
 */

import { openFolder } from "../regular_file.ts";

/** A share of the kept data, of which nothing is removed until it is let go of. */
export class KeptDataHold implements Disposable {
  readonly #folder: string;
  #lock: Deno.FsFile | undefined;

  /** Of the data in a folder of kept data; {@linkcode take} takes it. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Takes the share, unless it is taken already or there is no folder yet,
   * and so nothing to remove. Waits for whoever is removing something.
   */
  async take(): Promise<void> {
    this.#lock ??= await locked(this.#folder, (file) => file.lock(false));
  }

  /** Lets go of it. */
  [Symbol.dispose](): void {
    release(this.#lock);
    this.#lock = undefined;
  }
}

/** How long whoever clears away waits for runs that are just publishing, in milliseconds. */
const PATIENCE_MS = 20_000;

/** How often it asks, in milliseconds. */
const INTERVAL_MS = 25;

/**
 * All of the data in a folder of kept data, while nobody has a share; undefined
 * if runs were keeping data all the time, or where folders cannot be locked.
 */
export async function holdAllKeptData(folder: string): Promise<Disposable | undefined> {
  const until = performance.now() + PATIENCE_MS;
  const lock = await locked(folder, async (file) => {
    // Asked for again and again, as one who waits for shares may wait forever.
    while (!await file.tryLock(true)) {
      if (performance.now() > until) throw new Deno.errors.WouldBlock();
      await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
    }
  });
  return lock && { [Symbol.dispose]: () => release(lock) };
}

async function locked(
  folder: string,
  lock: (file: Deno.FsFile) => Promise<void>,
): Promise<Deno.FsFile | undefined> {
  let file: Deno.FsFile | undefined;
  try {
    file = await openFolder(folder);
    await lock(file);
    return file;
  } catch {
    // Windows opens no folders, and some network file systems lock none: there
    // nothing is removed, as that takes the lock, too.
    file?.close();
    return undefined;
  }
}

function release(lock: Deno.FsFile | undefined): void {
  if (lock === undefined) return;
  // Not by closing alone: a process that is just being started still has it open.
  lock.unlockSync();
  lock.close();
}
