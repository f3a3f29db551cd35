import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { startTask } from "../../program.ts";
import { withTempDir } from "../../temp_dir.ts";

/** Whether a program is installed. */
async function isInstalled(program: string): Promise<boolean> {
  try {
    return (await new Deno.Command(program, { args: ["--version"], stdout: "null" }).output())
      .success;
  } catch {
    return false;
  }
}

/** Runs a script in a shell without the user's settings; the result is its lines. */
async function linesOf(
  shell: readonly string[],
  { script, cwd }: { readonly script: string; readonly cwd: string },
): Promise<readonly string[]> {
  const [program, ...args] = shell;
  const { stdout, stderr, success } = await new Deno.Command(program!, {
    args: [...args, script],
    cwd,
    clearEnv: true,
    env: { PATH: "/usr/bin:/bin", HOME: cwd, TERM: "dumb", DENO_DIR: denoDir() },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  assert(success, text(stderr));
  assertEquals(text(stderr), "");
  return text(stdout).split("\n").slice(0, -1);
}

/** Where Deno keeps what the program needs, whatever the home folder is. */
function denoDir(): string {
  const { DENO_DIR, XDG_CACHE_HOME, HOME = "" } = Deno.env.toObject();
  return DENO_DIR ?? join(XDG_CACHE_HOME ?? join(HOME, ".cache"), "deno");
}

const CONFIG = "version: v1\nseed: 1\nwindow: 3\n";
const DATA = "time,close\n100000001,10\n100000002,11\n100000003,12\n100000004,11\n100000005,13\n";

/** Two runs with tags, some of which are after the shell, in a folder with a script for it. */
async function withRuns(shell: string, use: (dir: string, script: string) => Promise<void>) {
  await withTempDir(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "config.yaml"), CONFIG);
    await Deno.writeTextFile(join(cwd, "data.csv"), DATA);
    const hostile = ["$(touch pwned)", "`touch pwned`", "a b", "';touch pwned;'", "x\ny"];
    const tags = ["baseline", "beta", ...hostile].map((tag) => `--tag=${tag}`);
    const run = await startTask("run", { words: ["-q", "--name=$(touch pwned)", ...tags], cwd });
    assertEquals([run.exit, run.err], [0, ""]);
    const { out, exit } = await startTask("completions", { words: [shell], cwd });
    assertEquals(exit, 0);
    const path = join(cwd, "completions");
    await Deno.writeTextFile(path, out);
    await use(cwd, path);
    assert(![...Deno.readDirSync(cwd)].some(({ name }) => name === "pwned"));
  });
}

Deno.test({
  name: "bash completes commands, flags, values, paths and words with = and :",
  ignore: !await isInstalled("bash"),
  fn: () =>
    withRuns("bash", async (cwd, path) => {
      const cases: [words: string[], expected: string[]][] = [
        [["runs", "sh"], ["show"]],
        [["runs", ":", "sh"], ["show"]],
        [["run", "--if"], ["--if-new"]],
        [["run", "--config", "conf"], ["config.yaml"]],
        [["run", "--config", "=", "conf"], ["config.yaml"]],
        [["run", "--set", "=", "windo"], ["window="]],
        [["runs", "list", "--tag", ""], ["baseline", "beta"]],
        [["runs", "list", "--tag", "="], ["baseline", "beta"]],
        [["runs", "show", "late"], ["latest"]],
      ];
      const script = [
        `source ${path}`,
        'try() { COMP_WORDS=(sigrun "$@"); COMP_CWORD=$#; _sigrun; echo "${COMPREPLY[*]}"; }',
        ...cases.map(([words]) => `try ${words.map((word) => `'${word}'`).join(" ")}`),
        "complete -p sigrun",
      ].join("\n");
      const lines = await linesOf(["bash", "--norc", "-c"], { script, cwd });
      assertEquals(lines, [
        ...cases.map(([, expected]) => expected.join(" ")),
        "complete -F _sigrun sigrun",
      ]);
    }),
});

Deno.test({
  name: "zsh completes commands, flags, values and paths",
  ignore: !await isInstalled("zsh"),
  fn: () =>
    withRuns("zsh", async (cwd, path) => {
      const cases: [words: string[], expected: RegExp][] = [
        [["runs", "sh"], /^show -- show {2}-- show all that is known about a run$/],
        [["run", "--if"], /^--if-new -- /],
        [["run", "--config", "conf"], /^files$/],
        [["run", "--config=conf"], /^files$/],
        [["runs", "list", "--runs-dir", ""], /^files -\/$/],
        [["run", "--set", "windo"], /^window= -- /],
        [["runs", "list", "--tag", ""], /^baseline beta -- baseline beta$/],
      ];
      // What the completion system offers to such functions, made to print.
      const script = [
        "functions[compdef]=:",
        `source ${path}`,
        'compadd() { print -r -- "${values[*]} -- ${shown[*]}"; }',
        '_files() { print -r -- "files${1:+ $1}"; }',
        "compset() { :; }",
        'try() { words=(sigrun "$@"); CURRENT=${#words}; PREFIX=${words[-1]}; _sigrun; }',
        ...cases.map(([words]) => `try ${words.map((word) => `'${word}'`).join(" ")}`),
      ].join("\n");
      const lines = await linesOf(["zsh", "-f", "-c"], { script, cwd });
      assertEquals(lines.length, cases.length, lines.join("\n"));
      for (const [at, [words, expected]] of cases.entries()) {
        assertMatch(lines[at]!, expected, words.join(" "));
      }
    }),
});

Deno.test({
  name: "fish completes commands, flags, values and paths",
  ignore: !await isInstalled("fish"),
  fn: () =>
    withRuns("fish", async (cwd, path) => {
      const cases: [line: string, expected: string[]][] = [
        ["sigrun runs sh", ["show\tshow all that is known about a run"]],
        ["sigrun run --config conf", ["config.yaml"]],
        ["sigrun run --config=conf", ["--config=config.yaml"]],
        ["sigrun run --set windo", ["window="]],
        ["sigrun runs list --tag ", ["baseline", "beta"]],
        ["sigrun runs show late", ["latest"]],
      ];
      const script = [
        `source ${path}`,
        ...cases.map(([line]) => `complete -C '${line}'; echo ==`),
      ].join("\n");
      const lines = await linesOf(["fish", "--no-config", "-c"], { script, cwd });
      const answers = lines.join("\n").split("\n==").map((text) => text.trim().split("\n"));
      for (const [at, [line, expected]] of cases.entries()) {
        const words = answers[at]!.map((text) =>
          expected[0]!.includes("\t") ? text : text.split("\t")[0]
        );
        assertEquals(words, expected, line);
      }
    }),
});
