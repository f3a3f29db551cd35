import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { CONFIG, DATA } from "../cli/workspace.ts";
import { type Ended, startTask } from "../program.ts";
import { refusalOf } from "../bars/refusal.ts";
import { withWorkspace } from "../run/workspace.ts";
import { withTempDir } from "../temp_dir.ts";

type Task = Parameters<typeof startTask>[0];

/** Whether a program can be started here. */
async function works(command: string, ...args: string[]): Promise<boolean> {
  const options = { args, stdin: "null", stdout: "null", stderr: "null" } as const;
  return await new Deno.Command(command, options).output().then(
    ({ success }) => success,
    () => false,
  );
}

const hasStrace = await works("strace", "-o", "/dev/null", "-e", "inject=chdir:error=EIO", "true");
const hasSetpriv = await works("setpriv", "--inh-caps=-all", "--bounding-set=-all", "true");

async function withRuns(
  use: (
    dir: string,
    start: (task: Task, words: string, under?: readonly string[]) => Promise<Ended>,
  ) => Promise<void>,
): Promise<void> {
  await withTempDir(async (dir) => {
    await Deno.writeTextFile(join(dir, "config.yaml"), CONFIG);
    await Deno.writeTextFile(join(dir, "data.csv"), DATA);
    const start = (task: Task, words: string, under: readonly string[] = []): Promise<Ended> =>
      startTask(task, { words: words.split(" ").filter((word) => word !== ""), cwd: dir, under });
    assertEquals((await start("run", "")).exit, 0);
    await use(dir, start);
  });
}

/** Commands, a file or folder that they need, and the calls that are refused there. */
const REFUSED: readonly (readonly [task: Task, words: string, path: string, calls: string])[] = [
  ["run", "", "config.yaml", "openat,read"],
  ["run", "", "data.csv", "openat,read"],
  ["run", "", "runs", "mkdir,openat"],
  ["run", "", "runs/registry.db", "openat"],
  ["run", "--runs-dir other", "other", "mkdir"],
  ["runs:list", "", "runs/registry.db", "openat"],
  ["runs:gc", "--yes", "runs", "mkdir,openat"],
  ["runs:verify", "", "runs/RUN/metrics.json", "openat,read"],
  ["runs:export", "--all --output all.tar.gz", "runs/RUN/metrics.json", "openat,read"],
  ["runs:sync", "", "runs", "openat"],
  ["doctor", "", "runs", "openat"],
];

const ERRORS = ["EROFS", "ENOSPC", "EMFILE", "EDQUOT", "EIO", "EACCES", "ENFILE", "ESTALE"];

Deno.test({
  name: "what the system refuses a command is told as what it is (needs strace)",
  ignore: !hasStrace,
  fn: () =>
    withRuns(async (dir, start) => {
      let refused = 0;
      const id = [...Deno.readDirSync(join(dir, "runs"))]
        .find(({ name }) => /^\d{8}-/.test(name))!.name;
      for (const [at, [task, words, place, calls]] of REFUSED.entries()) {
        const path = join(dir, place.replace("RUN", id));
        // Two of the errors for each, all of them in all.
        for (const error of [0, 1].map((more) => ERRORS[(at * 2 + more) % ERRORS.length]!)) {
          const strace = ["strace", "-f", "-o", "/dev/null", "-P", path, "-e"];
          const { exit, out, err } = await start(task, words, [
            ...strace,
            `inject=${calls}:error=${error}`,
          ]);
          const said = `${task} ${words}, ${place}: ${error}: exit ${exit}\n${out}\n${err}`;
          assert([0, 1, 2, 3].includes(exit), said);
          assert(!/bug in sigrun|panicked/.test(out + err), said);
          assert(exit === 0 || out !== "" || err.startsWith("error: "), said);
          if (exit !== 0) refused++;
        }
      }
      // What is not asked for, or asked for in another way, is refused to nobody.
      assert(refused >= REFUSED.length, `${refused} were refused`);
    }),
});

Deno.test("too few open files are told as that, or are enough", async () => {
  await withRuns(async (_, start) => {
    for (const limit of [24, 26, 28, 30, 32, 36]) {
      const under = ["sh", "-c", `ulimit -n ${limit}; exec "$@"`, "sh"];
      const { exit, out, err } = await start("run", "", under);
      const said = `ulimit -n ${limit}: exit ${exit}\n${out}\n${err}`;
      if (exit === 0) continue;
      // Deno itself needs some: below, it does not come as far as this program.
      if (/Deno has panicked|Import '/.test(err)) continue;
      assertEquals(exit, 1, said);
      assert(/^error: Cannot .*: too many open files in this process\nhint: Raise/.test(err), said);
    }
  });
});

Deno.test({
  name:
    "a folder of runs that may not be opened is a finding to doctor, and told by the others (needs setpriv)",
  ignore: !hasSetpriv,
  fn: () =>
    withRuns(async (dir, start) => {
      await Deno.chmod(join(dir, "runs"), 0o000);
      const asNobody = ["setpriv", "--inh-caps=-all", "--bounding-set=-all"];
      try {
        const doctor = await start("doctor", "", asNobody);
        assert(/problem +runs folder +.*cannot be written to: permission denied/.test(doctor.out));
        assert(/problem +registry +cannot be looked at: permission denied/.test(doctor.out));
        for (const task of ["run", "runs:list", "runs:gc", "runs:verify", "runs:sync"] as const) {
          const { exit, out, err } = await start(task, "", asNobody);
          assertEquals([exit, out], [1, ""], `${task}: ${err}`);
          assert(
            /^error: Cannot .*: permission denied\nhint: /.test(err),
            err,
          );
        }
      } finally {
        await Deno.chmod(join(dir, "runs"), 0o755);
      }
    }),
});

Deno.test("a run whose log cannot be read again when it is published fails with that reason", async () => {
  await withWorkspace(async (workspace) => {
    const remove = (): void => {
      for (const { name } of Deno.readDirSync(workspace.path("runs"))) {
        if (!/^\d{8}-/.test(name)) continue;
        try {
          Deno.removeSync(workspace.path(`runs/${name}/run.log`));
        } catch {
          // It is gone already.
        }
      }
    };
    const error = await refusalOf(() => workspace.run({ onProgress: remove }));
    assertEquals([error.code, error.exitCode], ["runs_dir_unusable", 1]);
    assert(
      /^Cannot write .*run\.log: no such file or directory$/.test(error.message),
      error.message,
    );
    const [run] = await workspace.runs();
    assertEquals([run!.status, run!.error_code], ["failed", "runs_dir_unusable"]);
  });
});
