/**
 * The native addon of libsql, loaded without Node's module loader and file
 * system: those take longer to start than libsql itself.
 *
 * @module
 */

import process from "node:process";
import { fileURLToPath } from "node:url";

/**
 * The functions of libsql's addon for this machine.
 *
 * @param libsql URL of the main module of libsql's package
 * @throws {Error} if there is no addon for this machine, or it cannot be loaded
 */
export function loadAddon(libsql: string = import.meta.resolve("libsql")): unknown {
  const name = `@libsql/${target()}`;
  try {
    return open(besideLibsql(libsql, name));
  } catch {
    // Where packages lie otherwise, Node's loader finds it, or says why not.
    return process.getBuiltinModule("node:module").createRequire(libsql)(name);
  }
}

/** What libsql calls this machine: `linux-x64-gnu`. */
function target(): string {
  const { os, arch, env } = Deno.build;
  const cpu = arch === "x86_64" ? "x64" : "arm64";
  if (os === "darwin") return `darwin-${cpu}`;
  return os === "windows" ? `win32-${cpu}-msvc` : `linux-${cpu}-${env ?? "gnu"}`;
}

/** Path of the addon: it lies beside libsql, in Deno's cache and in node_modules alike. */
function besideLibsql(libsql: string, name: string): string {
  const [, folder, version] = libsql.match(/^(.*)\/libsql\/(.*)index\.js$/) ?? [];
  return fileURLToPath(`${folder}/${name}/${version}index.node`);
}

function open(path: string): unknown {
  const module = { exports: {} };
  process.dlopen(module, path);
  return module.exports;
}
