/**
 * Files that appear whole or not at all.
 *
 * @module
 */

import { basename, dirname, join } from "node:path";
import type { Artifact } from "../record.ts";
import { Sha256 } from "../sha256.ts";
import { openFolder } from "../regular_file.ts";

/** Text or bytes, at once or in pieces. */
export type Content = string | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** The longest name of a file, on the usual file systems. */
const MAX_NAME_BYTES = 255;

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
  const temporary = join(temporaryIn, temporaryName(basename(path)));
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

/** The name with a dot before and a UUID after it, cut where that would be too long. */
function temporaryName(name: string): string {
  const end = `.${crypto.randomUUID()}.tmp`;
  const kept = new TextEncoder().encode(name).subarray(0, MAX_NAME_BYTES - ".".length - end.length);
  // As part of a stream: a character that was cut in two is left out.
  return `.${new TextDecoder().decode(kept, { stream: true })}${end}`;
}

/** Flushes the names in a folder to the disk; a no-op where folders cannot be opened. */
export async function syncFolder(path: string): Promise<void> {
  try {
    using folder = await openFolder(path);
    await folder.sync();
  } catch {
    // Windows opens no folders, and some network file systems flush none.
  }
}
