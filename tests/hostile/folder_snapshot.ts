/**
 * All that is in a folder, to hold against what is there later.
 *
 * @module
 */

import { join } from "node:path";
import { sha256 } from "../../lib/sha256.ts";

/** What is at each path in a folder: a hash, where a link leads, or that it is a folder. */
export async function snapshotOf(folder: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const look = async (prefix: string): Promise<void> => {
    for await (
      const { name, isDirectory, isSymlink, isFile } of Deno.readDir(join(folder, prefix))
    ) {
      const path = prefix + name;
      if (isSymlink) found.set(path, `link to ${await Deno.readLink(join(folder, path))}`);
      else if (isDirectory) {
        found.set(path, "folder");
        await look(`${path}/`);
      } else if (isFile) found.set(path, await sha256(await Deno.readFile(join(folder, path))));
      else found.set(path, "other");
    }
  };
  await look("");
  return new Map([...found].sort());
}
