/**
 * Numbers, times and hashes as people read them.
 *
 * @module
 */

import { relative } from "node:path";

/** A duration: `12.3 ms`, `4.56 s`, `2 min 3 s`. */
export function formatDuration(ms: number): string {
  // Up to where three digits round up to the next unit.
  if (ms < 999.5) return `${ms.toPrecision(3)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toPrecision(3)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** A share with six decimals. */
export function formatRate(rate: number): string {
  return rate.toFixed(6);
}

/** A number as short as it can be said exactly enough to tell runs apart. */
export function formatNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(7)));
}

/** An ISO time to the second, in UTC. */
export function formatTime(iso: string): string {
  return iso.slice(0, 19).replace("T", " ");
}

/** The first eight digits of a hash. */
export function shortHash(hash: string | null): string {
  return hash === null ? "" : hash.replace(/^sha256:/, "").slice(0, 8);
}

/** Any value of a parameter or an environment. */
export function formatValue(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return formatNumber(value);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** A path as short as it can be said: relative to `cwd` for what is below it. */
export function shortPath(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short === "" || short.startsWith("..") ? path : short;
}

/** A size: `8192 bytes`, `682 KiB`, `1.5 GiB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 10_240) return `${bytes} bytes`;
  const units = ["KiB", "MiB", "GiB", "TiB"];
  let size = bytes / 1024;
  let unit = 0;
  for (; size >= 1024 && unit < units.length - 1; unit++) size /= 1024;
  return `${Number(size.toPrecision(3))} ${units[unit]}`;
}
