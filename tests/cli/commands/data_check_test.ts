import { assertEquals, assertMatch } from "@std/assert";
import { withWorkspace } from "../workspace.ts";

const OHLCV = `Date,Open,High,Low,Close,Volume
2024-01-01,10,12.50,9,11,100
2024-01-02,11,12,10,11,0
2024-01-02,11,12,10,11,0
2024-01-05,11,10,12,5.5,1e-8
`;

const CLOSES = "time,close\n2024-01-01,10\n2024-01-02,11\n";

/** Without the line on the form, whose words belong to what detects it. */
function withoutForm(out: string): string {
  return out.replace(/^ {2}form .*\n/gm, "");
}

Deno.test("a file is told with all that is noteworthy, and its first bars exactly", async () => {
  await withWorkspace(async ({ call, write, files }) => {
    await write("ohlcv.csv", OHLCV);
    const before = files();
    const { exit, out, err } = await call("data:check ohlcv.csv --head 2");
    assertEquals([exit, err], [0, ""]);
    assertEquals(
      withoutForm(out),
      `$DIR/ohlcv.csv
  rows                    4, of which 3 are bars
  dropped                 1 with a repeated time
  columns                 open, high, low, close, volume
  order                   oldest first
  first                   2024-01-01 00:00:00
  last                    2024-01-05 00:00:00
  interval                1 d
  gaps                    1, 2 bars missing; the longest is 3 d from 2024-01-02 00:00:00
  repeated times          1 identical (2024-01-02 00:00:00)
  zero prices             0
  negative prices         0
  high below low          1
  close outside high-low  1
  unchanged closes        1 (50 %)
  largest move            -50 % at 2024-01-05 00:00:00
  read                    close 'Close' and time 'Date' by their titles
  warning                 1 bar closes outside of its high and low
  warning                 1 bar has a high below its low
  warning                 1 row with a repeated time was dropped
  warning                 2 bars are missing in 1 place

  BAR  TIME (UTC)                OPEN  HIGH  LOW  CLOSE  VOLUME
    0  2024-01-01T00:00:00.000Z    10  12.5    9     11     100
    1  2024-01-02T00:00:00.000Z    11    12   10     11       0
`,
    );
    assertEquals(files(), before);
  });
});

Deno.test("with --json a check is data", async () => {
  await withWorkspace(async ({ call, write }) => {
    await write("ohlcv.csv", OHLCV);
    const { exit, out, err } = await call("data check ohlcv.csv nope.csv --json --head 9");
    assertEquals([exit, err], [1, ""]);
    const { schema, total, files: [file, missing] } = JSON.parse(out);
    assertEquals([schema, total], [1, 2]);
    assertEquals([file.path, file.status], ["$DIR/ohlcv.csv", "ok"]);
    assertEquals([file.left_out, file.bytes], [[], OHLCV.length]);
    assertMatch(file.hash, /^sha256:[0-9a-f]{64}$/);
    assertEquals(file.quality.columns, "open, high, low, close, volume");
    assertEquals([file.quality.gaps, file.quality.missing_bars], [1, 2]);
    assertEquals(file.head.length, 3);
    assertEquals(file.head[2], {
      bar: 2,
      time: "2024-01-05T00:00:00.000Z",
      open: "11",
      high: "10",
      low: "12",
      close: "5.5",
      volume: "0.00000001",
    });
    assertEquals([missing.path, missing.status, missing.error_code], [
      "$DIR/nope.csv",
      "error",
      "data_unreadable",
    ]);
    assertMatch(missing.error_message, /^Cannot find the data file /);
  });
});

Deno.test("only the columns that a file has are looked at", async () => {
  await withWorkspace(async ({ call, write }) => {
    await write("closes.csv", CLOSES);
    const { exit, out } = await call("data:check closes.csv --head 1");
    assertEquals(exit, 0);
    assertMatch(out, /^ {2}columns +close$/m);
    assertMatch(out, /^ {2}BAR {2}TIME \(UTC\) +CLOSE\n {4}0 {2}2024-01-01T00:00:00\.000Z +10$/m);
    assertEquals(/high below low/.test(out), false);
  });
});

Deno.test("a column that most rows lack is left out, and the rest is checked", async () => {
  await withWorkspace(async ({ call, write }) => {
    await write(
      "sparse.csv",
      "time,open,close,volume\n2024-01-01,5,5,\n2024-01-02,6,6,\n2024-01-03,7,7,9\n",
    );
    const { exit, out } = await call("data:check sparse.csv");
    assertEquals(exit, 0);
    assertMatch(
      out,
      /^ {2}left out +volume: missing in more rows than max_missing allows$/m,
    );
    assertMatch(out, /^ {2}columns +open, close$/m);
    await write(
      "sparser.csv",
      "time,open,close,volume\n2024-01-01,,5,\n2024-01-02,,6,\n2024-01-03,7,7,9\n",
    );
    const sparser = (await call("data:check sparser.csv")).out;
    assertMatch(sparser, /^ {2}columns +close$/m);
    // Named are those that the file has.
    assertMatch(sparser, /^ {2}left out +open, volume: missing/m);
    const { quality } = JSON.parse(
      (await call("data:check sparse.csv --json --set max_missing=1")).out,
    ).files[0];
    assertEquals([quality.dropped_missing, quality.dropped_lines, quality.bars], [2, "2, 3", 1]);
  });
});

Deno.test("a file that cannot be used is an error, and the others are checked all the same", async () => {
  await withWorkspace(async ({ call, write }) => {
    await write("gone.csv", "time,close\n2024-01-01,\n2024-01-02,\n");
    await write("closes.csv", CLOSES);
    await write("price.csv", "time,last\n2024-01-01,5\n");
    const { exit, out, err } = await call("data:check gone.csv price.csv closes.csv");
    assertEquals(exit, 1);
    assertMatch(out, /^\n\$DIR\/closes\.csv\n/);
    assertMatch(err, /^error: Cannot use \$DIR\/gone\.csv: 2 of 2 rows have no close/);
    assertMatch(err, /^error: Cannot find column 'close' in \$DIR\/price\.csv/m);
    const named = await call("data:check price.csv --set columns.close=last");
    assertEquals([named.exit, named.err], [0, ""]);
  });
});

Deno.test("two rows that tell different stories about one time are shown and refused", async () => {
  await withWorkspace(async ({ call, write }) => {
    await write("twice.csv", "time,close\n2024-01-01,5\n2024-01-01,6\n2024-01-02,7\n");
    const { exit, out, err } = await call("data:check twice.csv");
    assertEquals(exit, 1);
    assertEquals(
      err,
      `error: Cannot use $DIR/twice.csv: two rows for 2024-01-01T00:00:00.000Z differ in their close
hint: Correct the file, or say which row of a time counts: --set duplicates=first or --set duplicates=last
`,
    );
    assertMatch(out, /^ {2}rows +3$/m);
    assertMatch(out, /^ {2}repeated times +1 conflicting \(2024-01-01 00:00:00\)$/m);
    const [file] = JSON.parse((await call("data:check twice.csv --json")).out).files;
    assertEquals([file.status, file.error_code], ["error", "data_invalid"]);
    assertEquals([file.quality.bars, file.quality.repeated_conflicting], [3, 1]);
    for (const [duplicates, close] of [["first", "5"], ["last", "6"]]) {
      const words = `data:check twice.csv --json --head 1 --set duplicates=${duplicates}`;
      const settled = await call(words);
      assertEquals([settled.exit, settled.err], [0, ""]);
      const [{ status, quality, head }] = JSON.parse(settled.out).files;
      assertEquals([status, quality.bars, quality.dropped_repeated], ["ok", 2, 1]);
      assertEquals(head[0].close, close);
    }
  });
});

Deno.test("only keys about data can be set", async () => {
  await withWorkspace(async ({ call }) => {
    const refused = async (words: string): Promise<string> => {
      const { exit, out, err } = await call(`data:check data.csv ${words}`);
      assertEquals([exit, out], [2, ""]);
      return err;
    };
    assertMatch(
      await refused("--set window=5"),
      /^error: Cannot use '--set window=5': window says nothing about how data is read/,
    );
    assertMatch(await refused("--set colums.close=x"), /did you mean columns\?/);
    assertMatch(
      await refused("--set columns.clsoe=x"),
      /^error: Cannot use --set columns\.clsoe: there is no such column; did you mean close\?/,
    );
    assertMatch(
      await refused("--set max_missing=01"),
      /^error: Cannot use --set max_missing: '01' is 1 to some readers .*: write 1$/m,
    );
    assertMatch(
      await refused("--set max_missing=2"),
      /^error: Cannot use --set max_missing: expected a number from 0 to 1, got 2/,
    );
    assertMatch(
      await refused("--set time_format=xyz"),
      /^error: Cannot use --set time_format: expected one of iso, dmy, mdy, ymd, s, ms, us, ns, excel, got 'xyz'/,
    );
    assertMatch(
      await refused("--set duplicates=both"),
      /^error: Cannot use --set duplicates: expected one of first, last, keep, got 'both'/,
    );
    assertMatch(
      await refused("--set time_zone=Mars/Olympus"),
      /^error: Cannot use --set time_zone: no such time zone: 'Mars\/Olympus'$/m,
    );
    assertMatch(await refused("--set columns=5"), /expected keys with values, got 5/);
    assertMatch(await refused("--head 0"), /expected a whole number from 1/);
  });
});

Deno.test("times are read as the flags say", async () => {
  await withWorkspace(async ({ call, write }) => {
    await write("us.csv", "time,close\n01/02/2024 09:30,5\n");
    const { exit, err } = await call("data:check us.csv");
    assertEquals(exit, 1);
    assertMatch(err, /^hint: .*--set time_format=dmy .*--set time_format=mdy /m);
    const { out } = await call(
      "data:check us.csv --set time_format=mdy --set time_zone=America/New_York",
    );
    assertMatch(out, /^ {2}first +2024-01-02 14:30:00$/m);
  });
});

Deno.test("without a file the usage is wrong", async () => {
  await withWorkspace(async ({ call }) => {
    const { exit, err } = await call("data:check");
    assertEquals(exit, 2);
    assertMatch(err, /^error: Expected FILE…, got nothing/);
  });
});

Deno.test("text from a file cannot command the terminal", async () => {
  await withWorkspace(async ({ call, write }) => {
    await write("a\u001b[2J.csv", CLOSES);
    const { out } = await call(["data:check", "a\u001b[2J.csv"]);
    assertMatch(out, /^\$DIR\/a\\u\{1b\}\[2J\.csv\n/);
  });
});
