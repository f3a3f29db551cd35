/**
 * Where a path leads once all links on it are followed.
 *
 * @module
 */

import { basename, dirname, join, resolve } from "node:path";

/** The most links that are followed one after the other. */
const MOST_LINKS = 40;

/** Where symbolic links lead to, whether there is something or not; the path itself in a circle of links. */
export async function linkedPath(path: string): Promise<string> {
  return await followed(path, MOST_LINKS);
}

async function followed(path: string, left: number): Promise<string> {
  try {
    return await Deno.realPath(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound) || left === 0 || dirname(path) === path) {
      return path;
    }
    const folder = await followed(dirname(path), left);
    const link = await Deno.readLink(path).catch(() => undefined);
    return link === undefined
      ? join(folder, basename(path))
      : await followed(resolve(folder, link), left - 1);
  }
}
