/**
 * Where a registry is.
 *
 * @module
 */

import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { usageError } from "../errors.ts";
import { quote } from "../quote.ts";

/** A local registry: a SQLite file. */
export interface RegistryLocation {
  /** Absolute path of the file. */
  readonly path: string;
  /** The same as a URL, with `%`, `#`, `?` and spaces escaped. */
  readonly url: string;
}

/**
 * The registry named by `file:PATH`, a `file://` URL or a plain path; relative
 * paths are relative to `cwd`.
 *
 * @throws {UserError} on another kind of URL
 */
export function registryLocation(text: string, cwd: string): RegistryLocation {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== "file") {
    throw usageError(
      `Cannot use the registry ${quote(text)}: ${scheme} registries are not supported`,
      "Use a file: --registry file:runs/registry.db",
    );
  }
  const path = resolve(cwd, pathOf(text));
  return { path, url: pathToFileURL(path).href };
}

function pathOf(text: string): string {
  if (!/^file:/i.test(text)) return text;
  const rest = text.slice("file:".length);
  if (!rest.startsWith("//")) return rest;
  try {
    return fileURLToPath(text);
  } catch (cause) {
    throw usageError(
      `Cannot use the registry ${quote(text)}: ${cause instanceof Error ? cause.message : cause}`,
      "Use a file: --registry file:runs/registry.db",
    );
  }
}
