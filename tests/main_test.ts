import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import project from "../deno.json" with { type: "json" };
import { startTask } from "./program.ts";
import { withTempDir } from "./temp_dir.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const CONFIG = join(ROOT, "config.yaml");

Deno.test("the program runs the project's own config on its own data", async () => {
  await withTempDir(async (cwd) => {
    const run = await startTask("run", { words: ["--config", CONFIG, "--json"], cwd });
    assertEquals([run.exit, run.err], [0, ""]);
    const { version, rows_processed, value, seed, status, metrics } = JSON.parse(run.out);
    assertEquals([version, rows_processed, seed, status], ["v1", 10_000, 42, "success"]);
    assertEquals([metrics.ones, metrics.valid_bars, value], [5051, 9996, 5051 / 9996]);
    const again = await startTask("run", { words: ["-c", CONFIG], cwd });
    assertMatch(again.out, /^reproduces +[0-9a-z]{6}: same config, data and code, same result$/m);
    const list = await startTask("runs:list", { cwd });
    assertMatch(list.out, /^RUN .*\n[0-9a-z]{6} {2}finished .* 0\.505302 .*\n[0-9a-z]{6} {2}finis/);
    assertEquals([list.exit, list.err], [0, "2 runs\n"]);
    const compare = await startTask("runs:compare", { words: ["latest", "latest~1"], cwd });
    assertMatch(compare.out, /^same data, same code, same parameters, same result\n/);
  });
});

Deno.test("the checks run on the project's own config, and on a recorded run", async () => {
  await withTempDir(async (cwd) => {
    await startTask("run", { words: ["--config", CONFIG, "--check-lookahead"], cwd });
    for (const words of [["--config", CONFIG], ["latest"]]) {
      const lookahead = await startTask("check:lookahead", { words, cwd });
      assertEquals([lookahead.exit, lookahead.err], [0, ""]);
      assertMatch(lookahead.out, /^bars checked {2}9999, cut 32 times: .*\n.*\nlook-ahead +none /m);
      const startup = await startTask("check:startup", { words, cwd });
      assertEquals([startup.exit, startup.err], [0, ""]);
      assertMatch(startup.out, /\nPositions after the warm-up do not depend on .*\n$/);
      const seeds = await startTask("check:seeds", { words: [...words, "--n", "3"], cwd });
      assertEquals([seeds.exit, seeds.err], [0, ""]);
      assertMatch(seeds.out, /\nThe seed has no effect: .*\n$/);
    }
  });
});

Deno.test("data that is piped in gives what its file gives", async () => {
  await withTempDir(async (cwd) => {
    const stdin = join(ROOT, "data.csv");
    const run = await startTask("run", {
      words: ["-c", CONFIG, "--data", "-", "--json"],
      cwd,
      stdin,
    });
    assertEquals([run.exit, run.err], [0, ""]);
    const named = await startTask("run", { words: ["-c", CONFIG], cwd });
    assertMatch(named.out, /^reproduces +[0-9a-z]{6}: same config, data and code, same result$/m);
    const checked = await startTask("data:check", { words: ["-", "--json"], cwd, stdin });
    const [file] = JSON.parse(checked.out).files;
    assertEquals([file.path, file.hash], ["-", JSON.parse(run.out).hashes.data]);
  });
});

Deno.test("exit statuses reach the shell", async () => {
  await withTempDir(async (cwd) => {
    const failed = await startTask("run", { words: ["-c", CONFIG, "--data", "nope.csv"], cwd });
    assertEquals([failed.exit, failed.out], [1, ""]);
    assertMatch(failed.err, /^error: Cannot find the data file .*nope\.csv\nhint: /);
    const usage = await startTask("config:check", { words: ["--confg", "x"], cwd });
    assertEquals([usage.exit, usage.out], [2, ""]);
    assertMatch(usage.err, /^error: Unknown flag '--confg': did you mean --config\?\n/);
    assert(!/Stack|^ +at /m.test(failed.err + usage.err));
  });
});

Deno.test("the program knows its version and its environment", async () => {
  await withTempDir(async (cwd) => {
    const { version } = project;
    // Without the words of a command, the task's own two are gone, too.
    const help = await startTask("experiments:list", { words: ["-h"], cwd });
    assertMatch(help.out, /^Lists the experiments/);
    const env = { SIGRUN_RUNS_DIR: "from-env", TERM: "dumb", NO_COLOR: "1" };
    const words = ["-c", CONFIG, "-q", "--name", "n", "--tag", "t"];
    assertEquals(await startTask("run", { words, cwd, env }), { exit: 0, out: "", err: "" });
    const shown = await startTask("runs:show", { words: ["latest", "--json"], cwd, env });
    const run = JSON.parse(shown.out);
    assertEquals(run.environment.sigrun, version);
    assertEquals(run.environment.deno, Deno.version.deno);
    assertMatch(run.directory, /\/from-env\/\d{8}-\d{6}-[0-9a-z]{6}$/);
    assertEquals([run.name, run.tags], ["n", ["t"]]);
  });
});

Deno.test("a reader that leaves early is no error", async () => {
  await withTempDir(async (cwd) => {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "--frozen", "--allow-read", "--allow-env", "--allow-sys"]
        .concat("--config", join(ROOT, "deno.json"), join(ROOT, "main.ts"), "config:schema"),
      cwd,
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    await child.stdout.cancel();
    const [{ code }, err] = await Promise.all([child.status, new Response(child.stderr).text()]);
    assertEquals([code, err], [0, ""]);
  });
});

Deno.test({
  name: "standard input named by its path is told to be a dash",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await withTempDir(async (cwd) => {
      const said = "error: Cannot read /dev/stdin: Deno does not open this device\n" +
        "hint: Standard input is named by a dash, as in --data -; pipe the data into it.\n";
      const run = await startTask("run", { words: ["-c", CONFIG, "--data", "/dev/stdin"], cwd });
      assertEquals([run.exit, run.err.slice(0, said.length)], [1, said]);
      const check = await startTask("data:check", { words: ["/dev/stdin"], cwd });
      assertEquals([check.exit, check.err], [1, said]);
    });
  },
});

Deno.test({
  name: "copies go to what the task may open",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await withTempDir(async (cwd) => {
      const copied = (path: string) =>
        startTask("run", { words: ["-q", "--config", CONFIG, "--output", path], cwd });
      const stdout = await copied("/dev/stdout");
      assertEquals([stdout.exit, JSON.parse(stdout.out).status], [0, "success"]);
      assertEquals(await copied("/dev/null"), { exit: 0, out: "", err: "" });
      assertEquals(await copied("/dev/full"), {
        exit: 2,
        out: "",
        err: "error: Cannot write --output to /dev/full: Deno does not open this device\n" +
          "hint: The run directory has these files in any case; name another path for the copy.\n",
      });
    });
  },
});

Deno.test({
  name: "standard output on a full disk is an error in a sentence, and copies are still written",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await withTempDir(async (cwd) => {
      const error =
        "error: Cannot write to standard output: No space left on device (os error 28)\n" +
        "hint: Is the disk full? Make room, or send the output somewhere else.\n";
      const words = ["--config", CONFIG, "--json", "--output", "copy.json"];
      const run = await startTask("run", { words, cwd, redirected: ">/dev/full" });
      assertEquals([run.exit, run.err], [1, error]);
      const { status } = JSON.parse(await Deno.readTextFile(join(cwd, "copy.json")));
      assertEquals(status, "success");
      const list = await startTask("runs:list", { cwd, redirected: ">/dev/full" });
      assertEquals([list.exit, list.err], [1, error]);
      const untold = await startTask("run", {
        words: ["--config", CONFIG, "--name", "untold"],
        cwd,
        redirected: "2>/dev/full",
      });
      assertEquals(untold.exit, 0);
      const nope = await startTask("run", {
        words: ["--config", "nope.yaml"],
        cwd,
        redirected: "2>/dev/full",
      });
      assertEquals(nope.exit, 2);
    });
  },
});
