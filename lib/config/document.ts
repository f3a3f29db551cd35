/**
 * A config file as written: its keys and values, and where each stands.
 *
 * @module
 */

import { basename } from "node:path";
import { EXIT_FAILED, EXIT_USAGE, UserError } from "../errors.ts";
import { isImported, runDirectoryAround } from "../imported.ts";
import { printable, quote } from "../quote.ts";
import { runSuffix } from "../run_id.ts";
import { UnclearKey, type WrittenTexts, yamlValues } from "./yaml_values.ts";
import { hintFor, reasonOf, systemCode } from "../system_error.ts";

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
  /** How its numbers and truth values are written, where that is not the usual way. */
  readonly written: WrittenTexts;
  /** Whether it lies in a run directory, in which paths relative to it lead to no code. */
  readonly isOfRun?: boolean;
  /** Why its words are somebody else's, if they are: code that it names has to be trusted. */
  readonly foreign?: string | undefined;
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
  const lines = keyLines(text);
  const positionOf = (key: readonly string[]): Position | undefined => locate(lines, key);
  return { path, ...parseValues(text, path), ...await originOf(path), positionOf };
}

/** Whether a config is that of a run, and of one that was imported. */
async function originOf(path: string): Promise<Pick<ConfigDocument, "isOfRun" | "foreign">> {
  const directory = runDirectoryAround(path) ?? runDirectoryAround(await Deno.realPath(path));
  if (directory === undefined) return {};
  const isForeign = await isImported(directory);
  const foreign = `run ${runSuffix(basename(directory))}, whose config names it, was imported`;
  return { isOfRun: true, ...(isForeign ? { foreign } : {}) };
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
    if (cause instanceof Deno.errors.PermissionDenied) {
      throw unreadable(`Cannot read the config ${path}: permission denied`, {
        hint: "Change its permissions, or name another file: --config FILE.",
        cause,
      });
    }
    // What the machine lacks is no mistake in the config.
    const isMistake = !["EMFILE", "ENFILE", "EIO", "ENOMEM"].includes(systemCode(cause) ?? "");
    throw unreadable(`Cannot read the config ${path}: ${reasonOf(cause)}`, {
      hint: hintFor(cause, "Name another file: --config FILE."),
      exitCode: isMistake ? EXIT_USAGE : EXIT_FAILED,
      cause,
    });
  }
}

function parseValues(text: string, path: string): Pick<ConfigDocument, "values" | "written"> {
  try {
    const { value, written } = yamlValues(text, (value) => refuseOthers(value, path));
    return { values: value as Record<string, unknown>, written };
  } catch (cause) {
    throw cause instanceof UserError ? cause : malformed(cause, { text, path });
  }
}

/** Refuses all values but keys with values, as many as a config may have. */
function refuseOthers(values: unknown, path: string): void {
  if (values === null || values === undefined) {
    throw invalid(`Cannot use the config ${path}: it is empty`, { hint: EXAMPLE });
  }
  if (typeof values !== "object" || Array.isArray(values)) {
    throw invalid(`Cannot use the config ${path}: expected lines of key: value`, { hint: EXAMPLE });
  }
  refuseBombs(values, path);
}

/** Aliases make a small file large when they are followed, or endless. */
function refuseBombs(values: object, path: string): void {
  let count = 0;
  const pending: unknown[] = [values];
  while (pending.length > 0) {
    const value = pending.pop();
    if (++count > MAX_VALUES) {
      throw invalid(
        `Cannot use the config ${path}: it has more than ${MAX_VALUES} values, ` +
          "counting again those that an alias repeats",
        { hint: EXAMPLE },
      );
    }
    if (typeof value !== "object" || value === null) continue;
    for (const inner of Object.values(value)) pending.push(inner);
  }
}

/** The parser's words, on one line, with the place in front. */
function malformed(
  cause: unknown,
  { text, path }: { readonly text: string; readonly path: string },
): UserError {
  if (cause instanceof RangeError) {
    return invalid(`Cannot use the config ${path}: it is nested too deeply`, {
      hint: EXAMPLE,
      cause,
    });
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  if (cause instanceof UnclearKey) {
    return invalid(`Cannot use the config ${path}: the key ${quote(message)} is no text`, {
      hint: "Put a key that looks like a number or a truth value in quotes.",
      cause,
    });
  }
  const place = / at line (\d+), column (\d+)/.exec(message);
  const reason = (place === null ? message : message.slice(0, place.index)).split("\n")[0]!;
  const where = place === null ? path : `${path}:${place[1]}:${place[2]}`;
  if (/duplicated key/.test(reason)) {
    const key = keyLines(text).find(({ line }) => line === Number(place?.[1]))?.key;
    return invalid(
      `Cannot use the config ${where}: ${key === undefined ? "a key" : quote(key)} is there twice`,
      { hint: "A key may stand only once: remove one of the two lines.", cause },
    );
  }
  const value = quoted(text.split(/\r\n|\r|\n/)[Number(place?.[1] ?? 0) - 1] ?? "");
  return invalid(`Cannot read the config ${where}: it is not YAML: ${printable(reason)}`, {
    hint: "Each line is a key, a colon, a space and a value" +
      (value === undefined
        ? ", for example: window: 5"
        : "; one that begins so, in quotes: " + value),
    cause,
  });
}

/** A value, in quotes, that begins with a character that means something else in YAML. */
function quoted(line: string): string | undefined {
  const [, text] = /^\s*(?:- +|[\w.]+: +)(-|[*&!@%`][^']*?)\s*$/.exec(line) ?? [];
  return text === undefined ? undefined : quote(text);
}

/** A line that begins with a key. */
interface KeyLine extends Position {
  /** The key, without its quotes. */
  readonly key: string;
}

// A key in double quotes, in single quotes, or of plain words. No two parts match the same
// text, so that a long line takes no longer than reading it.
const KEY_LINE = /^(\s*)(?:"([^"]*)"|'([^']*)'|([^\s"'#:][^\s:]*(?:[ \t]+[^\s:]+)*))\s*:(?:\s|$)/;

/** The lines that begin with a key; configs are written one key to a line. */
function keyLines(text: string): readonly KeyLine[] {
  return text.split(/\r\n|\r|\n/).flatMap((content, index) => {
    const found = KEY_LINE.exec(content);
    if (found === null) return [];
    const [, indent = "", ...spellings] = found;
    const key = spellings.find((spelling) => spelling !== undefined)!;
    return [{ key, line: index + 1, column: indent.length + 1 }];
  });
}

/** The place of a key, or of the innermost key around it that stands on a line of its own. */
function locate(lines: readonly KeyLine[], key: readonly string[]): Position | undefined {
  let found: KeyLine | undefined;
  for (const [depth, name] of key.entries()) {
    const after = found?.line ?? 0;
    const inner = lines.find((line) =>
      line.key === name && line.line > after && (line.column > 1) === (depth > 0)
    );
    if (inner === undefined) break;
    found = inner;
  }
  return found === undefined ? undefined : { line: found.line, column: found.column };
}

function unreadable(
  message: string,
  options: { readonly hint?: string; readonly exitCode?: number; readonly cause?: unknown },
): UserError {
  return new UserError(message, { code: "config_unreadable", exitCode: EXIT_USAGE, ...options });
}

function invalid(
  message: string,
  options: { readonly hint?: string; readonly cause?: unknown },
): UserError {
  return new UserError(message, { code: "config_invalid", exitCode: EXIT_USAGE, ...options });
}
