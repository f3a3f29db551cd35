/**
 * What imports left behind that were killed.
 *
 * @module
 */

import { join } from "node:path";
import { namesIn } from "./leftovers.ts";
import { type SizedPath, sizeOf } from "./sizes.ts";
import { openRegular } from "../../regular_file.ts";

/** What the names of the folders begin with in which imports are put together. */
export const STAGING_PREFIX = ".import-";

/** The file in such a folder that is locked as long as its process lives. */
export const STAGING_LOCK = "lock";

/** The folders of imports whose process is gone. */
export async function unfinishedImports(runsDir: string): Promise<readonly SizedPath[]> {
  const left: SizedPath[] = [];
  for (const name of await namesIn(runsDir)) {
    const path = join(runsDir, name);
    if (!name.startsWith(STAGING_PREFIX) || !await isLeft(path)) continue;
    left.push({ path, bytes: await sizeOf(path) });
  }
  return left;
}

/** Without a lock it may be one that is just being made: the next import removes it if it is empty. */
async function isLeft(path: string): Promise<boolean> {
  try {
    using lock = await openRegular(join(path, STAGING_LOCK), { write: true });
    if (!await lock.tryLock(true)) return false;
    lock.unlockSync();
    return true;
  } catch {
    return false;
  }
}
