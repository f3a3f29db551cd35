/**
 * Files that appear whole or not at all.
 *
 * @module
 */

import { basename, dirname, join } from "node:path";
import type { Artifact } from "../registry/record.ts";
import { Sha256 } from "../sha256.ts";

/** Text or bytes, at once or in pieces. */
export type Content = string | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * Writes a file so that it is there complete or not at all: to a temporary
 * name in the same folder, or in one on the same file system, flushed to the
 * disk, then renamed over `path`.
 */
export async function writeWhole(
  path: string,
  content: Content,
  { temporaryIn = dirname(path) }: { readonly temporaryIn?: string } = {},
): Promise<Artifact> {
  const temporary = join(temporaryIn, `.${basename(path)}.${crypto.randomUUID()}.tmp`);
  const hash = new Sha256();
  let bytes = 0;
  try {
    {
      using file = await Deno.open(temporary, { write: true, createNew: true });
      const chunks = typeof content === "string" ? [new TextEncoder().encode(content)] : content;
      for await (const chunk of chunks) {
        await hash.update(chunk);
        bytes += chunk.length;
        for (let done = 0; done < chunk.length;) done += await file.write(chunk.subarray(done));
      }
      await file.sync();
    }
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
  return { path: basename(path), sha256: await hash.digest(), bytes };
}

/** Flushes the names in a folder to the disk; a no-op where folders cannot be opened. */
export async function syncFolder(path: string): Promise<void> {
  try {
    using folder = await Deno.open(path);
    await folder.sync();
  } catch {
    // Windows opens no folders, and some network file systems flush none.
  }
}
