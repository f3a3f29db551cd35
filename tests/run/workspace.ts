/**
 * A folder with a config and data, to run in.
 *
 * @module
 */

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { experiments } from "../../experiments/mod.ts";
import { parseOverride } from "../../lib/config/overrides.ts";
import type { Host } from "../../lib/host.ts";
import { registryLocation } from "../../lib/registry/location.ts";
import type { Registry } from "../../lib/registry/open.ts";
import { listRuns } from "../../lib/registry/list_runs.ts";
import type { RunRecord } from "../../lib/record.ts";
import { executeRun, type RunRequest } from "../../lib/run/execute.ts";
import type { RunOutcome } from "../../lib/run/publish.ts";
import { Session, type SessionRequest } from "../../lib/run/session.ts";
import { bytesOf } from "../bars/load_text.ts";
import { fakeHost, FakeTime } from "../fake_host.ts";
import { withRegistryAt } from "../registry/temp_registry.ts";
import { withTempDir } from "../temp_dir.ts";

/** The folder of main.ts. */
export const PROGRAM: string = fileURLToPath(new URL("../..", import.meta.url));

/** The config of a workspace; without an evaluation, which has tests of its own. */
export const CONFIG = "version: v1\nseed: 42\nwindow: 3\nevaluate: false\n";

/** The data of a workspace: at window 3, 2 ones in 3 valid bars. */
export const DATA =
  "time,close\n100000001,10.0\n100000002,11.00\n100000003,12\n100000004,11\n100000005,13\n";

/** What a run is given besides the workspace's config and data. */
export interface RunOptions
  extends Partial<Omit<RunRequest, "overrides">>, Partial<SessionRequest> {
  /** Values laid over the config: `window=4`. */
  readonly set?: readonly string[];
  /** What the machine does otherwise. */
  readonly machine?: Partial<Host>;
}

/** The folder. */
export interface Workspace {
  /** Its absolute path. */
  readonly dir: string;
  /** Absolute path of a file in it. */
  path(name: string): string;
  /** Writes a file into it, and the folders on the way; the result is its absolute path. */
  write(name: string, content: string | Uint8Array): Promise<string>;
  /** Executes a run in this process, as it would be on a machine with a clock that goes on. */
  run(options?: RunOptions): Promise<RunOutcome>;
  /** Calls `use` with the registry. */
  registry<T>(use: (registry: Registry) => Promise<T>): Promise<T>;
  /** All runs in the registry, deleted ones too, newest first. */
  runs(): Promise<readonly RunRecord[]>;
}

/** Calls `use` with a new workspace. */
export function withWorkspace<T>(use: (workspace: Workspace) => Promise<T>): Promise<T> {
  return withTempDir(async (dir) => {
    const workspace = workspaceIn(dir);
    await workspace.write("config.yaml", CONFIG);
    await workspace.write("data.csv", DATA);
    return await use(workspace);
  });
}

function workspaceIn(dir: string): Workspace {
  const path = (name: string): string => join(dir, name);
  const registryPath = path("runs/registry.db");
  const time = new FakeTime();
  return {
    dir,
    path,
    async write(name, content) {
      await Deno.mkdir(dirname(path(name)), { recursive: true });
      await Deno.writeFile(path(name), bytesOf(content));
      return path(name);
    },
    async run({ set = [], machine = {}, ...options } = {}) {
      const host = fakeHost({ args: [], cwd: dir, programRoot: PROGRAM, time });
      await using session = new Session({
        runsDir: path("runs"),
        registry: registryLocation(registryPath, dir),
        experiments,
        ...options,
      }, { ...host, ...machine });
      return await executeRun(session, {
        configPath: path("config.yaml"),
        overrides: set.map(parseOverride),
        name: null,
        tags: [],
        ...options,
      });
    },
    registry: (use) => withRegistryAt(registryPath, use),
    runs: () =>
      withRegistryAt(
        registryPath,
        async (registry) => (await listRuns(registry, { deleted: "included" })).runs,
      ),
  };
}
