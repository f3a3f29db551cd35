/**
 * Commands that change what is stored, killed at one system call after the
 * other, and what is left then.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { Mirror } from "../../lib/registry/mirror.ts";
import { createClient } from "@libsql/client/sqlite3";
import { listRuns } from "../../lib/registry/list_runs.ts";
import { localRegistry, registryLocation } from "../../lib/registry/location.ts";
import type { RunRecord } from "../../lib/record.ts";
import { verifyAndRepair } from "../../lib/verify/repair.ts";
import { verify } from "../../lib/verify/verify.ts";
import { isIntact } from "../../lib/verify/verify_report.ts";
import { snapshotOf } from "../hostile/folder_snapshot.ts";
import { withRegistryAt } from "../registry/temp_registry.ts";
import { sigrun } from "../run/sigrun_process.ts";
import { DATA, withWorkspace, type Workspace } from "../run/workspace.ts";
import { wrongOf } from "../verify/audited.ts";

/** The system calls that change files. */
export const SYSTEM_CALLS = [
  "mkdir",
  "rename",
  "unlink",
  "unlinkat",
  "fsync",
  "fdatasync",
  "ftruncate",
  "pwrite64",
  "write",
] as const;

/** One of {@linkcode SYSTEM_CALLS}. */
export type SystemCall = typeof SYSTEM_CALLS[number];

/** Two runs: one that stays, and one on other data that something happens to. */
interface Runs {
  readonly kept: RunRecord;
  readonly other: RunRecord;
}

/** A command to kill. */
export interface KilledCommand {
  /** Its words; the last letters of the other run's id are written as `REF`. */
  readonly words: readonly string[];
  /** Words of commands that come before it, and are not killed. */
  readonly before?: readonly (readonly string[])[];
  /** What else is done before it. */
  readonly prepare?: (
    runs: { readonly runsDir: string; readonly other: RunRecord },
  ) => Promise<void>;
  /** Whether it is given a copy of the folder of runs, beside which the original must stay as it is. */
  readonly inCopy?: boolean;
  /** What has to hold of the other run when it was killed and all was repaired: undefined if it is gone. */
  readonly check: (run: RunRecord | undefined) => void;
  /** What has to hold when it came to its end. */
  readonly end: (run: RunRecord | undefined) => void;
}

/** The commands, by what they are called. */
export const KILLED: Readonly<Record<string, KilledCommand>> = {
  "runs:tag": {
    words: ["runs", "tag", "REF", "x", "y"],
    check: (run) => assert(["", "x,y"].includes(run!.tags.join())),
    end: (run) => assertEquals(run!.tags, ["x", "y"]),
  },
  "runs:delete": {
    words: ["runs", "delete", "REF", "--yes"],
    check: (run) => assert(run !== undefined),
    end: (run) => assert(run!.deleted_at !== null),
  },
  "runs:restore": {
    before: [["runs", "delete", "REF", "--yes"]],
    words: ["runs", "restore", "REF"],
    check: (run) => assert(run !== undefined),
    end: (run) => assertEquals(run!.deleted_at, null),
  },
  "runs:gc": {
    before: [["runs", "delete", "REF", "--yes"]],
    words: ["runs", "gc", "--yes"],
    check: (run) => assert(run === undefined || run.deleted_at !== null),
    end: (run) => assertEquals(run, undefined),
  },
  "runs:import": {
    before: [
      ["runs", "export", "REF", "--with-data", "--output", "other.tar.gz"],
      ["runs", "delete", "REF", "--yes"],
      ["runs", "gc", "--yes"],
    ],
    words: ["runs", "import", "other.tar.gz"],
    // There as a whole, which is looked at for every command, or not at all.
    check: (run) => assertEquals(run?.deleted_at ?? null, null),
    end: (run) => assertEquals([run!.name, run!.deleted_at], ["other", null]),
  },
  "runs:sync": {
    prepare: async ({ runsDir, other }) => {
      const { url } = localRegistry(`${runsDir}/registry.db`);
      const client = createClient({ url, concurrency: 1 });
      await client.execute("PRAGMA foreign_keys = ON");
      await client.execute({ sql: "DELETE FROM runs WHERE id = ?", args: [other.id] });
      client.close();
    },
    words: ["runs", "sync"],
    check: (run) => assert(run !== undefined),
    end: (run) => assertEquals([run!.name, run!.status], ["other", "finished"]),
  },
  "runs:verify --repair": {
    prepare: async ({ runsDir }) => await Deno.remove(`${runsDir}/registry.db`),
    words: ["runs", "verify", "--repair"],
    check: (run) => assert(run !== undefined),
    end: (run) => assertEquals([run!.name, run!.status], ["other", "finished"]),
  },
  "runs:gc in a copy": {
    before: [["runs", "delete", "REF", "--yes"]],
    words: ["runs", "gc", "--yes"],
    inCopy: true,
    check: (run) => assert(run === undefined || run.deleted_at !== null),
    end: (run) => assertEquals(run, undefined),
  },
  "runs:delete in a copy": {
    words: ["runs", "delete", "REF", "--yes"],
    inCopy: true,
    check: (run) => assert(run !== undefined),
    end: (run) => assert(run!.deleted_at !== null),
  },
};

/** Whether processes can be traced here, and so be killed at a system call. */
export async function canTrace(): Promise<boolean> {
  try {
    const { success } = await new Deno.Command("strace", {
      args: ["-f", "-qq", "-o", "/dev/null", "-e", "inject=unlink:signal=SIGKILL:when=1", "true"],
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch {
    return false;
  }
}

/**
 * Kills a command at its first, second, … system call of a kind in any of its
 * threads, as `next` counts, until it comes to its end; each time all is
 * checked. The result is how many times it was killed.
 *
 * @throws if anything was lost, or is not in order after a repair
 */
export async function killAtEach(
  command: KilledCommand,
  { call, next }: {
    readonly call: SystemCall;
    /** The number of the call after that one. */
    readonly next: (number: number) => number;
  },
): Promise<number> {
  return await withWorkspace(async (workspace) => {
    const runs = await prepared(workspace, command);
    const original = await snapshotOf(workspace.path("runs"));
    let kills = 0;
    for (let number = 1;; number = next(number)) {
      await reset(workspace, command);
      const isKilled = await killedAt(command, { workspace, runs, call, number });
      await assertNothingLost(workspace, { runs, command, isKilled });
      if (command.inCopy === true) {
        assertEquals(await snapshotOf(workspace.path("runs")), original);
      }
      if (!isKilled) return kills;
      kills++;
    }
  });
}

function wordsFor(words: readonly string[], { other }: Runs): readonly string[] {
  return words.map((word) => word === "REF" ? other.id.slice(-6) : word);
}

/** Makes the runs, and a copy of all that is stored. */
async function prepared(
  workspace: Workspace,
  { before = [], prepare }: KilledCommand,
): Promise<Runs> {
  const { run: kept } = await workspace.run({ name: "kept", tags: ["a"] });
  const data = await workspace.write("other.csv", DATA.replace("13", "14"));
  const { run: other } = await workspace.run({ data: [data], name: "other" });
  for (const words of before) {
    const { code, err } = await sigrun(wordsFor(words, { kept, other }), { cwd: workspace.dir });
    assertEquals(code, 0, err);
  }
  await prepare?.({ runsDir: workspace.path("runs"), other });
  await copy(workspace.path("runs"), workspace.path("runs.before"));
  return { kept, other };
}

async function reset({ path }: Workspace, command: KilledCommand): Promise<void> {
  const folder = path(folderOf(command));
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await copy(path("runs.before"), folder);
}

/** The name of the folder of runs that a command is given. */
function folderOf({ inCopy = false }: KilledCommand): string {
  return inCopy ? "copy" : "runs";
}

function commandWords(command: KilledCommand, runs: Runs): readonly string[] {
  const words = wordsFor(command.words, runs);
  return command.inCopy === true ? [...words, "--runs-dir", "copy"] : words;
}

async function copy(from: string, to: string): Promise<void> {
  const { success } = await new Deno.Command("cp", { args: ["-a", from, to] }).output();
  assert(success);
}

/** Whether the command was killed before it came to its end. */
async function killedAt(
  command: KilledCommand,
  { workspace, runs, call, number }: {
    readonly workspace: Workspace;
    readonly runs: Runs;
    readonly call: SystemCall;
    readonly number: number;
  },
): Promise<boolean> {
  const inject = `inject=${call}:signal=SIGKILL:when=${number}`;
  const { code, signal, err } = await sigrun(commandWords(command, runs), {
    cwd: workspace.dir,
    under: ["strace", "-f", "-qq", "--seccomp-bpf", "-o", "/dev/null", "-e", inject],
  });
  if (signal === "SIGKILL" || code === 137) return true;
  assertEquals(code, 0, err);
  return false;
}

async function assertNothingLost(
  workspace: Workspace,
  { runs, command, isKilled }: {
    readonly runs: Runs;
    readonly command: KilledCommand;
    readonly isKilled: boolean;
  },
): Promise<void> {
  const folder = folderOf(command);
  const audited = await audit(workspace, folder);
  // What came to its end needs no repair.
  if (!isKilled) assertEquals(audited.repaired, []);
  const find = async (id: string): Promise<RunRecord | undefined> =>
    (await runsIn(workspace, folder)).find((run) => run.id === id);
  const place = { workspace, folder };
  const other = await find(runs.other.id);
  (isKilled ? command.check : command.end)(other);
  assertStored(place, runs.kept);
  assertEquals(await find(runs.kept.id), runs.kept);
  if (other !== undefined) assertStored(place, other);
  if (!isKilled) return;
  // The next one finishes what this one began.
  const again = await sigrun(commandWords(command, runs), { cwd: workspace.dir });
  const needsRun = !["gc", "import", "sync", "verify"].includes(command.words[1]!);
  assertEquals(again.code, other === undefined && needsRun ? 2 : 0, again.err);
  assertTidy(place);
  assertEquals((await audit(workspace, folder)).repaired, []);
  const end = await find(runs.other.id);
  command.end(end);
  if (end === undefined) assertGone(place, runs.other);
  assertEquals(await find(runs.kept.id), runs.kept);
}

async function runsIn({ path }: Workspace, folder: string): Promise<readonly RunRecord[]> {
  return await withRegistryAt(
    path(`${folder}/registry.db`),
    async (registry) => (await listRuns(registry, { deleted: "included" })).runs,
  );
}

/** A folder of runs in a workspace. */
interface Place {
  readonly workspace: Workspace;
  readonly folder: string;
}

/** Audits what is stored, and repairs it if need be: then nothing may be wrong. */
async function audit(
  { path }: Workspace,
  folder: string,
): Promise<{ readonly repaired: readonly string[] }> {
  const mirror = await Mirror.open();
  try {
    const location = registryLocation(path(`${folder}/registry.db`), "/");
    const runsDir = path(folder);
    const request = { runsDir, location, hostname: "test", references: [], mirror };
    const report = await verify(request);
    if (isIntact(report)) return { repaired: [] };
    assertEquals(wrongOf(await verifyAndRepair(request)), []);
    return { repaired: wrongOf(report) };
  } finally {
    mirror.close();
  }
}

/** The directory and the data of a run are there. */
function assertStored({ workspace: { path }, folder }: Place, { id, hashes }: RunRecord): void {
  assert(Deno.lstatSync(path(`${folder}/${id}`)).isDirectory);
  assert(Deno.lstatSync(path(`${folder}/data/${hashes.data!.slice(7)}`)).isFile);
}

/** No import has left a folder behind, and no copy of data was cut short. */
function assertTidy({ workspace: { path }, folder }: Place): void {
  const names = [path(folder), path(`${folder}/data`)].flatMap((folder) =>
    [...Deno.readDirSync(folder)].map(({ name }) => name)
  );
  assertEquals(names.filter((name) => /^\.import-|^[^.].*\.tmp$/.test(name)), []);
}

/** Nothing of a run is there, in no place. */
function assertGone({ workspace: { path }, folder }: Place, { id, hashes }: RunRecord): void {
  const names = ["", "/data", "/.trash"].flatMap((inner) =>
    [...Deno.readDirSync(path(folder + inner))].map(({ name }) => name)
  );
  assert(!names.includes(id), "its directory is there");
  assert(!names.includes(hashes.data!.slice(7)), "its data is there");
}
