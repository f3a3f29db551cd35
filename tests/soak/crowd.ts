/**
 * Processes that run, list, tag, delete, restore and collect garbage at once,
 * and a ledger of what they were told, to hold against what is stored then.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { RunRecord } from "../../lib/record.ts";
import { isIntact, wrongOf } from "../verify/audited.ts";
import { registryLocation } from "../../lib/registry/location.ts";
import { Mirror } from "../../lib/registry/mirror.ts";
import { verify } from "../../lib/verify/verify.ts";
import { sigrun } from "../run/sigrun_process.ts";
import { DATA, withWorkspace, type Workspace } from "../run/workspace.ts";

/** What the processes of a kind did. */
export interface Tally {
  /** How many there were. */
  readonly count: number;
  /** How long the slowest one took, in milliseconds. */
  readonly slowestMs: number;
}

/** What a crowd did, and what was left. */
export interface CrowdReport {
  /** By command. */
  readonly commands: Readonly<Record<string, Tally>>;
  /** Runs that were made. */
  readonly made: number;
  /** Runs that were removed for good. */
  readonly collected: number;
  /** Tags and notes that were given. */
  readonly labels: number;
}

/** A run that was made, and what it was told. */
interface Told {
  readonly id: string;
  readonly tags: string[];
  note: string | null;
  /** Whether it was deleted: from then on it may be gone. */
  isDeleted: boolean;
}

/** What each process of a crowd works on. */
class Crowd {
  readonly workspace: Workspace;
  readonly until: number;
  readonly kept: Told[] = [];
  readonly spare: Told[] = [];
  readonly commands: Record<string, { count: number; slowestMs: number }> = {};
  collected = 0;
  #number = 0;

  constructor(workspace: Workspace, until: number) {
    this.workspace = workspace;
    this.until = until;
  }

  get isOver(): boolean {
    return performance.now() > this.until;
  }

  /** A number that is new each time. */
  next(): number {
    return this.#number++;
  }

  /** Calls a command as a process of its own; it has to succeed, or fail with one of these statuses. */
  async call(
    words: readonly string[],
    allowed: readonly number[] = [0],
  ): Promise<{ readonly code: number; readonly out: string }> {
    const began = performance.now();
    const { code, signal, out, err } = await sigrun(words, { cwd: this.workspace.dir });
    const tally = this.commands[words.slice(0, words[0] === "run" ? 1 : 2).join(":")] ??= {
      count: 0,
      slowestMs: 0,
    };
    tally.count++;
    tally.slowestMs = Math.max(tally.slowestMs, performance.now() - began);
    assert(allowed.includes(code), `${words.join(" ")}: ${signal ?? code} ${err}`);
    return { code, out };
  }
}

/** What a process does again and again. */
type Worker = (crowd: Crowd) => Promise<void>;

/** Makes a run, on one of a few data files. */
async function make(crowd: Crowd, name: "kept" | "spare"): Promise<void> {
  const number = crowd.next();
  const data = `${name}${number % 3}.csv`;
  const { out } = await crowd.call(["run", "--json", "--name", name, "--data", data]);
  crowd[name].push({ id: JSON.parse(out).run_id, tags: [], note: null, isDeleted: false });
}

/** One of the runs that stay, or undefined as long as there are none. */
function any(crowd: Crowd): Told | undefined {
  return crowd.kept[crowd.next() % Math.max(1, crowd.kept.length)];
}

const makeKept: Worker = (crowd) => make(crowd, "kept");
const makeSpare: Worker = (crowd) => make(crowd, "spare");

/** Gives tags: most of them to one run, as others do at the same time. */
const tag: Worker = async (crowd) => {
  const told = crowd.next() % 3 === 0 ? any(crowd) : crowd.kept[0];
  if (told === undefined) return;
  const tag = `tag ${crowd.next()}`;
  await crowd.call(["runs", "tag", told.id, tag]);
  told.tags.push(tag);
};

const note: Worker = async (crowd) => {
  const told = any(crowd);
  if (told === undefined) return;
  const text = `note ${crowd.next()}`;
  await crowd.call(["runs", "note", told.id, text]);
  told.note = text;
};

/** Lists runs, and now and then is a second one to collect garbage. */
const list: Worker = async (crowd) => {
  const { out } = await crowd.call(["runs", "list", "--json", "--all"]);
  const ids = JSON.parse(out).runs.map(({ id }: RunRecord) => id);
  assertEquals(new Set(ids).size, ids.length);
  if (crowd.next() % 3 === 0) await collect(crowd);
};

/** Deletes a run, and restores every other one unless it is gone. */
const remove: Worker = async (crowd) => {
  const told = crowd.spare.find(({ isDeleted }) => !isDeleted);
  if (told === undefined) return await makeSpare(crowd);
  told.isDeleted = true;
  await crowd.call(["runs", "delete", told.id, "--yes"]);
  if (crowd.next() % 2 === 0) return;
  // What is collected already is not found.
  const { code } = await crowd.call(["runs", "restore", told.id], [0, 2]);
  if (code === 0) {
    crowd.kept.push(told);
    crowd.spare.splice(crowd.spare.indexOf(told), 1);
    told.isDeleted = false;
  }
};

const collect: Worker = async (crowd) => {
  const { out } = await crowd.call(["runs", "gc", "--yes", "--json"]);
  const report = JSON.parse(out);
  crowd.collected += report.runs.length;
  assertEquals(report.left_alone.running, 0);
};

/** Eight of them. */
const WORKERS: readonly Worker[] = [makeKept, makeSpare, list, tag, tag, note, remove, collect];

/**
 * Lets eight processes do as they like for a while, and checks that nothing
 * was lost and nobody locked out.
 *
 * @throws if anything was lost, is not in order, or failed
 */
export function crowd({ seconds }: { readonly seconds: number }): Promise<CrowdReport> {
  return withWorkspace(async (workspace) => {
    for (const name of ["kept", "spare"]) {
      for (const [at, close] of ["13", "14", "15"].entries()) {
        const text = DATA.replace("13", `${close}${name === "kept" ? "" : ".5"}`);
        await workspace.write(`${name}${at}.csv`, text);
      }
    }
    const crowd = new Crowd(workspace, performance.now() + seconds * 1000);
    await makeKept(crowd);
    await makeSpare(crowd);
    // All of them come to their end, as the folder is removed after that.
    const ended = await Promise.allSettled(WORKERS.map(async (work) => {
      do await work(crowd); while (!crowd.isOver);
    }));
    for (const end of ended) if (end.status === "rejected") throw end.reason;
    await assertSound(crowd);
    await collect(crowd);
    await assertSound(crowd);
    await assertClear(crowd);
    const labels = crowd.kept.flatMap(({ tags, note }) => note === null ? tags : [...tags, note]);
    const made = crowd.commands.run!.count;
    return { commands: crowd.commands, made, collected: crowd.collected, labels: labels.length };
  });
}

/** All is as it was told, without a repair. */
async function assertSound({ workspace, kept, spare }: Crowd): Promise<void> {
  const { path } = workspace;
  const mirror = await Mirror.open();
  try {
    const location = registryLocation(path("runs/registry.db"), "/");
    const runsDir = path("runs");
    const report = await verify({ runsDir, location, hostname: "test", references: [], mirror });
    assert(isIntact(report), wrongOf(report).join("\n"));
  } finally {
    mirror.close();
  }
  const stored = new Map((await workspace.runs()).map((run) => [run.id, run]));
  for (const { id, tags, note } of kept) {
    const run = stored.get(id);
    assert(run !== undefined, `run ${id} is gone`);
    assertEquals([run.status, run.deleted_at, run.note], ["finished", null, note], id);
    assertEquals(run.tags, tags.toSorted(), id);
    assert(Deno.lstatSync(path(`runs/data/${run.hashes.data!.slice(7)}`)).isFile, id);
  }
  for (const { id, isDeleted } of spare) {
    const run = stored.get(id);
    assert(isDeleted ? run?.deleted_at !== null : run?.deleted_at === null, id);
    if (run === undefined) continue;
    assert(Deno.lstatSync(path(`runs/data/${run.hashes.data!.slice(7)}`)).isFile, id);
  }
}

/** There is nothing but what was not deleted, and its data. */
async function assertClear({ workspace }: Crowd): Promise<void> {
  const names = (folder: string): readonly string[] =>
    [...Deno.readDirSync(workspace.path(folder))].map(({ name }) => name).sort();
  const runs = await workspace.runs();
  assertEquals(names("runs/.trash"), []);
  const ids = runs.map(({ id }) => id);
  assertEquals(names("runs"), [...ids, ".trash", "data", "registry.db"].sort());
  const hashes = new Set(runs.map(({ hashes }) => hashes.data!.slice(7)));
  assertEquals(names("runs/data"), [...hashes].sort());
}
