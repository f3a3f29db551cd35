/**
 * A config file as written: its keys and values, and where each stands.
 *
 * @module
 */

import { parse } from "@std/yaml/parse";
import { EXIT_USAGE, UserError } from "../errors.ts";
import { printable } from "../quote.ts";

/** A config is a page; what is larger is another file. */
const MAX_CONFIG_BYTES = 1 << 20;
/** Values after aliases are followed; a config has a few dozen. */
const MAX_VALUES = 10_000;

const EXAMPLE = "The smallest config is three lines: version: v1, seed: 42, window: 5.";

/** A place in a file, from 1. */
export interface Position {
  /** Line. */
  readonly line: number;
  /** Column. */
  readonly column: number;
}

/** A parsed config file. */
export interface ConfigDocument {
  /** Its absolute path. */
  readonly path: string;
  /** Its keys and values. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Where a key stands, for example `["columns", "close"]`; undefined if that cannot be told. */
  positionOf(key: readonly string[]): Position | undefined;
}

/**
 * Reads a config file.
 *
 * @throws {UserError} if it cannot be read, is too large, is not YAML or is
 * not a list of keys and values
 */
export async function readConfigDocument(path: string): Promise<ConfigDocument> {
  const text = await readText(path);
  return { path, values: parseValues(text, path), positionOf: (key) => locate(text, key) };
}

async function readText(path: string): Promise<string> {
  const bytes = await readAtMost(path, MAX_CONFIG_BYTES + 1);
  if (bytes.length > MAX_CONFIG_BYTES) {
    throw unreadable(`Cannot read the config ${path}: it is larger than 1 MiB`, {
      hint: `Is it the data file? That one goes with --data. ${EXAMPLE}`,
    });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw unreadable(`Cannot read the config ${path}: it is not UTF-8 text`, {
      hint: EXAMPLE,
      cause,
    });
  }
}

/** Reads no more than `limit` bytes, whatever size the file says it has. */
async function readAtMost(path: string, limit: number): Promise<Uint8Array> {
  try {
    using file = await Deno.open(path);
    const buffer = new Uint8Array(limit);
    let filled = 0;
    while (filled < limit) {
      const read = await file.read(buffer.subarray(filled));
      if (read === null) break;
      filled += read;
    }
    return buffer.subarray(0, filled);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) {
      throw unreadable(`Cannot find the config ${path}`, {
        hint: `Name it with --config FILE. ${EXAMPLE}`,
        cause,
      });
    }
    if (cause instanceof Deno.errors.IsADirectory) {
      throw unreadable(`Cannot read the config ${path}: it is a directory`, {
        hint: "Name the file in it: --config FILE.",
        cause,
      });
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw unreadable(`Cannot read the config ${path}: ${reason}`, { cause });
  }
}

function parseValues(text: string, path: string): Record<string, unknown> {
  let values: unknown;
  try {
    // The core schema has no dates: version: 2024-01-01 is the text it looks like.
    values = parse(text, { schema: "core" });
  } catch (cause) {
    throw malformed(cause, path);
  }
  if (values === null || values === undefined) {
    throw invalid(`Cannot use the config ${path}: it is empty`, { hint: EXAMPLE });
  }
  if (typeof values !== "object" || Array.isArray(values)) {
    throw invalid(`Cannot use the config ${path}: expected lines of key: value`, { hint: EXAMPLE });
  }
  refuseBombs(values, path);
  return values as Record<string, unknown>;
}

/** Aliases make a small file large when they are followed. */
function refuseBombs(values: object, path: string): void {
  let count = 0;
  const pending: unknown[] = [values];
  while (pending.length > 0) {
    const value = pending.pop();
    if (++count > MAX_VALUES) {
      throw invalid(
        `Cannot use the config ${path}: its aliases expand to more than ${MAX_VALUES} values`,
        { hint: EXAMPLE },
      );
    }
    if (typeof value === "object" && value !== null) pending.push(...Object.values(value));
  }
}

/** The parser's words, on one line, with the place in front. */
function malformed(cause: unknown, path: string): UserError {
  if (cause instanceof RangeError) {
    return invalid(`Cannot use the config ${path}: it is nested too deeply`, {
      hint: EXAMPLE,
      cause,
    });
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  const place = / at line (\d+), column (\d+)/.exec(message);
  const reason = (place === null ? message : message.slice(0, place.index)).split("\n")[0]!;
  const where = place === null ? path : `${path}:${place[1]}:${place[2]}`;
  return invalid(`Cannot read the config ${where}: it is not YAML: ${printable(reason)}`, {
    hint: /duplicat/i.test(reason)
      ? "A key may stand only once: remove one of the two lines."
      : "Each line is a key, a colon, a space and a value, for example: window: 5",
    cause,
  });
}

/** Finds a key's line by its text; configs are flat, so that is enough. */
function locate(text: string, key: readonly string[]): Position | undefined {
  const lines = text.split(/\r\n|\r|\n/);
  let line = -1;
  let column = 1;
  for (const [depth, name] of key.entries()) {
    const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    const pattern = new RegExp(`^(\\ufeff?${depth === 0 ? "" : "\\s+"})(["']?)${escaped}\\2\\s*:`);
    const found = lines.findIndex((content, index) => index > line && pattern.test(content));
    if (found === -1) return line === -1 ? undefined : { line: line + 1, column };
    line = found;
    column = pattern.exec(lines[found]!)![1]!.length + 1;
  }
  return line === -1 ? undefined : { line: line + 1, column };
}

function unreadable(
  message: string,
  options: { readonly hint?: string; readonly cause?: unknown },
): UserError {
  return new UserError(message, { code: "config_unreadable", exitCode: EXIT_USAGE, ...options });
}

function invalid(
  message: string,
  options: { readonly hint?: string; readonly cause?: unknown },
): UserError {
  return new UserError(message, { code: "config_invalid", exitCode: EXIT_USAGE, ...options });
}
