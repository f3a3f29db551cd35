import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { LoadedBars } from "../../lib/bars/load.ts";
import { loadSeries, type SeriesRequest } from "../../lib/bars/series.ts";
import { textAt, type TextColumn } from "../../lib/bars/text_column.ts";
import type { UserError } from "../../lib/errors.ts";
import { inputOf } from "../fake_host.ts";
import { withTempDir } from "../temp_dir.ts";
import { bytesOf, loadText, requestFor } from "./load_text.ts";
import { refusalOf } from "./refusal.ts";

type Contents = Readonly<Record<string, string | Uint8Array>>;
type Options = Partial<Omit<SeriesRequest, "paths">>;

/** Calls `use` with the request for files of these contents, in this order. */
function withSeries<T>(
  contents: Contents,
  use: (request: SeriesRequest) => Promise<T>,
  options: Options = {},
): Promise<T> {
  return withTempDir(async (dir) => {
    for (const [name, content] of Object.entries(contents)) {
      await Deno.mkdir(join(dir, name, ".."), { recursive: true });
      await Deno.writeFile(join(dir, name), bytesOf(content));
    }
    const paths = Object.keys(contents).map((name) => join(dir, name));
    const { path: _, ...request } = requestFor("", options);
    return await use({ ...request, paths });
  });
}

function load(contents: Contents, options: Options = {}): Promise<LoadedBars> {
  return withSeries(contents, loadSeries, options);
}

function refusal(contents: Contents, options: Options = {}): Promise<UserError> {
  return withSeries(contents, (request) => refusalOf(() => loadSeries(request)), options);
}

function linesOf(lines: TextColumn | null): readonly string[] {
  return Array.from(
    { length: lines!.length },
    (_, t) => new TextDecoder().decode(textAt(lines!, t)),
  );
}

function sha256(content: string | Uint8Array): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

async function gzipped(text: string): Promise<Uint8Array> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

Deno.test("files of any form are one series in time order, their values exact", async () => {
  const loaded = await load({
    "b.csv": "date;close\n2020-01-04;4,5\n2020-01-03;3,25\n",
    "c.csv.gz": await gzipped("time,open,close\n1578182400,1,0.00000001\n1578268800,1,6\n"),
    "a.csv": "1577836800,1,1,1,1,10\n1577923200,2,2,2,2,20\n",
    "d.json": JSON.stringify([{ time: 1578355200000, close: "12345678901234567.5" }]),
  }, { keepLines: true });
  const { bars, lines, files, form, quality, rowsRead } = loaded;
  assertEquals([...bars.times!].map((ms) => (ms - 1577836800000) / 86_400_000), [
    ...[0, 1, 2, 3, 4, 5, 6],
  ]);
  assertEquals(bars.close.decimals, 8);
  assertEquals([...bars.close.units].map(String), [
    "100000000",
    "200000000",
    "325000000",
    "450000000",
    "1",
    "600000000",
    "1234567890123456750000000",
  ]);
  assertEquals(linesOf(lines).map((line) => line.replace(/^[^,]*,/, "")), [
    "1",
    "2",
    '"3,25"',
    '"4,5"',
    "0.00000001",
    "6",
    "12345678901234567.5",
  ]);
  assertEquals(linesOf(lines)[2], '2020-01-03,"3,25"');
  assertEquals(files.map(({ path, rows }) => [path.replace(/.*\//, ""), rows]), [
    ["a.csv", 2],
    ["b.csv", 2],
    ["c.csv.gz", 2],
    ["d.json", 1],
  ]);
  assertMatch(form, /^4 files: 1 × .* \| 1 × .*semicolons.* \| 1 × .* \| 1 × JSON; /);
  // Files of both orders.
  assertEquals([rowsRead, quality.order, quality.rowsRead], [7, "unsorted", 7]);
});

Deno.test("the lines of long files are those of one file", async () => {
  const rows = Array.from({ length: 40_000 }, (_, row) => `${100000000 + row},${row + 1}.50\n`);
  const header = "time,close\n";
  const contents = {
    "a.csv": header + rows.slice(17_000).reverse().join(""),
    "b.csv": header + rows.slice(0, 17_000).join(""),
  };
  const { lines } = await load(contents, { keepLines: true });
  assertEquals(linesOf(lines), rows.map((row) => row.trimEnd()));
});

Deno.test("the hash is over the files' hashes and sizes, whatever their names and order", async () => {
  const [a, b] = ["time,close\n100000001,1\n", "time,close\n100000002,2\n100000003,3\n"];
  const { dataHash, bytes, files, form } = await load({ "a.csv": a, "b.csv": b });
  assertEquals(dataHash, sha256(`${sha256(a)} ${a.length}\n${sha256(b)} ${b.length}\n`));
  assertEquals([bytes, files.map((file) => file.bytes)], [a.length + b.length, [
    a.length,
    b.length,
  ]]);
  assertEquals(files.map((file) => file.dataHash), [sha256(a), sha256(b)]);
  assertMatch(form, /^2 files: commas, header in line 1; time, close$/);
  assertEquals((await load({ "x/a.csv": b, "é.csv": a })).dataHash, dataHash);
  // With equal times, too.
  const [same, other] = ["time,close\n100000001,1\n", "time,close\n100000001,1.0\n"];
  const first = await load({ "a.csv": same, "b.csv": other }, { keepLines: true });
  const second = await load({ "a.csv": other, "b.csv": same }, { keepLines: true });
  assertEquals(first.dataHash, second.dataHash);
  assertEquals(linesOf(first.lines), linesOf(second.lines));
});

Deno.test("however rows are spread over files, the bars are those of one file", async () => {
  const row = fc.tuple(
    fc.integer({ min: 0, max: 40 }),
    fc.oneof(
      fc.integer({ min: 1, max: 1e9 }).map((units) => `${units / 100}`),
      fc.constantFrom("0.000000000001", "123456789012345678901", "9007199254740991", ""),
    ),
  );
  const file = fc.record({
    rows: fc.array(row, { minLength: 1, maxLength: 6 }),
    order: fc.constantFrom("as is", "ascending", "descending"),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(file, { minLength: 2, maxLength: 4 }),
      fc.constantFrom("first" as const, "last" as const),
      async (parts, duplicates) => {
        // A close for each time, so that no two rows conflict.
        const closes = new Map(parts.flatMap(({ rows }) => rows));
        const texts = parts.map(({ rows, order }) => {
          const times = rows.map(([time]) => time);
          if (order !== "as is") times.sort((a, b) => a - b);
          if (order === "descending") times.reverse();
          return times.map((time) => `${100000000 + time},${closes.get(time)}\n`);
        });
        const options = { maxMissing: 1, duplicates };
        const one = await loadText(`time,close\n${texts.flat().join("")}`, options);
        const contents = texts.map((rows, at) => [`${at}.csv`, `time,close\n${rows.join("")}`]);
        const several = await load(Object.fromEntries(contents), options);
        assertEquals(several.rowsHash, one.rowsHash);
        assertEquals(
          [several.rowsRead, several.missing.count],
          [one.rowsRead, one.missing.count],
        );
        const reversed = await load(Object.fromEntries(contents.reverse()), options);
        assertEquals([reversed.dataHash, reversed.rowsHash], [several.dataHash, one.rowsHash]);
      },
    ),
    { seed: 11, numRuns: 60 },
  );
});

Deno.test("of rows of one time the first is that of the file that begins first", async () => {
  const contents = {
    "late.csv": "time,close\n100000004,40\n100000003,31\n100000003,32\n100000002,20\n",
    "early.csv": "time,close\n100000001,1\n100000003,3\n",
  };
  const closes = async (
    duplicates: "first" | "last",
  ) => [...(await load(contents, { duplicates })).bars.close.values];
  assertEquals(await closes("first"), [1, 20, 3, 40]);
  assertEquals(await closes("last"), [1, 20, 32, 40]);
});

Deno.test("rows of two files that conflict are told with their files", async () => {
  const contents = {
    "2024/a.csv": "time,close\n100000001,1\n100000002,2\n",
    "2025/b, c.csv": "time,close\n100000003,3\n100000002,2.5\n",
  };
  const { message, code } = await refusal(contents);
  assertEquals(code, "data_invalid");
  assertEquals(
    message,
    "Cannot use the 2 data files: two rows for 1973-03-03T09:46:42.000Z " +
      "(in 2024/a.csv and in 2025/b, c.csv) differ in their close",
  );
  const within = await refusal({
    "a.csv": "time,close\n100000001,1\n100000001,2\n",
    "b.csv": "time,close\n100000005,3\n",
  });
  assertMatch(within.message, /\(in a\.csv\) differ in their close$/);
  const reported = await load(contents, { conflicts: "report" });
  assertEquals(reported.quality.repeats?.conflicting.count, 1);
});

Deno.test("the order in which the rows stood is told of the whole", async () => {
  const row = (second: number): string => `${100000000 + second},1\n`;
  const file = (...seconds: number[]): string => `time,close\n${seconds.map(row).join("")}`;
  const cases: [files: string[], order: string][] = [
    [[file(3, 4), file(1, 2)], "ascending"],
    [[file(1, 2), file(2, 3)], "ascending"],
    [[file(2, 1), file(4, 3)], "descending"],
    [[file(2, 1), file(3)], "descending"],
    [[file(1), file(2)], "ascending"],
    [[file(2, 1), file(3, 4)], "unsorted"],
    [[file(1, 3), file(2, 4)], "unsorted"],
    [[file(1, 3, 2), file(4, 5)], "unsorted"],
  ];
  for (const [files, order] of cases) {
    const contents = Object.fromEntries(files.map((content, at) => [`${at}.csv`, content]));
    assertEquals((await load(contents)).quality.order, order, JSON.stringify(files));
  }
});

Deno.test("a row without a close is told with its file, and counted in the share of all", async () => {
  const contents = {
    "b.csv": "time,close\n100000003,\n100000004,4\n100000005,NaN\n",
    "sub/a.csv": "time,close\n100000001,1\n100000002,\n",
    "none.csv": "time,close\n100000009,\n",
  };
  const { missing, rowsRead, quality, bars, files } = await load(contents, { maxMissing: 0.7 });
  assertEquals([missing.count, rowsRead, bars.length], [4, 6, 2]);
  assertEquals(missing.lines, ["sub/a.csv:3", "b.csv:2", "b.csv:4", "none.csv:2"]);
  assertEquals(quality.missing, missing);
  assertEquals(files.map(({ rows }) => rows), [2, 3, 1]);
  const { message, code } = await refusal(contents, { maxMissing: 0.5 });
  assertEquals(code, "data_missing_values");
  assertEquals(
    message,
    "Cannot use the 3 data files: 4 of 6 rows have no close " +
      "(at sub/a.csv:3, b.csv:2, b.csv:4, none.csv:2), more than max_missing (0.5) allows",
  );
});

Deno.test("files without times cannot be put in order", async () => {
  const named = await refusal({ "a.csv": "time,close\n100000001,1\n", "b.csv": "close\n2\n" });
  assertEquals(named.code, "data_column_missing");
  assertMatch(named.message, /^Cannot find the times of .*b\.csv: /);
  const none = await refusal(
    { "a.csv": "time,close\n1,1\n", "b.csv": "time,close\n1,1\n" },
    { overrides: { time: "None" } },
  );
  assertEquals(none.message, "Cannot put 2 data files in time order: columns.time is none");
});

Deno.test("a file that is not fit is refused by its name, whichever it is", async () => {
  const good = "time,close\n100000001,1\n";
  const cases: [content: string | Uint8Array, code: string, message: RegExp][] = [
    ["", "data_empty", /Cannot read .*\/bad\.csv: it is empty/],
    ["time,close\n", "data_empty", /Cannot read .*\/bad\.csv: it has a header line but no rows/],
    ["time,price\n100000002,2\n", "data_column_missing", /column 'close' in .*\/bad\.csv: /],
    ["time,close\n100000002,x\n", "data_invalid", /Cannot read .*\/bad\.csv:2 \(row 1\): /],
    [Uint8Array.of(0x1f, 0x8b, 8, 0), "data_invalid", /Cannot read .*\/bad\.csv: the compressed/],
  ];
  for (const [content, code, message] of cases) {
    for (const names of [["a.csv", "bad.csv", "c.csv"], ["bad.csv", "a.csv"]]) {
      const contents = names.map((name) => [name, name === "bad.csv" ? content : good]);
      const refused = await refusal(Object.fromEntries(contents));
      assertEquals(refused.code, code);
      assertMatch(refused.message, message);
    }
  }
});

Deno.test("a file that is not there, or a folder, is refused before anything is read", async () => {
  await withSeries({ "a.csv": "time,close\nx,x\n", "d/b.csv": "x" }, async (request) => {
    const folder = join(request.paths[0]!, "..");
    const missing = [...request.paths, join(folder, "gone.csv")];
    const gone = await refusalOf(() => loadSeries({ ...request, paths: missing }));
    assertMatch(gone.message, /^Cannot find the data file .*gone\.csv$/);
    const withFolder = [request.paths[0]!, join(folder, "d")];
    const { message } = await refusalOf(() => loadSeries({ ...request, paths: withFolder }));
    assertMatch(message, /\/d: it is a directory, not a data file$/);
  });
});

Deno.test("a file of a series that is written to while it is read is refused", async () => {
  const rows = `time,close\n${"100000001,1\n".repeat(8)}`;
  await withSeries({ "a.csv": rows, "b.csv": rows }, async (request) => {
    let touched = false;
    const error = await refusalOf(() =>
      loadSeries({
        ...request,
        blockBytes: 32,
        onProgress: (done) => {
          if (done <= rows.length || touched) return;
          touched = true;
          Deno.writeTextFileSync(request.paths[1]!, "100000009,1\n", { append: true });
        },
      })
    );
    assertMatch(error.message, /^Cannot trust .*b\.csv: it changed while it was read$/);
  });
});

Deno.test("progress goes on from file to file, up to the bytes of all", async () => {
  const contents = {
    "b.csv": `time,close\n${"100000003,3\n".repeat(9)}`,
    "a.csv": `time,close\n${"100000001,1\n".repeat(5)}`,
  };
  const seen: [done: number, total: number][] = [];
  const { bytes } = await load(contents, {
    blockBytes: 32,
    onProgress: (done, total) => void seen.push([done, total]),
  });
  assert(seen.length > 4 && seen.every(([, total]) => total === bytes));
  assertEquals(seen.map(([done]) => done), seen.map(([done]) => done).sort((a, b) => a - b));
  assertEquals(seen.at(-1)![0], bytes);
});

Deno.test("an abort ends the reading between files", async () => {
  const rows = "time,close\n100000001,1\n";
  const controller = new AbortController();
  await withSeries({ "a.csv": rows, "b.csv": rows }, async (request) => {
    let error: unknown;
    try {
      await loadSeries({
        ...request,
        abort: controller.signal,
        onProgress: () => controller.abort("enough"),
      });
    } catch (thrown) {
      error = thrown;
    }
    assertEquals(error, "enough");
  });
});

Deno.test("standard input may be one of the files", async () => {
  await withSeries({ "a.csv": "time,close\n100000002,2\n100000003,\n" }, async (request) => {
    const { bars, files, missing } = await loadSeries({
      ...request,
      maxMissing: 1,
      paths: [...request.paths, "-"],
      stdin: inputOf("time,close\n100000000,\n100000001,1\n"),
    });
    assertEquals([...bars.close.values], [1, 2]);
    assertEquals(files.map(({ path }) => path), ["-", request.paths[0]!]);
    assertEquals(missing.lines, ["standard input:2", "a.csv:3"]);
  });
});

Deno.test("a thousand files are a series like any other", async () => {
  const names = Array.from({ length: 1000 }, (_, at) => `${(at * 7919) % 1000}.csv`);
  const contents = Object.fromEntries(names.map((name, at) => [
    name,
    `time,close\n${100000000 + at * 2},${at + 1}\n${100000001 + at * 2},${at + 1}.5\n`,
  ]));
  const { bars, files } = await load(contents);
  assertEquals([bars.length, files.length, bars.close.decimals], [2000, 1000, 1]);
  assertEquals([...bars.close.units], Array.from({ length: 2000 }, (_, at) => 10 + at * 5));
});
