import { assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { registryLocation } from "../../../lib/registry/location.ts";
import { openRegistry } from "../../../lib/registry/open.ts";
import { commitRun } from "../../../lib/registry/store.ts";
import { DATA, withWorkspace, type Workspace } from "../workspace.ts";

/** Runs of these windows, the oldest first; the result is the suffix of each. */
async function runsOf(
  { call }: Pick<Workspace, "call">,
  windows: readonly number[],
): Promise<readonly string[]> {
  const suffixes: string[] = [];
  for (const window of windows) {
    const { out } = await call(`run --set window=${window}`);
    suffixes.push(/^run +\S+-(\w{6}) /.exec(out)![1]!);
  }
  return suffixes;
}

/** Lays an environment over that of the latest run, as if it had run elsewhere. */
async function latestRanWith(
  { call, dir }: Pick<Workspace, "call" | "dir">,
  { code, git }: { readonly code: string; readonly git: Readonly<Record<string, unknown>> },
): Promise<void> {
  const { runs: [{ ...run }] } = JSON.parse((await call("runs:list --json -n 1")).out);
  const registry = await openRegistry(registryLocation(join(dir, "runs/registry.db"), dir));
  try {
    await commitRun(registry, {
      ...run,
      hashes: { ...run.hashes, code },
      environment: { ...run.environment, git },
    });
  } finally {
    registry.close();
  }
}

const COMMITS = ["1".repeat(40), "2".repeat(40)];

Deno.test("runs with equal inputs and results are the same in a line", async () => {
  await withWorkspace(async ({ call }) => {
    await call("run");
    await call("run");
    assertEquals(await call("runs:compare latest~1 latest"), {
      exit: 0,
      out: "same data, same code, same parameters, same result\n",
      err: "",
    });
  });
});

Deno.test("one parameter that differs is named, and what it changed is shown side by side", async () => {
  await withWorkspace(async ({ call }) => {
    await call("run");
    await call("run --set window=2 --name two");
    const { exit, out } = await call("runs compare latest~1 latest");
    assertEquals(exit, 0);
    assertEquals(
      out.replaceAll(/^((?:hash)? +(?:config|signal|result|fingerprint)) .*/gm, "$1 …"),
      `same data, same code, 1 parameter differs: window, different result

                        7adgkp    ekrx27    change  relative
run     name                 -       two
param   window               3         2
hash    config …
        signal …
        result …
        fingerprint …
metric  ones                 2         3        +1      +50%
        signal_rate  0.6666667      0.75  +0.08333    +12.5%
        valid_bars           3         4        +1    +33.3%
        warmup_bars          2         1        -1      -50%
`,
    );
  });
});

Deno.test("other files with the same rows are told from other rows", async () => {
  await withWorkspace(async ({ call, write }) => {
    await call("run");
    await write("quoted.csv", DATA.replaceAll("\n", "\r\n").replace("close", '"CLOSE"'));
    await call("run --data quoted.csv");
    await write("other.csv", DATA.replace("5,13", "5,1"));
    await call("run --data other.csv");
    const same = await call("runs:compare latest~2 latest~1");
    assertMatch(
      same.out,
      /^different data files with the same rows, same code, same parameters, same result\n/,
    );
    assertMatch(same.out, /^data +data_path +data\.csv +quoted\.csv$/m);
    const other = await call("runs:compare latest~2 latest");
    assertMatch(other.out, /^different data, same code, same parameters, different result\n/);
  });
});

Deno.test("a failed run among them is said first, and what it lacks is a dash", async () => {
  await withWorkspace(async ({ call }) => {
    await call("run");
    await call("run --set window=6");
    const { exit, out } = await call("runs:compare latest~1 latest");
    assertEquals(exit, 0);
    assertMatch(
      out,
      /^1 of 2 did not finish, data unknown for some, same code, 1 parameter differs: window, /,
    );
    assertMatch(out, /^run +status +finished +failed$/m);
    assertMatch(out, /^metric +ones +2 +-$/m);
    assertMatch(
      (await call("runs:compare latest latest")).out,
      /^2 of 2 did not finish, data unknown, same code, same parameters, result unknown\n/,
    );
  });
});

Deno.test("three and more runs stand side by side, with --all in all that is known", async () => {
  await withWorkspace(async ({ call }) => {
    for (const window of [1, 2, 3]) await call(`run --set window=${window} --seed ${window}`);
    const { out } = await call("runs:compare latest~2 latest~1 latest");
    assertMatch(out, /^ +7adgkp +ekrx27 +nw3ahr$/m);
    assertMatch(out, /^param +window +1 +2 +3$/m);
    assertMatch(out, /^config +seed +1 +2 +3$/m);
    assertEquals(/^ +experiment /m.test(out), false);
    const all = await call("runs:compare latest~2 latest~1 latest --all");
    assertMatch(all.out, /^ +experiment +rolling-mean +rolling-mean +rolling-mean$/m);
  });
});

Deno.test("with --json the verdict, the runs and every row are data", async () => {
  await withWorkspace(async ({ call }) => {
    await call("run");
    await call("run --set window=2");
    const result = JSON.parse((await call("runs:compare latest~1 latest --json")).out);
    assertEquals(Object.keys(result), [
      "schema",
      "verdict",
      "total",
      "baseline",
      "runs",
      "comparison",
      "code",
    ]);
    assertEquals([result.schema, result.total, result.code], [2, 2, []]);
    assertEquals(result.baseline, result.runs[0].id);
    assertMatch(result.verdict, /^same data, same code, 1 parameter differs: window/);
    assertEquals(
      result.comparison.find(({ name }: { name: string }) => name === "window"),
      { kind: "param", name: "window", values: [3, 2], differs: true },
    );
    assertEquals(
      result.comparison.find(({ name }: { name: string }) => name === "ones"),
      {
        kind: "metric",
        name: "ones",
        values: [2, 3],
        differs: true,
        absolute: [0, 1],
        relative: [0, 0.5],
      },
    );
    assertEquals(result.runs.map(({ id }: { id: string }) => id.slice(-6)), ["7adgkp", "ekrx27"]);
  });
});

Deno.test("a reference to no run is refused whichever it is", async () => {
  await withWorkspace(async ({ call }) => {
    await call("run");
    for (const words of ["runs:compare nope latest", "runs:compare latest nope"]) {
      const { exit, out, err } = await call(words);
      assertEquals([exit, out], [2, ""]);
      assertMatch(err, /^error: Cannot find run 'nope' in the registry\nhint: /);
    }
  });
});

Deno.test("the baseline comes first, whichever run it is, and metrics are told against it", async () => {
  await withWorkspace(async (workspace) => {
    const { call } = workspace;
    const [one, two, three] = await runsOf(workspace, [1, 2, 3]);
    const changes = async (words: string): Promise<readonly unknown[]> => {
      const { baseline, runs, comparison } = JSON.parse((await call(`${words} --json`)).out);
      const ids = runs.map(({ id }: { id: string }) => id.slice(-6));
      const ones = comparison.find(({ name }: { name: string }) => name === "warmup_bars");
      return [baseline.slice(-6), ids, ones.absolute];
    };
    assertEquals(
      await changes(`runs:compare ${one} ${two} ${three}`),
      [one, [one, two, three], [0, 1, 2]],
    );
    assertEquals(
      await changes(`runs:compare ${one} ${two} ${three} --baseline ${two}`),
      [two, [two, one, three], [0, -1, 1]],
    );
    assertEquals(await changes(`runs:compare ${one} --baseline latest`), [
      three,
      [three, one],
      [0, -2],
    ]);
    const alone = await call(`runs:compare ${one}`);
    assertEquals([alone.exit, alone.out], [2, ""]);
  });
});

Deno.test("of three runs and more the changes are lines below each metric", async () => {
  await withWorkspace(async (workspace) => {
    await runsOf(workspace, [1, 2, 3]);
    const { out } = await workspace.call("runs:compare latest~2 latest~1 latest");
    assertMatch(
      out,
      /^ +valid_bars +5 +4 +3\n +change +-1 +-2\n +relative +-20% +-40%\n +warmup_bars +0 +1 +2\n +change +\+1 +\+2$/m,
    );
  });
});

Deno.test("twenty runs are a line each, in blocks that fit the terminal", async () => {
  await withWorkspace(async (workspace) => {
    const { call } = workspace;
    const suffixes = await runsOf(workspace, [1, 2, 3, 1, 2, 3, 1, 2]);
    const words = ["runs:compare", ...suffixes];
    const piped = await call(words);
    assertMatch(piped.out, /^RUN +window +config +signal .* warmup_bars +change +relative$/m);
    assertEquals(piped.out.split("\n").length, 2 + 1 + suffixes.length + 1);
    const { out } = await call([...words, "--no-color"], { isTerminal: true });
    const [verdict, ...lines] = out.split("\n");
    assertMatch(verdict!, /^same data, same code, 1 parameter differs: window, different result$/);
    assertEquals(lines.filter((line) => line.length > 80), []);
    for (const suffix of suffixes) {
      assertEquals(lines.filter((line) => line.startsWith(suffix)).length, 4, out);
    }
    assertMatch(out, /^RUN .*warmup_bars +change +relative$/m);
  });
});

Deno.test("when commits differ, the command that shows the difference is printed", async () => {
  await withWorkspace(async (workspace) => {
    const { call } = workspace;
    const [one, two] = await runsOf(workspace, [2]).then(async (first) => {
      const git = { commit: COMMITS[0], branch: "main", dirty: false, diff: null };
      await latestRanWith(workspace, { code: "sha256:1", git });
      return [...first, ...await runsOf(workspace, [2])];
    });
    const git = { commit: COMMITS[1], branch: "main", dirty: true, diff: "sha256:d" };
    await latestRanWith(workspace, { code: "sha256:2", git });
    const { out } = await call(`runs:compare ${one} ${two}`, { programRoot: workspace.dir });
    assertMatch(out, /^same data, different code, same parameters, same result$/m);
    assertMatch(out, /^ +commit +111111111111 +222222222222$/m);
    assertMatch(
      out,
      new RegExp(
        "^code  git diff 111111111111\\.\\.222222222222 -- lib experiments main.ts deno.json deno.lock\n" +
          `      ${two} ran with changes that no commit has, which git cannot show\n$`,
        "m",
      ),
    );
    // The repository is the program's, wherever the runs are looked at.
    const elsewhere = await call(`runs:compare ${one} ${two}`, { programRoot: "/opt/it's sigrun" });
    assertMatch(elsewhere.out, /^code {2}git -C '\/opt\/it'\\''s sigrun' diff 1+\.\.2+ -- lib/m);
    const markdown = await call(`runs:compare ${one} ${two} --md`);
    assertMatch(markdown.out, /^Code: `git diff 1+\.\.2+ -- lib .*`; \w{6} ran with changes/m);
    const { code } = JSON.parse((await call(`runs:compare ${one} ${two} --json`)).out);
    assertEquals(code.map(({ uncommitted }: { uncommitted: string[] }) => uncommitted.length), [1]);
  });
});

Deno.test("with --md the comparison is a table of GitHub Markdown", async () => {
  await withWorkspace(async ({ call }) => {
    await call("run");
    await call(["run", "--set", "window=2", "--name", "a|b `c` <d> @team"]);
    const { exit, out } = await call("runs:compare latest~1 latest --md");
    assertEquals(exit, 0);
    assertEquals(
      out.replaceAll(/(?<= )[0-9a-f]{8}(?= )/g, "########"),
      `**same data, same code, 1 parameter differs: window, different result**

|        |             | 7adgkp (baseline) |                            ekrx27 |
| ------ | ----------- | ----------------: | --------------------------------: |
| run    | name        |                 - | a\\|b \\\`c\\\` &lt;d&gt; @&#8203;team |
| param  | window      |                 3 |                                 2 |
| hash   | config      |          ######## |                          ######## |
|        | signal      |          ######## |                          ######## |
|        | result      |          ######## |                          ######## |
|        | fingerprint |          ######## |                          ######## |
| metric | ones        |                 2 |                      3 (+1, +50%) |
|        | signal_rate |         0.6666667 |           0.75 (+0.08333, +12.5%) |
|        | valid_bars  |                 3 |                    4 (+1, +33.3%) |
|        | warmup_bars |                 2 |                      1 (-1, -50%) |
`,
    );
    assertEquals((await call("runs:compare latest~1 latest --md --json")).exit, 2);
  });
});

Deno.test("with --where all runs that fit are compared, the oldest first", async () => {
  await withWorkspace(async (workspace) => {
    const { call } = workspace;
    const [one, two, three] = await runsOf(workspace, [1, 2, 3]) as [string, string, string];
    const compared = async (...words: string[]): Promise<readonly string[]> => {
      const { out } = await call(["runs:compare", ...words, "--json"]);
      return JSON.parse(out).runs.map(({ id }: { id: string }) => id.slice(-6));
    };
    assertEquals(await compared("--where", "window <= 2"), [one, two]);
    assertEquals(await compared("--where", "window <= 2", "--baseline", three), [three, one, two]);
    assertEquals(await compared("--where", "window >= 2", "--baseline", three), [three, two]);
    const cases: [words: string[], err: RegExp][] = [
      [["--where", "window > 3"], /^error: There is nothing to compare: no run fits\n/],
      [["--where", "window = 3"], /^error: There is nothing to compare: only one run fits\n/],
      [["--where", "windw = 3"], /did you mean window\?/],
      [[one, "--where", "window = 3"], /^error: Cannot use both --where and a run\n/],
    ];
    for (const [words, expected] of cases) {
      const { exit, out, err } = await call(["runs:compare", ...words]);
      assertEquals([exit, out], [2, ""]);
      assertMatch(err, expected);
    }
  });
});

Deno.test("--cols picks what is shown, in that order and equal or not", async () => {
  await withWorkspace(async (workspace) => {
    const { call } = workspace;
    await runsOf(workspace, [1, 2]);
    const compare = "runs:compare latest~1 latest --cols ";
    assertEquals(
      (await call(`${compare}signal_rate,seed,param.window`)).out,
      `same data, same code, 1 parameter differs: window, different result

                     7adgkp  ekrx27  change  relative
metric  signal_rate       0    0.75   +0.75
config  seed             42      42
param   window            1       2
`,
    );
    const { exit, out, err } = await call(`${compare}window,signal_rat`);
    assertEquals([exit, out], [2, ""]);
    assertMatch(
      err,
      /^error: Cannot show 'signal_rat': no run has it; did you mean signal_rate\?\n/,
    );
  });
});

Deno.test("with --csv each run is a line, values in full and formulas text", async () => {
  await withWorkspace(async ({ call }) => {
    await call("run");
    await call(["run", "--set", "window=2", "--name", "=1+1"]);
    const words = "runs:compare latest~1 latest --cols name,window,signal_rate --csv";
    const { exit, out } = await call(words);
    assertEquals([exit, out.replaceAll("\r\n", "\n")], [
      0,
      `id,run.name,param.window,metric.signal_rate,metric.signal_rate.change,metric.signal_rate.relative
20261123-085500-7adgkp,,3,0.6666666666666666,0,0
20261123-085501-ekrx27,'=1+1,2,0.75,0.08333333333333337,0.12500000000000006
`,
    ]);
    const both = await call(`${words} --md`);
    assertEquals([both.exit, both.out], [2, ""]);
    assertMatch(both.err, /^error: Cannot print --csv and --md at once\n/);
  });
});
