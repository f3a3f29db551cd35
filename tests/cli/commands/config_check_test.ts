import { assertEquals } from "@std/assert";
import { withWorkspace } from "../workspace.ts";

Deno.test("a config is shown resolved, as YAML, with its hash", async () => {
  await withWorkspace(async ({ call, files }) => {
    const before = files();
    assertEquals(await call("config:check --set columns.close=Last --seed 7"), {
      exit: 0,
      out: `version: v1
seed: 7
experiment: rolling-mean
data: $DIR/data.csv
columns:
  close: Last
max_missing: 0.01
warmup: exclude
evaluate: false
signals: csv
keep_data: 64MB
window: 3
# sha256:8a3a0a9f20eeebb993532a5071af9a71a201ff817240c9cd1376a32e93f631f0
`,
      err: "",
    });
    assertEquals(files(), before);
  });
});

Deno.test("what config:check prints is a config that gives the same again", async () => {
  await withWorkspace(async ({ call, write, dir }) => {
    const { out } = await call("config:check --set warmup=zero");
    await Deno.mkdir(`${dir}/elsewhere`);
    await write("elsewhere/again.yaml", out.replaceAll("$DIR", dir));
    assertEquals((await call("config:check -c elsewhere/again.yaml")).out, out);
  });
});

Deno.test("with --json a config is data", async () => {
  await withWorkspace(async ({ call }) => {
    const { exit, out } = await call("config check --json");
    assertEquals(exit, 0);
    assertEquals(JSON.parse(out), {
      schema: 1,
      config: {
        version: "v1",
        seed: 42,
        experiment: "rolling-mean",
        data: "$DIR/data.csv",
        columns: {},
        max_missing: 0.01,
        warmup: "exclude",
        evaluate: false,
        signals: "csv",
        keep_data: "64MB",
        window: 3,
      },
      config_hash: "sha256:18a714079c95f9c64a58a83e1ea5834a79ba379d97f154b4183fc61d9ef34cd3",
    });
  });
});

Deno.test("no data is read to check a config", async () => {
  await withWorkspace(async ({ call }) => {
    assertEquals((await call("config:check --data nope.csv")).exit, 0);
  });
});

Deno.test("all problems of a config are told at once", async () => {
  await withWorkspace(async ({ call, write }) => {
    await write("config.yaml", "version: 1\nseed: 042\nwindw: 5\n");
    assertEquals(await call("config:check --set signals=cvs --json"), {
      exit: 2,
      out: "",
      err: `error: The config $DIR/config.yaml has 3 problems:
  $DIR/config.yaml:2:1: seed: '042' is 42 to some readers of YAML and 34 to others: write 42 or 34
  $DIR/config.yaml:3:1: windw: unknown key; did you mean window?
  --set signals=cvs: signals: expected one of csv, parquet, none, got 'cvs'
hint: The README lists all keys with their values.
`,
    });
  });
});
