import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { withTempDir } from "../../temp_dir.ts";
import { withWorkspace } from "../workspace.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** Experiments among which there is no my-signal, which the project may come to have. */
const ONE = { "rolling-mean": () => import("../../../experiments/rolling_mean.ts") };

/** Copies files of the project, folders with all that is in them. */
async function copyTree(from: string, to: string): Promise<void> {
  if ((await Deno.stat(from)).isFile) return await Deno.copyFile(from, to);
  await Deno.mkdir(to, { recursive: true });
  for await (const { name } of Deno.readDir(from)) await copyTree(join(from, name), join(to, name));
}

/** A copy of the project, and a way to start deno in it. */
async function withProject(
  use: (
    dir: string,
    deno: (words: string) => Promise<{ readonly code: number; readonly text: string }>,
  ) => Promise<void>,
): Promise<void> {
  await withTempDir(async (dir) => {
    for (const path of ["main.ts", "deno.json", "deno.lock", "config.yaml", "data.csv"]) {
      await copyTree(join(ROOT, path), join(dir, path));
    }
    for (const path of ["lib", "experiments", "tests"]) {
      await copyTree(join(ROOT, path), join(dir, path));
    }
    await use(dir, async (words) => {
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: words.split(" "),
        cwd: dir,
        env: { NO_COLOR: "1" },
        stdin: "null",
      }).output();
      const decoder = new TextDecoder();
      return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
    });
  });
}

Deno.test("a new experiment is green at once: format, lint, types, doc comments, schema, tests", async () => {
  await withProject(async (dir, deno) => {
    assertEquals(await deno("task -q experiments:new written-by-a-test"), {
      code: 0,
      text: `wrote    experiments/written_by_a_test.ts
wrote    tests/experiments/written_by_a_test_test.ts
changed  experiments/mod.ts
changed  experiments/config.schema.json
next     experiment: written-by-a-test in a config, then deno task run --config FILE
         deno task test
`,
    });
    for (
      const words of [
        "fmt --check experiments tests/experiments",
        "lint -q experiments tests/experiments",
        "check -q --frozen experiments/mod.ts tests/experiments/written_by_a_test_test.ts",
        "test -q --no-prompt --frozen --no-check --allow-read tests/experiments/written_by_a_test_test.ts " +
        "tests/config/json_schema_test.ts",
      ]
    ) {
      const { code, text } = await deno(words);
      assertEquals(code, 0, `deno ${words}: ${text}`);
    }
    // What is undocumented elsewhere is no matter of the new experiment.
    const documented = await deno(
      "run --no-prompt --frozen --allow-read --allow-run tests/lint/doc_lint.ts",
    );
    assertEquals(documented.text.includes("written_by_a_test"), false, documented.text);
    const list = await deno("task -q experiments:list");
    assertStringIncludes(list.text, "\nwritten-by-a-test  version 1\n  1 while the close is above");
    await Deno.writeTextFile(
      join(dir, "mine.yaml"),
      "version: v1\nseed: 42\nexperiment: written-by-a-test\nlookback: 3\n",
    );
    const run = await deno("task -q run --config mine.yaml --quiet");
    assertEquals(run, { code: 0, text: "" });
    const again = await deno("task -q experiments:new written-by-a-test");
    assertEquals(again, {
      code: 2,
      text: "error: Cannot write experiment written-by-a-test: there is one of that name\n",
    });
  });
});

Deno.test("an experiment in a file of its own runs from there", async () => {
  await withWorkspace(async ({ call, write, files }) => {
    await write("config.yaml", "version: v1\nseed: 42\nexperiment: ./my_signal.ts\nlookback: 2\n");
    assertEquals(await call("experiments:new ./my_signal.ts"), {
      exit: 0,
      out: "wrote    my_signal.ts\n" +
        "next     experiment: ./my_signal.ts in a config beside it, then deno task run\n",
      err: "",
    });
    assertEquals(files(), ["config.yaml", "data.csv", "my_signal.ts"]);
    // 10 11 12 11 13 against two bars earlier.
    const { exit, out } = await call("run --json");
    const { experiment, metrics } = JSON.parse(out);
    assertEquals([exit, experiment, metrics.ones, metrics.warmup_bars], [0, "my-signal", 2, 2]);
    const again = await call("experiments:new my_signal.ts");
    assertEquals([again.exit, again.out], [1, ""]);
    assertMatch(again.err, /^error: Cannot write my_signal\.ts: it is there already\n/);
  });
});

Deno.test("what was written is said as JSON, too", async () => {
  await withWorkspace(async ({ call, dir }) => {
    const { out } = await call("experiments:new folder/a_b.ts --json");
    assertEquals(JSON.parse(out.replaceAll("$DIR", dir)), {
      schema: 1,
      name: "a-b",
      written: [join(dir, "folder", "a_b.ts")],
      changed: [],
    });
    const text = await Deno.readTextFile(join(dir, "folder", "a_b.ts"));
    assertStringIncludes(text, `from "sigrun";\n`);
    assertStringIncludes(text, `name: "a-b",\n`);
  });
});

Deno.test("names and files that cannot be are refused, and nothing is written", async () => {
  await withWorkspace(async ({ call, files }) => {
    const before = files();
    const cases: readonly (readonly [words: readonly string[], error: RegExp])[] = [
      [["MySignal"], /Cannot name an experiment 'MySignal': did you mean my-signal\?\n/],
      [["rolling-mean"], /Cannot write experiment rolling-mean: there is one of that name\n/],
      [
        ["./mine.js"],
        /Cannot write an experiment to '\.\/mine\.js': expected a file that ends in \.ts/,
      ],
      [["./folder/"], /expected a file that ends in \.ts\n/],
      [["./信号.ts"], /Cannot name an experiment '信号'\n/],
      [[], /Expected/i],
      [["a", "b"], /./],
    ];
    for (const [words, error] of cases) {
      const { exit, out, err } = await call(["experiments:new", ...words]);
      assertEquals([exit, out], [2, ""], words.join(" "));
      assertMatch(err, error);
    }
    assertEquals(files(), before);
  });
});

Deno.test("where the program cannot be changed, a file of one's own is offered", async () => {
  await withWorkspace(async ({ call, files }) => {
    const before = files();
    const compiled = await call("experiments new my-signal", {
      standalone: true,
      experiments: ONE,
    });
    assertEquals(compiled, {
      exit: 2,
      out: "",
      err: "error: Cannot add experiment my-signal to a compiled program\n" +
        "hint: An experiment of your own can lie anywhere: sigrun experiments new ./my_signal.ts, " +
        "and experiment: ./my_signal.ts in a config beside it.\n",
    });
    // The workspace's program has no table.
    const bare = await call("experiments:new my-signal", { experiments: ONE });
    assertEquals([bare.exit, bare.out], [1, ""]);
    assertMatch(bare.err, /^error: Cannot write .*mod\.ts: .*\nhint: An experiment of your own/);
    assertEquals(files(), before);
  });
});

Deno.test("a file of one's own needs a folder that can be written to", async () => {
  await withWorkspace(async ({ call, write, files }) => {
    await write("taken", "a file, where a folder would have to be");
    const before = files();
    const { exit, out, err } = await call("experiments:new taken/my_signal.ts");
    assertEquals([exit, out], [1, ""]);
    assertMatch(err, /^error: Cannot write taken\/my_signal\.ts: /);
    assertMatch(err, /\nhint: taken is no folder\.\n$/);
    assertEquals(files(), before);
  });
});

Deno.test("a table that is not understood is left as it is, and no file is left behind", async () => {
  await withWorkspace(async ({ call, write, dir }) => {
    const table = "export const experiments = load();\n";
    await write(".program/experiments/mod.ts", table);
    const { exit, err } = await call("experiments:new my-signal", { experiments: ONE });
    assertEquals(exit, 1);
    assertMatch(err, /no table there\nhint: Its lines look like this: "my-signal": \(\) => import/);
    assertEquals(await Deno.readTextFile(join(dir, ".program/experiments/mod.ts")), table);
    assertEquals([...Deno.readDirSync(join(dir, ".program/experiments"))].length, 1);
  });
});

Deno.test("when the second of the files is there already, the first is not left behind", async () => {
  await withWorkspace(async ({ call, write, dir }) => {
    const table = 'export const experiments = {\n  "x": () => import("./x.ts"),\n};\n';
    await write(".program/experiments/mod.ts", table);
    await Deno.mkdir(join(dir, ".program/tests/experiments"), { recursive: true });
    await write(".program/tests/experiments/my_signal_test.ts", "");
    const { exit, err } = await call("experiments:new my-signal", { experiments: ONE });
    assertEquals(exit, 1);
    assertMatch(err, /my_signal_test\.ts: it is there already\nhint: Nothing was changed\./);
    assertEquals([...Deno.readDirSync(join(dir, ".program/experiments"))].length, 1);
    assertEquals(await Deno.readTextFile(join(dir, ".program/experiments/mod.ts")), table);
  });
});
