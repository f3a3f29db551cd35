/**
 * What this process could do with files and folders, found out without
 * changing any.
 *
 * @module
 */

import { accessSync, constants } from "node:fs";
import { dirname, join } from "node:path";
import { reasonOf as systemReason } from "../system_error.ts";

/** Why a folder cannot be written to; null if it can, undefined if that cannot be told. */
export async function whyUnwritable(folder: string): Promise<string | null | undefined> {
  const missing = join(folder, `.sigrun-doctor-${crypto.randomUUID()}`);
  try {
    // There is no such file. A file system that is read-only says so before it looks.
    await Deno.rename(missing, `${missing}-2`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) return reasonOf(error);
  }
  try {
    // Not its promise, whose failure for want of a permission cannot be caught.
    accessSync(folder, constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    // Node's access goes by user id, which needs a permission of Deno's.
    return error instanceof Deno.errors.NotCapable ? undefined : "permission denied";
  }
}

/** Why a file cannot be written to; null if it can. */
export async function whyFileUnwritable(path: string): Promise<string | null> {
  try {
    using _file = await Deno.open(path, { read: true, write: true });
    return null;
  } catch (error) {
    return reasonOf(error);
  }
}

/**
 * Whether a lock on this file or folder keeps another one out, as runs rely
 * on; a string says why it cannot be locked at all. It is held for a moment,
 * and in a way that keeps no run out.
 */
export async function locksExclude(path: string): Promise<boolean | string> {
  try {
    using first = await Deno.open(path);
    using second = await Deno.open(path);
    if (!await first.tryLock(false)) return true;
    return !await second.tryLock(true);
  } catch (error) {
    return reasonOf(error);
  }
}

/** The path itself, or the nearest folder above it that exists. */
export async function nearestExisting(path: string): Promise<string> {
  const found = await Deno.stat(path).catch(() => undefined);
  const above = dirname(path);
  return found !== undefined || above === path ? path : await nearestExisting(above);
}

/** The words of an error, without the path and the codes that it may carry. */
export function reasonOf(error: unknown): string {
  const message = systemReason(error).replace(/^SQLITE_\w+: /, "");
  return `${message.slice(0, 1).toLowerCase()}${message.slice(1)}`;
}
