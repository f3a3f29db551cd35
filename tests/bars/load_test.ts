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

function textsOf(column: TextColumn | null | undefined): string[] {
  return Array.from(
    { length: column?.length ?? 0 },
    (_, t) => new TextDecoder().decode(textAt(column!, t)),
  );
}

/** All that a load gave, in a form that compares. */
function shown({ bars, text, ...rest }: LoadedBars): unknown {
  return {
    ...rest,
    length: bars.length,
    times: bars.times === null ? null : [...bars.times],
    close: [[...bars.close.units], bars.close.decimals],
    text: text === null ? null : [textsOf(text.time), textsOf(text.close)],
  };
}

Deno.test("the sample file is read whole", async () => {
  const { bars, bytes, dataHash, rowsRead, rowOrder, repeatedTimes, missing } = await loadBars(
    requestFor(SAMPLE, { columns: ["close", "open"] }),
  );
  const content = await Deno.readFile(SAMPLE);
  assertEquals([bars.length, rowsRead, bytes], [10_000, 10_000, content.length]);
  assertEquals(dataHash, `sha256:${createHash("sha256").update(content).digest("hex")}`);
  assertEquals([rowOrder, repeatedTimes, missing.count], ["ascending", 0, 0]);
  assertEquals(bars.times![0], Date.UTC(2019, 6, 16, 23));
  assertEquals([bars.open.values[0], bars.close.values[0]], [9470.02, 9439.59]);
  assertEquals("volume" in bars, false);
});

Deno.test("a load is the same whatever the size of the blocks", async () => {
  const content = await Deno.readTextFile(SAMPLE);
  const head = content.split("\n").slice(0, 60).join("\r\n");
  await withDataFile(head, async (path) => {
    const expected = shown(await loadBars(requestFor(path, { keepText: true })));
    for (const blockBytes of [56, 57, 58, 61, 64, 100, 997, head.length, head.length + 1]) {
      const loaded = await loadBars(requestFor(path, { keepText: true, blockBytes }));
      assertEquals(shown(loaded), expected, `blocks of ${blockBytes} bytes`);
    }
  });
});

Deno.test("a row far longer than a block comes out whole", async () => {
  const long = "x".repeat(5000);
  const { bars, text } = await loadText(
    `note,close\n${long},${"0".repeat(900)}1.5\n"${long}\n""${long}",2\ny,3\n`,
    { blockBytes: 16, keepText: true },
  );
  assertEquals([...bars.close.values], [1.5, 2, 3]);
  assertEquals(textsOf(text?.close), [`${"0".repeat(900)}1.5`, "2", "3"]);
});

Deno.test("rows that stand newest first, or anyhow, come out in time order with their texts", async () => {
  const rows = ["1970-01-01,1.0", "1970-01-02,2.00", "1970-01-03,3", "1970-01-04,4"];
  const load = (order: readonly number[]): Promise<LoadedBars> =>
    loadText(`time,close\n${order.map((row) => rows[row]).join("\n")}\n`, { keepText: true });
  const expected = await load([0, 1, 2, 3]);
  assertEquals(textsOf(expected.text?.close), ["1.0", "2.00", "3", "4"]);
  for (const order of [[3, 2, 1, 0], [2, 0, 3, 1], [1, 0, 2, 3]]) {
    const loaded = await load(order);
    assertEquals(loaded.rowOrder, order[0] === 3 ? "descending" : "unsorted");
    assertEquals(loaded.rowsHash, expected.rowsHash);
    assertEquals([...loaded.bars.times!], [...expected.bars.times!]);
    assertEquals([...loaded.bars.close.values], [1, 2, 3, 4]);
    assertEquals(textsOf(loaded.text?.time), textsOf(expected.text?.time));
    assertEquals(textsOf(loaded.text?.close), ["1.0", "2.00", "3", "4"]);
  }
});

Deno.test("unsorted rows of one time keep their order, and wide units are sorted too", async () => {
  const { bars, rowOrder, repeatedTimes } = await loadText(
    "time,close\n2,1\n1,2\n2,12345678901234567890.5\n1,4\n2,5\n",
  );
  assertEquals([rowOrder, repeatedTimes], ["unsorted", 3]);
  assertEquals(Array.from(bars.close.units, BigInt), [
    20n,
    40n,
    10n,
    123456789012345678905n,
    50n,
  ]);
});

Deno.test("rows stay in file order when there is no time, or the config wants none", async () => {
  for (const options of [{}, { overrides: { time: "none" } }]) {
    const name = options.overrides === undefined ? "when" : "time";
    const { bars, rowOrder, text } = await loadText(`${name},close\n3,1\nx,2\n1,3\n`, {
      keepText: true,
      ...options,
    });
    assertEquals([bars.times, rowOrder, text?.time], [null, "unknown", null]);
    assertEquals([...bars.close.values], [1, 2, 3]);
  }
});

Deno.test("progress goes up to the size of the file", async () => {
  const seen: [number, number][] = [];
  await loadText("close\n1\n2\n3\n", {
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

Deno.test("a file of another form is refused by the name of that form", async () => {
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
  const rows = Array.from({ length: 50 }, (_, t) => `${t},${t + 1}`);
  const cases: [row: string, message: RegExp][] = [
    ["50,n.a.", /data\.csv:52 \(row 51\): close is not a number: got 'n\.a\.'/],
    ["50,0.00", /data\.csv:52 \(row 51\): close is not positive: got '0\.00'/],
    ["50", /data\.csv:52 \(row 51\): 1 field where the header has 2/],
    ["soon,1", /data\.csv:52 \(row 51\): time is 'soon'/],
    ['50,"1', /data\.csv:52 \(row 51\): a quote that is never closed/],
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
  const error = await refusal(content, { onProgress: (done) => read = done });
  assertEquals(error.code, "data_invalid");
  assertMatch(error.message, /data\.csv:3 \(row 2\): the row is longer than 16 MiB/);
  assert(read <= 17 << 20, `${read} bytes were read`);
});

Deno.test("rows without a value are dropped up to the share that is allowed, and no further", async () => {
  const content = "time,close\n1,1\n2,\n3,nan\n4,4\n5,5\n6,6\n7,7\n8,8\n";
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
  const many = await refusal(`close,open\n${"nan,1\n".repeat(9)}1,1\n`, {
    columns: ["open", "close"],
  });
  assertMatch(many.message, /9 of 10 rows have no open or close \(line 2, 3, 4, 5, 6, …\)/);
});

Deno.test("a share of missing rows is allowed when it is exactly the share in the config", async () => {
  for (let count = 0; count <= 100; count++) {
    const content = `close\n${"nan\n".repeat(count)}${"1\n".repeat(100 - count)}`;
    const maxMissing = Number(`${count}e-2`);
    assertEquals((await loadText(content, { maxMissing })).missing.count, count);
    if (count === 0) continue;
    const error = await refusal(content, { maxMissing: Number(`${count - 1}e-2`) });
    const suggested = Number(/max_missing=([\d.]+)/.exec(error.hint!)![1]);
    assertEquals((await loadText(content, { maxMissing: suggested })).missing.count, count);
  }
});

Deno.test("a suggested share of missing rows is enough", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 400 }), fc.nat({ max: 398 }), async (rows, some) => {
      const count = 1 + some % rows;
      const content = `close\n${'""\n'.repeat(count)}${"1\n".repeat(rows - count)}`;
      await withDataFile(content, async (path) => {
        const { hint } = await refusalOf(() => loadBars(requestFor(path)));
        const maxMissing = Number(/max_missing=([\d.]+)/.exec(hint!)![1]);
        assert(maxMissing <= 1);
        assertEquals((await loadBars(requestFor(path, { maxMissing }))).missing.count, count);
      });
    }),
    { seed: 12, numRuns: 60 },
  );
});
