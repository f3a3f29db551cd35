import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { createHash } from "node:crypto";
import { loadBars, type LoadedBars, type LoadRequest } from "../../lib/bars/load.ts";
import { textAt, type TextColumn } from "../../lib/bars/text_column.ts";
import type { UserError } from "../../lib/errors.ts";
import { bytesOf, loadText, requestFor, withDataFile } from "./load_text.ts";
import { refusalOf } from "./refusal.ts";

const SAMPLE = fileURLToPath(new URL("../../data.csv", import.meta.url));

function refusal(
  content: string | Uint8Array,
  options: Partial<LoadRequest> = {},
): Promise<UserError> {
  return withDataFile(content, (path) => refusalOf(() => loadBars(requestFor(path, options))));
}

function textsOf(column: TextColumn | null): string[] {
  return Array.from(
    { length: column?.length ?? 0 },
    (_, t) => new TextDecoder().decode(textAt(column!, t)),
  );
}

/** All that a load gave, in a form that compares. */
function shown({ bars, lines, ...rest }: LoadedBars): unknown {
  return {
    ...rest,
    length: bars.length,
    times: bars.times === null ? null : [...bars.times],
    close: [[...bars.close.units], bars.close.decimals],
    lines: lines === null ? null : textsOf(lines),
  };
}

Deno.test("the sample file is read whole", async () => {
  const { bars, bytes, dataHash, rowsRead, quality, missing } = await loadBars(
    requestFor(SAMPLE, { columns: ["close", "open"] }),
  );
  const content = await Deno.readFile(SAMPLE);
  assertEquals([bars.length, rowsRead, bytes], [10_000, 10_000, content.length]);
  assertEquals(dataHash, `sha256:${createHash("sha256").update(content).digest("hex")}`);
  assertEquals([quality.order, quality.repeats?.identical.count, missing.count], [
    "ascending",
    0,
    0,
  ]);
  assertEquals(bars.times![0], Date.UTC(2019, 6, 16, 23));
  assertEquals([bars.open.values[0], bars.close.values[0]], [9470.02, 9439.59]);
  assertEquals("volume" in bars, false);
});

Deno.test("a load is the same whatever the size of the blocks", async () => {
  const content = await Deno.readTextFile(SAMPLE);
  const head = content.split("\n").slice(0, 60).join("\r\n");
  await withDataFile(head, async (path) => {
    const expected = shown(await loadBars(requestFor(path, { keepLines: true })));
    for (const blockBytes of [56, 57, 58, 61, 64, 100, 997, head.length, head.length + 1]) {
      const loaded = await loadBars(requestFor(path, { keepLines: true, blockBytes }));
      assertEquals(shown(loaded), expected, `blocks of ${blockBytes} bytes`);
    }
  });
});

Deno.test("a row far longer than a block comes out whole", async () => {
  const long = "x".repeat(5000);
  const { bars, lines } = await loadText(
    `note,close\n${long},${"0".repeat(900)}1.5\n"${long}\n""${long}",2\ny,3\n`,
    { blockBytes: 16, keepLines: true, overrides: { time: "none" } },
  );
  assertEquals([...bars.close.values], [1.5, 2, 3]);
  assertEquals(
    textsOf(lines).map((line) => line.split(",")[1]),
    [`${"0".repeat(900)}1.5`, "2", "3"],
  );
});

Deno.test("rows that stand newest first, or anyhow, come out in time order with their texts", async () => {
  const rows = ["1970-01-01,1.0", "1970-01-02,2.00", "1970-01-03,3", "1970-01-04,4"];
  const load = (order: readonly number[]): Promise<LoadedBars> =>
    loadText(`time,close\n${order.map((row) => rows[row]).join("\n")}\n`, { keepLines: true });
  const expected = await load([0, 1, 2, 3]);
  assertEquals(textsOf(expected.lines).length, 4);
  for (const order of [[3, 2, 1, 0], [2, 0, 3, 1], [1, 0, 2, 3]]) {
    const loaded = await load(order);
    assertEquals(loaded.quality.order, order[0] === 3 ? "descending" : "unsorted");
    assertEquals(loaded.rowsHash, expected.rowsHash);
    assertEquals([...loaded.bars.times!], [...expected.bars.times!]);
    assertEquals([...loaded.bars.close.values], [1, 2, 3, 4]);
    assertEquals(textsOf(loaded.lines), textsOf(expected.lines));
  }
});

Deno.test("unsorted rows of one time keep their order, and wide units are sorted too", async () => {
  const { bars, quality } = await loadText(
    "time,close\n100000002,1\n100000001,2\n100000002,12345678901234567890.5\n" +
      "100000001,4\n100000002,5\n",
    { conflicts: "report" },
  );
  assertEquals([quality.order, quality.repeats?.conflicting.count], ["unsorted", 3]);
  assertEquals(Array.from(bars.close.units, BigInt), [
    20n,
    40n,
    10n,
    123456789012345678905n,
    50n,
  ]);
});

Deno.test("rows of one time that differ are refused, unless it is said which one counts", async () => {
  const content = "time,close\n2024-01-01,1\n2024-01-02,2\n2024-01-02,3\n2024-01-03,4\n";
  const error = await refusal(content);
  assertEquals(error.code, "data_invalid");
  assertMatch(error.message, /two rows for 2024-01-02T00:00:00\.000Z differ in their close/);
  for (const [duplicates, closes] of [["first", [1, 2, 4]], ["last", [1, 3, 4]]] as const) {
    for (
      const text of [
        content,
        `time,close\n${content.trim().split("\n").slice(1).reverse().join("\n")}`,
      ]
    ) {
      const { bars, quality, lines } = await loadText(text, { duplicates, keepLines: true });
      // Newest first, the row that comes first in the file is the later one here.
      const expected = text === content ? closes : duplicates === "first" ? [1, 3, 4] : [1, 2, 4];
      assertEquals([...bars.close.values], expected);
      assertEquals(textsOf(lines).map((line) => line.split(",")[1]), expected.map(String));
      assertEquals(quality.repeatsDropped, 1);
    }
  }
});

Deno.test("rows of one time that say the same are one bar, and all of them count if that is wanted", async () => {
  const content = "time,close\n2024-01-01,1\n2024-01-01,1.0\n2024-01-02,2\n2024-01-02,2\n";
  const { bars, quality, lines } = await loadText(content, { keepLines: true });
  assertEquals([...bars.close.values], [1, 2]);
  assertEquals(textsOf(lines), ["2024-01-01,1", "2024-01-02,2"]);
  assertEquals([quality.rowsRead, quality.bars, quality.repeatsDropped], [4, 2, 2]);
  assertEquals(quality.repeats?.identical.count, 2);
  const all = await loadText(content, { duplicates: "keep" });
  assertEquals([...all.bars.close.values], [1, 1, 2, 2]);
  assertEquals([all.quality.repeatsDropped, all.quality.repeats?.identical.count], [0, 2]);
});

Deno.test("however rows are repeated and in what order they stand, each bar is there once", async () => {
  const bars = Array.from({ length: 9 }, (_, at) => `${1e9 + 60 * at},${at % 3}.5`);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat({ max: 8 }), { maxLength: 12 }),
      fc.constantFrom("as is", "ascending", "descending"),
      async (repeats, order) => {
        const rows = [...bars, ...repeats.map((at) => bars[at]!)];
        if (order !== "as is") rows.sort();
        if (order === "descending") rows.reverse();
        const { rowsHash, quality } = await loadText(`time,close\n${rows.join("\n")}\n`);
        assertEquals(rowsHash, (await loadText(`time,close\n${bars.join("\n")}\n`)).rowsHash);
        assertEquals(quality.repeatsDropped, repeats.length);
      },
    ),
    { seed: 5, numRuns: 60 },
  );
});

Deno.test("rows of one time that differ in a column that is read are not one bar", async () => {
  const error = await refusal("time,open,close\n2024-01-01,1,2\n2024-01-01,1.5,2\n", {
    columns: ["close", "open"],
  });
  assertMatch(error.message, /two rows for 2024-01-01T00:00:00\.000Z differ in their open/);
});

Deno.test("whether the day or the month stands first is decided from the whole column", async () => {
  const minutes = ["11/02/2024 23:58", "11/02/2024 23:59", "12/02/2024 00:00", "12/02/2024 00:01"];
  const content = `time,close\n${minutes.map((time) => `${time},1\n`).join("")}`;
  const at = (month: number, day: number): number => Date.UTC(2024, month - 1, day);
  const { bars, quality } = await loadText(content);
  assertEquals(
    [...bars.times!],
    [-2, -1, 0, 1].map((minute) => at(2, 12) + minute * 60_000),
  );
  assertEquals([quality.order, quality.spacing?.gaps?.count], ["ascending", 0]);
  const forced = await loadText(content, { timeFormat: "mdy" });
  assertEquals(forced.bars.times![0], at(11, 2) + (24 * 60 - 2) * 60_000);
  const impossible = await loadText("time,close\n01/02/2024,1\n01/13/2024,2\n");
  assertEquals([...impossible.bars.times!], [at(1, 2), at(1, 13)]);
});

Deno.test("dates that make sense in both orders are refused unless the config says which it is", async () => {
  const content = "time,close\n01/02/2024,1\n";
  const error = await refusal(content);
  assertEquals(error.code, "data_invalid");
  assertMatch(error.message, /times of .*data\.csv: its dates make sense with the day first and/);
  assertMatch(error.hint!, /--set time_format=dmy .*--set time_format=mdy /);
  for (const [timeFormat, expected] of [["dmy", "2024-02-01"], ["mdy", "2024-01-02"]] as const) {
    const { bars } = await loadText(content, { timeFormat });
    assertEquals([...bars.times!], [Date.parse(expected)]);
  }
  const mixed = await refusal("time,close\n13/02/2024,1\n02/14/2024,1\n");
  assertMatch(mixed.message, /bar 1 is a date only with the day first, bar 2 only with the month/);
});

Deno.test("a time of another form than the config says is refused", async () => {
  const error = await refusal("time,close\n2024-01-01,1\n", { timeFormat: "ms" });
  assertMatch(error.message, /data\.csv:2 \(row 1\): time is '2024-01-01', .*time_format ms/);
  const { bars } = await loadText("time,close\n1,1\n2,1\n", { timeFormat: "s" });
  assertEquals([...bars.times!], [1000, 2000]);
});

Deno.test("numbers that count rows or days are no times", async () => {
  for (const time of ["1", "45292", "99999999"]) {
    const error = await refusal(`time,close\n${time},1\n`);
    assertEquals(error.code, "data_invalid");
    assertMatch(error.message, new RegExp(`data\\.csv:2 \\(row 1\\): time is '${time}', `));
    assertMatch(error.hint!, /--set columns\.time=none/);
  }
});

Deno.test("times without an offset are in the time zone of the config", async () => {
  const content = "time,close\n2024-01-01 09:30,1\n2024-07-01 09:30,2\n2024-07-01 15:00Z,3\n";
  const { bars } = await loadText(content, { timeZone: "America/New_York" });
  assertEquals(
    [...bars.times!].map((ms) => new Date(ms).toISOString().slice(0, 16)),
    ["2024-01-01T14:30", "2024-07-01T13:30", "2024-07-01T15:00"],
  );
  const utc = await loadText(content);
  assertEquals(utc.bars.times![1], Date.UTC(2024, 6, 1, 9, 30));
});

Deno.test("rows stay in file order when the config wants no time", async () => {
  for (const name of ["when", "time"]) {
    const options = { overrides: { time: "none" } };
    const { bars, quality, lines } = await loadText(`${name},close\n3,1\nx,2\n1,3\n`, {
      keepLines: true,
      ...options,
    });
    assertEquals([bars.times, quality.order], [null, "unknown"]);
    assertEquals(textsOf(lines), [",1", ",2", ",3"]);
    assertEquals([...bars.close.values], [1, 2, 3]);
  }
});

Deno.test("progress goes up to the size of the file", async () => {
  const seen: [number, number][] = [];
  await loadText("close\n1\n2\n3\n", {
    overrides: { time: "none" },
    blockBytes: 8,
    onProgress: (done, total) => seen.push([done, total]),
  });
  assertEquals(seen, [[8, 12], [12, 12]]);
});

Deno.test("an abort ends the reading between blocks", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const seen: number[] = [];
  const error = await assertRejects(() =>
    loadText("close\n1\n2\n3\n4\n5\n6\n7\n", {
      overrides: { time: "none" },
      blockBytes: 8,
      abort: controller.signal,
      onProgress: (done) => {
        seen.push(done);
        controller.abort(reason);
      },
    })
  );
  assert(error === reason);
  assertEquals(seen, [8]);
});

Deno.test("a file that is written to while it is read is refused", async () => {
  await withDataFile("close\n1\n2\n3\n4\n", async (path) => {
    const error = await refusalOf(() =>
      loadBars(requestFor(path, {
        overrides: { time: "none" },
        blockBytes: 8,
        onProgress: () => Deno.writeTextFileSync(path, "9\n", { append: true }),
      }))
    );
    assertEquals(error.code, "data_unreadable");
    assertMatch(error.message, /Cannot trust .*data\.csv: it changed while it was read/);
  });
});

Deno.test("a file that is not there is refused with its path", async () => {
  const error = await withDataFile(
    "",
    (path) => refusalOf(() => loadBars(requestFor(`${path}.gz`))),
  );
  assertEquals(error.code, "data_unreadable");
  assertMatch(error.message, /Cannot find the data file .*data\.csv\.gz/);
  assert(error.cause instanceof Deno.errors.NotFound);
});

Deno.test("a directory is refused as one", async () => {
  const error = await refusalOf(() =>
    loadBars(requestFor(fileURLToPath(new URL(".", import.meta.url))))
  );
  assertEquals(error.code, "data_unreadable");
  assertMatch(error.message, /bars\/?: it is a directory, not a data file/);
});

Deno.test("a path that leads through a file is refused with the reason", async () => {
  const error = await withDataFile(
    "",
    (path) => refusalOf(() => loadBars(requestFor(`${path}/x`))),
  );
  assertEquals(error.code, "data_unreadable");
  assertMatch(error.message, /Cannot (read|find the data file) .*data\.csv\/x/);
  assert(error.cause instanceof Error);
});

Deno.test("an empty file, and a header without rows, are refused", async () => {
  for (const content of ["", "\n", "\ufeff"]) {
    const error = await refusal(content);
    assertEquals(error.code, "data_empty");
    assertMatch(error.message, /data\.csv: it is empty/);
  }
  for (const content of ["time,close", "time,close\n", "time,close\r\n\r\n\r\n"]) {
    const error = await refusal(content);
    assertEquals(error.code, "data_empty");
    assertMatch(error.message, /data\.csv: it has a header line but no rows/);
  }
});

Deno.test("a file without the wanted column is refused with the columns it has", async () => {
  const error = await refusal("time,open,closed\n1,2,3\n");
  assertEquals(error.code, "data_column_missing");
  assertMatch(
    error.message,
    /'close' in .*data\.csv: it has 'time', 'open', 'closed'; the nearest is 'closed'/,
  );
});

Deno.test("a file that is no table is refused as what it is", async () => {
  const cases: [content: string | Uint8Array, form: RegExp][] = [
    [Uint8Array.of(0x61, 0, 0x62, 0), /binary/],
  ];
  for (const [content, form] of cases) {
    const error = await refusal(content);
    assertEquals(error.code, "data_invalid");
    assertMatch(error.message, form);
    assertMatch(error.message, /Cannot read .*data\.csv: /);
  }
});

Deno.test("a refused row is named by path, line, row and text in whatever block it stands", async () => {
  const rows = Array.from({ length: 50 }, (_, t) => `${10 ** 8 + t},${t + 1}`);
  const cases: [row: string, message: RegExp][] = [
    ["100000050,n.a.", /data\.csv:52 \(row 51\): close is not a number: got 'n\.a\.'/],
    ["100000050", /data\.csv:52 \(row 51\): 1 field where the header has 2/],
    ["soon,1", /data\.csv:52 \(row 51\): time is 'soon'/],
    ['100000050,"1', /data\.csv:52 \(row 51\): a quote that is never closed/],
  ];
  for (const [row, message] of cases) {
    for (const blockBytes of [12, 64, 1 << 20]) {
      const error = await refusal(`time,close\n${rows.join("\n")}\n${row}\n`, { blockBytes });
      assertEquals(error.code, "data_invalid");
      assertMatch(error.message, message);
    }
  }
});

Deno.test("a quote that opens 16 MiB of text is refused before all of it is held", async () => {
  const content = new Uint8Array(19 << 20).fill(0x20);
  content.set(bytesOf('close\n1\n"'));
  let read = 0;
  const error = await refusal(content, {
    overrides: { time: "none" },
    onProgress: (done) => read = done,
  });
  assertEquals(error.code, "data_invalid");
  assertMatch(error.message, /data\.csv:3 \(row 2\): the row is longer than 16 MiB/);
  assert(read <= 17 << 20, `${read} bytes were read`);
});

Deno.test("rows without a value are dropped up to the share that is allowed, and no further", async () => {
  const content = "time,close\n2024-01-01,1\n2024-01-02,\n2024-01-03,nan\n2024-01-04,4\n" +
    "2024-01-05,5\n2024-01-06,6\n2024-01-07,7\n2024-01-08,8\n";
  const { bars, rowsRead, missing } = await loadText(content, { maxMissing: 0.25 });
  assertEquals([bars.length, rowsRead], [6, 8]);
  assertEquals(missing, { count: 2, lines: [3, 4] });
  const error = await refusal(content, { maxMissing: 0.24 });
  assertEquals(error.code, "data_missing_values");
  assertMatch(
    error.message,
    /data\.csv: 2 of 8 rows have no close \(line 3, 4\), more than max_missing \(0\.24\)/,
  );
  assertMatch(error.hint!, /--set max_missing=0\.25/);
  const blank = await refusal("time,close\n2024-01-01,1\n,\n2024-01-03,3\n,\n");
  assertMatch(blank.message, /1 of 3 rows have no close \(line 3\), more than max_missing \(0\)/);
  const many = await refusal(`close,open\n${"nan,1\n".repeat(9)}1,1\n`, {
    columns: ["open", "close"],
    overrides: { time: "none" },
  });
  assertMatch(many.message, /9 of 10 rows have no open or close \(line 2, 3, 4, 5, 6, …\)/);
});

Deno.test("a share of missing rows is allowed when it is exactly the share in the config", async () => {
  for (let count = 0; count <= 100; count++) {
    const content = `close\n${"nan\n".repeat(count)}${"1\n".repeat(100 - count)}`;
    const overrides = { time: "none" };
    const maxMissing = Number(`${count}e-2`);
    assertEquals((await loadText(content, { overrides, maxMissing })).missing.count, count);
    if (count === 0) continue;
    const error = await refusal(content, { overrides, maxMissing: Number(`${count - 1}e-2`) });
    const suggested = Number(/max_missing=([\d.]+)/.exec(error.hint!)![1]);
    assertEquals(
      (await loadText(content, { overrides, maxMissing: suggested })).missing.count,
      count,
    );
  }
});

Deno.test("a suggested share of missing rows is enough", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 400 }), fc.nat({ max: 398 }), async (rows, some) => {
      const count = 1 + some % rows;
      const content = `close\n${'""\n'.repeat(count)}${"1\n".repeat(rows - count)}`;
      await withDataFile(content, async (path) => {
        const overrides = { time: "none" };
        const { hint } = await refusalOf(() => loadBars(requestFor(path, { overrides })));
        const maxMissing = Number(/max_missing=([\d.]+)/.exec(hint!)![1]);
        assert(maxMissing <= 1);
        assertEquals(
          (await loadBars(requestFor(path, { overrides, maxMissing }))).missing.count,
          count,
        );
      });
    }),
    { seed: 12, numRuns: 60 },
  );
});
