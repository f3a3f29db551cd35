import { assertEquals, assertMatch } from "@std/assert";
import { DATA, withWorkspace } from "../workspace.ts";

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

                        7adgkp    ekrx27
run     name                 -       two
param   window               3         2
hash    config …
        signal …
        result …
        fingerprint …
metric  ones                 2         3
        signal_rate  0.6666667      0.75
        valid_bars           3         4
        warmup_bars          2         1
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
    assertMatch(same.out, /^run +data_path +data\.csv +quoted\.csv$/m);
    const other = await call("runs:compare latest~2 latest");
    assertMatch(other.out, /^different data, same code, same parameters, different result\n/);
  });
});

Deno.test("a failed run among them is said first, and what it lacks is a dash", async () => {
  await withWorkspace(async ({ call }) => {
    await call("run");
    await call("run --set windw=3");
    const { exit, out } = await call("runs:compare latest~1 latest");
    assertEquals(exit, 0);
    assertMatch(out, /^1 of 2 did not finish, data unknown for some, same code, result unknown/);
    assertMatch(out, /^run +status +finished +failed$/m);
    assertMatch(out, /^metric +ones +2 +-$/m);
    assertMatch(
      (await call("runs:compare latest latest")).out,
      /^2 of 2 did not finish, data unknown, same code, result unknown\n/,
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
    assertEquals(Object.keys(result), ["schema", "verdict", "total", "runs", "comparison"]);
    assertEquals([result.schema, result.total], [1, 2]);
    assertMatch(result.verdict, /^same data, same code, 1 parameter differs: window/);
    assertEquals(
      result.comparison.find(({ name }: { name: string }) => name === "window"),
      { kind: "param", name: "window", values: [3, 2], differs: true },
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
