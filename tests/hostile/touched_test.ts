import { assert, assertEquals } from "@std/assert";
import { join, resolve } from "node:path";
import { CONFIG, DATA } from "../cli/workspace.ts";
import { canTrace } from "../kill/kill_points.ts";
import { startTask } from "../program.ts";
import { withTempDir } from "../temp_dir.ts";

type Task = Parameters<typeof startTask>[0];

/** Calls that take a path and change what is there. */
const CHANGES = [
  ...["mkdir", "mkdirat", "rename", "renameat", "renameat2", "unlink", "unlinkat", "rmdir", "link"],
  ...["linkat", "symlink", "symlinkat", "truncate", "chmod", "fchmodat", "chown", "fchownat"],
  ...["mknod", "mknodat", "utimensat", "setxattr", "creat"],
];

/** A path that a command touched. */
interface Touched {
  readonly path: string;
  readonly isChange: boolean;
}

/** The paths of a trace. */
function touchedIn(trace: string, cwd: string): readonly Touched[] {
  return trace.split("\n").flatMap((line): readonly Touched[] => {
    const [, call, args = ""] = /^\d+\s+(\w+)\((.*)/.exec(line) ?? [];
    // What failed touched nothing.
    if (call === undefined || / = -1 /.test(line)) return [];
    const opens = call === "openat" || call === "open";
    const isChange = opens ? /O_(?:WRONLY|RDWR|CREAT|TRUNC)/.test(args) : CHANGES.includes(call);
    // A path may be relative to an open folder, of which strace says the path.
    return [...args.matchAll(/(?:<([^>]*)>, )?"((?:[^"\\]|\\.)*)"/g)]
      .map(([, folder, path]) => ({ path: resolve(cwd, folder ?? "", path!), isChange }));
  });
}

/** Commands, in this order, and what each may change besides the folder of runs. */
const COMMANDS: readonly (readonly [task: Task, words: string, also: readonly string[]])[] = [
  ["run", "--runs-dir given --name a", []],
  ["run", "--runs-dir given --set window=4 --output out/x.json --log-file y.log", ["out", "y.log"]],
  ["run", "--runs-dir given --dry-run", []],
  ["config:check", "--config config.yaml", []],
  ["data:check", "data.csv", []],
  ["runs:list", "--runs-dir given", []],
  ["runs:show", "latest --runs-dir given", []],
  ["runs:compare", "latest latest~1 --runs-dir given", []],
  ["runs:verify", "--runs-dir given", []],
  ["runs:reproduce", "latest --runs-dir given", []],
  ["check:lookahead", "--config config.yaml", []],
  ["runs:tag", "latest x --runs-dir given", []],
  ["runs:export", "--all --with-data --output all.tar.gz --runs-dir given", ["all.tar.gz"]],
  ["runs:import", "all.tar.gz --runs-dir other", ["other"]],
  ["runs:sync", "--runs-dir given", []],
  ["runs:delete", "latest --yes --runs-dir given", []],
  ["runs:gc", "--yes --runs-dir given", []],
  ["runs:verify", "--repair --runs-dir given", []],
  ["doctor", "--runs-dir given", []],
];

/** What Deno and the system have for themselves. */
function isOfSystem(path: string): boolean {
  const cache = Deno.env.get("DENO_DIR") ?? join(Deno.env.get("HOME") ?? "/", ".cache", "deno");
  return path.startsWith(cache) || /^\/(?:dev|proc|sys)\//.test(path);
}

Deno.test({
  name: "no command changes anything outside the folders that it is given (needs strace)",
  ignore: !await canTrace(),
  fn: () =>
    withTempDir(async (dir) => {
      await Deno.writeTextFile(join(dir, "config.yaml"), CONFIG);
      await Deno.writeTextFile(join(dir, "data.csv"), DATA);
      for (const [task, words, also] of COMMANDS) {
        const { trace, err } = await traced(task, { words, dir });
        const changed = touchedIn(trace, dir).filter(({ isChange }) => isChange)
          .map(({ path }) => path).filter((path) => !isOfSystem(path));
        const allowed = [...(words.includes("given") ? ["given"] : []), ...also]
          .map((name) => join(dir, name));
        const outside = changed.filter((path) => {
          // The name of a file that is being written begins with a dot, and is beside it.
          const shown = path.replace(/\/\.([^/]+?)\.[0-9a-f-]{36}\.tmp$/, "/$1");
          return !allowed.some((folder) => shown === folder || shown.startsWith(`${folder}/`));
        });
        assertEquals(outside, [], `${task} ${words}: ${err}`);
        if (task === "run" && !words.includes("dry")) assert(changed.length > 10, "it was watched");
      }
    }),
});

Deno.test({
  name:
    "a command that is given a copied folder does not as much as open the original (needs strace)",
  ignore: !await canTrace(),
  fn: () =>
    withTempDir(async (dir) => {
      await Deno.writeTextFile(join(dir, "config.yaml"), CONFIG);
      await Deno.writeTextFile(join(dir, "data.csv"), DATA);
      for (const words of ["", "--set window=4"]) {
        const { exit } = await startTask("run", {
          words: words.split(" ").filter(Boolean),
          cwd: dir,
        });
        assertEquals(exit, 0);
      }
      const { success } = await new Deno.Command("cp", { args: ["-a", "runs", "copy"], cwd: dir })
        .output();
      assert(success);
      const commands: readonly (readonly [Task, string])[] = [
        ["runs:show", "latest"],
        ["runs:verify", ""],
        ["runs:reproduce", "latest"],
        ["runs:tag", "latest x"],
        ["runs:delete", "latest --yes"],
        ["runs:verify", "--repair"],
        ["runs:restore", "--all"],
        ["runs:sync", ""],
        ["runs:gc", "--yes"],
        ["runs:export", "--all --with-data --output all.tar"],
        ["doctor", ""],
      ];
      for (const [task, words] of commands) {
        const { trace, err } = await traced(task, {
          words: `${words} --runs-dir copy`.trim(),
          dir,
        });
        const original = touchedIn(trace, dir).map(({ path }) => path)
          .filter((path) => path === join(dir, "runs") || path.startsWith(join(dir, "runs/")));
        assertEquals(original, [], `${task} ${words}: ${err}`);
      }
    }),
});

/** What a command did with files. */
async function traced(
  task: Task,
  { words, dir }: { readonly words: string; readonly dir: string },
): Promise<{ readonly trace: string; readonly err: string }> {
  const file = await Deno.makeTempFile({ prefix: "sigrun-trace-" });
  try {
    const calls = `trace=open,openat,${CHANGES.join(",")}`;
    const { err } = await startTask(task, {
      words: words.split(" "),
      cwd: dir,
      under: ["strace", "-f", "-qq", "-y", "-s", "4096", "-o", file, "-e", calls],
    });
    return { trace: await Deno.readTextFile(file), err };
  } finally {
    await Deno.remove(file);
  }
}
