/**
 * Where a registry is.
 *
 * @module
 */

import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { usageError } from "../errors.ts";
import { quote } from "../quote.ts";
import { SecretToken } from "./secret_token.ts";

/** Where a registry is: in a file of this machine, or on a server. */
export type RegistryLocation = LocalRegistry | RemoteRegistry;

/** A registry in a SQLite file. */
export interface LocalRegistry {
  /** Tells it from one on a server. */
  readonly kind: "local";
  /** Absolute path of the file. */
  readonly path: string;
  /** The same as a URL, with `%`, `#`, `?` and spaces escaped. */
  readonly url: string;
  /** How long another process is waited for that holds it, in milliseconds; default 20 s. */
  readonly timeoutMs?: number;
}

/** A registry on a libsql server. */
export interface RemoteRegistry {
  /** Tells it from one in a file. */
  readonly kind: "remote";
  /** `http://`, `https://` or `libsql://`, without anything secret. */
  readonly url: string;
  /** What the server asks for, if it does. */
  readonly token: SecretToken | null;
  /** How long an answer of the server is waited for, in milliseconds. */
  readonly timeoutMs: number;
}

/** How long an answer of a server is waited for, in milliseconds, unless a location says otherwise. */
export const SERVER_TIMEOUT_MS = 10_000;

/** The kinds of URL of a libsql server. */
const SERVER_SCHEMES = ["http", "https", "libsql"];

const FORMS = "Use a file, as in --registry file:runs/registry.db, " +
  "or a libsql server: http://HOST:PORT, https://HOST, libsql://HOST.";

/** The variable that holds the token of a server. */
export const TOKEN_VARIABLE = "SIGRUN_REGISTRY_TOKEN";

/**
 * The registry named by `file:PATH`, a `file://` URL or a plain path; relative
 * paths are relative to `cwd`. Or by the URL of a libsql server.
 *
 * @throws {UserError} on another kind of URL, and on one with something secret in it
 */
export function registryLocation(
  text: string,
  cwd: string,
  { token }: {
    /** What the server asks for; called if there is a server. */
    readonly token?: (() => string | undefined) | undefined;
  } = {},
): RegistryLocation {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined || scheme === "file") return localRegistry(resolve(cwd, pathOf(text)));
  if (SERVER_SCHEMES.includes(scheme)) {
    const url = serverUrl(text, scheme);
    const secret = token?.();
    return {
      kind: "remote",
      url,
      token: secret === undefined ? null : new SecretToken(secret),
      timeoutMs: SERVER_TIMEOUT_MS,
    };
  }
  throw usageError(
    `Cannot use the registry: ${scheme} registries are not supported`,
    FORMS,
  );
}

/** The registry in a file, by its absolute path. */
export function localRegistry(path: string): LocalRegistry {
  return { kind: "local", path, url: pathToFileURL(path).href };
}

/** A registry as messages name it: its path, or its URL. */
export function registryName(location: RegistryLocation): string {
  return location.kind === "local" ? location.path : location.url;
}

/** The URL of a server as it is used and shown. What is refused is not repeated: it may be secret. */
function serverUrl(text: string, scheme: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw usageError(`Cannot use the registry: its ${scheme} URL is malformed`, FORMS);
  }
  if (url.hostname === "" || !/^\/\//.test(text.slice(scheme.length + 1))) {
    throw usageError(`Cannot use the registry: its ${scheme} URL names no host`, FORMS);
  }
  if (url.username !== "" || url.password !== "") {
    throw usageError(
      `Cannot use the registry on ${url.host}: its URL has a user or a password in it`,
      `Others would see it, in lists of processes and in logs: put a token in ${TOKEN_VARIABLE}.`,
    );
  }
  if (url.searchParams.has("authToken")) {
    throw usageError(
      `Cannot use the registry on ${url.host}: its URL has a token in it`,
      `Others would see it, in lists of processes and in logs: put it in ${TOKEN_VARIABLE}.`,
    );
  }
  const isPlain = url.search === "" || (scheme === "libsql" && /^\?tls=[01]$/.test(url.search));
  if (!isPlain || url.hash !== "") {
    throw usageError(
      `Cannot use the registry on ${url.host}: nothing may follow the path of its URL` +
        (scheme === "libsql" ? " but ?tls=0" : ""),
      FORMS,
    );
  }
  return `${scheme}://${url.host}${url.pathname.replace(/\/+$/, "")}${url.search}`;
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
      FORMS,
    );
  }
}
