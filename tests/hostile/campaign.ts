/**
 * Makes folders of runs hostile, case by case, and calls commands on each:
 * what comes out is right, or an error with exit status 1, 2 or 3; nothing
 * outside is touched, and nothing takes long.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { Random } from "../fuzz/random.ts";
import { DATA, withWorkspace, type Workspace } from "../cli/workspace.ts";
import { snapshotOf } from "./folder_snapshot.ts";
import { changeDirectory } from "./hostile_directory.ts";
import { changeRegistry } from "./hostile_registry.ts";

/** The longest that a command may take, in milliseconds. */
const MOST_MS = 10_000;

/** The most memory that a command may take besides what there was, in bytes. */
const MOST_BYTES = 300_000_000;

/** Commands, with `ID` for the id of a run. */
const COMMANDS: readonly (readonly string[])[] = [
  "runs:list",
  "runs:list --all --csv",
  "runs:list --json --sort commit",
  "runs:list --where window>1 --cols id,window,host,commit,tags",
  "runs:best --max ones",
  "runs:show latest",
  "runs:show ID --json",
  "runs:compare latest latest~1",
  "runs:diff latest latest~1",
  "runs:reproduce ID",
  "runs:tag ID x",
  "runs:name ID y",
  "runs:note ID said",
  "runs:delete ID --yes",
  "runs:delete latest --yes",
  "runs:restore ID",
  "runs:gc --yes",
  "runs:sync",
  "runs:verify",
  "runs:verify --repair",
  "runs:export --all --with-data --output all.tar.gz --force",
  "runs:import runs --runs-dir other",
  "runs:import all.tar.gz --runs-dir third --skip-damaged",
  "run",
  "run --if-new",
  "check:lookahead --run ID",
  "doctor",
  "__complete 2 runs:show l",
].map((words) => words.split(" "));

/** What was made hostile, and how. */
export interface HostileCase {
  /** Equal seeds and numbers give equal cases. */
  readonly seed: number;
  /** The number of the case. */
  readonly number: number;
}

/** Makes a folder of two runs to make copies of. */
export async function withRuns(
  use: (workspace: Workspace) => Promise<void>,
): Promise<void> {
  await withWorkspace(async (workspace) => {
    const { dir, call, write } = workspace;
    const { exit } = await call("run --name first --tag a");
    assertEquals(exit, 0);
    await write("other.csv", DATA.replace("13", "14"));
    await call("run --data other.csv --set evaluate=true --set signals=csv");
    await call("runs:note latest said");
    await Deno.mkdir(join(dir, "victim"));
    await Deno.writeTextFile(join(dir, "victim", "file"), "theirs");
    await Deno.rename(join(dir, "runs"), join(dir, "sound"));
    await use(workspace);
  });
}

/** Runs one case in a workspace of {@linkcode withRuns}; throws with what was done if it finds something. */
export async function hostileCase(
  { dir, call }: Workspace,
  { seed, number }: HostileCase,
): Promise<void> {
  const random = new Random(seed, number);
  for (const name of ["runs", "other", "third", "all.tar.gz"]) {
    await Deno.remove(join(dir, name), { recursive: true }).catch(() => {});
  }
  const copied = await new Deno.Command("cp", { args: ["-r", "sound", "runs"], cwd: dir }).output();
  assert(copied.success);
  const runsDir = join(dir, "runs");
  const ids = [...Deno.readDirSync(runsDir)].map(({ name }) => name).filter((name) =>
    /^\d{8}-/.test(name)
  );
  const done: string[] = [];
  if (!random.once(3)) done.push(await changeRegistry(join(runsDir, "registry.db"), random));
  if (done.length === 0 || random.once(2)) {
    done.push(await changeDirectory(runsDir, { random, victim: join(dir, "victim") }));
  }
  const outside = async () => [
    await snapshotOf(join(dir, "victim")),
    await snapshotOf(join(dir, "sound")),
    ...await Promise.all(
      ["config.yaml", "data.csv", "other.csv"].map((name) => Deno.readTextFile(join(dir, name))),
    ),
    [...Deno.readDirSync(dir)].map(({ name }) => name)
      .filter((name) => !["runs", "other", "third", "all.tar.gz"].includes(name)).sort(),
  ];
  const before = await outside();
  for (let count = random.int(4, 8); count > 0; count--) {
    const words = random.pick(COMMANDS).map((word) => word === "ID" ? random.pick(ids) : word);
    const said = `seed ${seed}, case ${number}: ${done.join(" | ")}\n${words.join(" ")}`;
    if (Deno.env.get("HOSTILE_TRACE") !== undefined) console.error(said.slice(0, 600));
    const [began, memory] = [performance.now(), Deno.memoryUsage().rss];
    const { exit, out, err } = await call(words);
    const took = performance.now() - began;
    const shown = `${said}: exit ${exit}\n${out.slice(0, 500)}\n${err.slice(0, 2000)}`;
    assert([0, 1, 2, 3].includes(exit), shown);
    assert(!/bug in sigrun/.test(out + err), shown);
    assert(took < MOST_MS, `${Math.round(took)} ms: ${shown}`);
    assert(Deno.memoryUsage().rss - memory < MOST_BYTES, `memory: ${shown}`);
    assertEquals(await outside(), before, shown);
    done.push(words.join(" "));
  }
}
