/**
 * Data files that live for one load.
 *
 * @module
 */

import { join } from "node:path";
import { loadBars, type LoadedBars, type LoadRequest } from "../../lib/bars/load.ts";

/** Calls `use` with the path of a file `data.csv` that holds `content`. */
export async function withDataFile<T>(
  content: string | Uint8Array,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const directory = await Deno.makeTempDir({ prefix: "sigrun-test-" });
  try {
    const path = join(directory, "data.csv");
    await Deno.writeFile(path, bytesOf(content));
    return await use(path);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** The request for the closes of a file, nothing missing, plus what `options` say. */
export function requestFor(path: string, options: Partial<LoadRequest> = {}): LoadRequest {
  return { path, columns: ["close"], overrides: {}, maxMissing: 0, keepLines: false, ...options };
}

/** Loads a file that holds `content`. */
export function loadText(
  content: string | Uint8Array,
  options: Partial<LoadRequest> = {},
): Promise<LoadedBars> {
  return withDataFile(content, (path) => loadBars(requestFor(path, options)));
}

/** Text as UTF-8; bytes as they are. */
export function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}
