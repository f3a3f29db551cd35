import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { withWorkspace } from "../workspace.ts";

Deno.test("a run is shown in sections", async () => {
  await withWorkspace(async ({ call }) => {
    await call("run --name wide --tag b --tag a");
    const { exit, out, err } = await call("runs:show latest");
    assertEquals([exit, err], [0, ""]);
    const shown = out
      .replaceAll(/sha256:[0-9a-f]{64}/g, "sha256:…")
      .replaceAll(/\d+ bytes {2,}/g, "N bytes  ")
      .replace(/^( {2}sqlite +)3\.\d+\.\d+$/m, "$13.…");
    assertEquals(
      shown,
      `Run
  id         20261123-085500-7adgkp
  name       wide
  tags       a, b
  status     finished
  started    2026-11-23 08:55:00 UTC
  duration   2.50 ms
  latency    1.25 ms
  directory  runs/20261123-085500-7adgkp

Config
  version      v1
  seed         42
  experiment   rolling-mean
  data         $DIR/data.csv
  columns      {}
  max_missing  0.01
  warmup       exclude
  evaluate     false
  signals      csv
  keep_data    64MB
  window       3

Data
  path              $DIR/data.csv
  sha256            sha256:…
  rows              5
  dropped           none
  columns           close
  order             oldest first
  first             1973-03-03 09:46:41
  last              1973-03-03 09:46:45
  interval          1 s
  gaps              none
  repeated times    none
  zero prices       0
  negative prices   0
  unchanged closes  0 (0 %)
  largest move      +18.18 % at 1973-03-03 09:46:45
  read              close 'close' and time 'time' by their titles

Metrics
  ones         2
  signal_rate  0.6666666666666666
  ties         0
  valid_bars   3
  warmup_bars  2

Hashes
  config       sha256:…
  data         sha256:…
  rows         sha256:…
  code         sha256:…
  signal       sha256:…
  result       sha256:…
  fingerprint  sha256:…

Environment
  sigrun     0.0.0-test
  deno       2.0.0
  v8         13.0.0
  sqlite     3.…
  os         linux
  osRelease  6.0.0
  arch       x86_64
  hostname   test
  git        none

Files
  config.yaml   N bytes  runs/20261123-085500-7adgkp/config.yaml
  metrics.json  N bytes  runs/20261123-085500-7adgkp/metrics.json
  run.log       N bytes  runs/20261123-085500-7adgkp/run.log
  signals.csv   N bytes  runs/20261123-085500-7adgkp/signals.csv
`,
    );
  });
});

Deno.test("a failed run is shown with its error, every problem on its own line", async () => {
  await withWorkspace(async ({ call }) => {
    const error = new TypeError("two problems:\n  one\n  another");
    await call("run", { experiments: { "rolling-mean": () => Promise.reject(error) } });
    const { exit, out } = await call("runs:show latest");
    assertEquals(exit, 0);
    assertStringIncludes(
      out,
      `  status      failed
  started     2026-11-23 08:55:00 UTC
  duration    1.25 ms
  directory   runs/20261123-085500-7adgkp
  error code  internal
  error       A bug in sigrun: two problems:
                one
                another

Config
  none

Data
  path    unknown
  sha256  unknown

Metrics
  none

Hashes
  config       none
`,
    );
  });
});

Deno.test("a run is named by id, suffix, beginning of either, latest, or how far before it", async () => {
  await withWorkspace(async ({ call }) => {
    await call("run");
    await call("run --set window=2");
    const first = await call("runs:show latest~1");
    assertMatch(first.out, /^ {2}id +20261123-085500-7adgkp$/m);
    for (
      const reference of ["20261123-085500-7adgkp", "7adgkp", "7ADGKP", "7a", "20261123-085500"]
    ) {
      assertEquals(await call(["runs:show", reference]), first);
    }
    assertEquals(await call("runs:show latest~0"), await call("runs:show latest"));
    const ambiguous = await call("runs:show 20261123");
    assertEquals(ambiguous.exit, 2);
    assertMatch(ambiguous.err, /'20261123'.*20261123-085501-ekrx27, 20261123-085500-7adgkp/);
  });
});

Deno.test("a reference that looks like a number is the text that was typed", async () => {
  await withWorkspace(async ({ call }) => {
    await call("run");
    for (const reference of ["012345", "1e5", "0x1F", "1_000", "Infinity", "latest~99", "%", "_"]) {
      const { exit, out, err } = await call(["runs:show", reference]);
      assertEquals([exit, out], [2, ""]);
      assertStringIncludes(err, `error: Cannot find run '${reference}' in the registry\nhint: `);
    }
  });
});

Deno.test("with --json a run is its record, as in a list", async () => {
  await withWorkspace(async ({ call }) => {
    await call("run --name wide");
    const { schema, ...run } = JSON.parse((await call("runs:show latest --json")).out);
    const { runs } = JSON.parse((await call("runs:list --json")).out);
    assertEquals(schema, 1);
    assertEquals(run, runs[0]);
  });
});

Deno.test("with --json the quality of the data is that of metrics.json", async () => {
  await withWorkspace(async ({ call, write }) => {
    await write("gap.csv", "time,close\n2024-01-01,5\n2024-01-02,6\n2024-01-03,7\n2024-01-06,8\n");
    const { quality } = JSON.parse((await call("run --json --data gap.csv")).out);
    const run = JSON.parse((await call("runs:show latest --json")).out);
    assertEquals(run.quality, quality);
    assertEquals(
      [quality.rows_read, quality.interval_ms, quality.gaps, quality.missing_bars],
      [4, 86_400_000, 1, 2],
    );
    assertEquals(quality.last_time, "2024-01-06T00:00:00.000Z");
    assertMatch((await call("runs:show latest")).out, /^ {2}gaps +1\b/m);
    await call("run --data nope.csv");
    assertEquals(JSON.parse((await call("runs:show latest --json")).out).quality, null);
  });
});
