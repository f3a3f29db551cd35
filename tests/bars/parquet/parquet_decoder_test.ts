import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { Worker } from "node:worker_threads";
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xorshift128plus } from "pure-rand/generator/xorshift128plus";
import { loadBars } from "../../../lib/bars/load.ts";
import { type DecodeLimits, decodeLimits } from "../../../lib/bars/parquet/decode_limits.ts";
import { ParquetDecoder } from "../../../lib/bars/parquet/parquet_decoder.ts";
import { parquetRows } from "../../../lib/bars/parquet/parquet.ts";
import { requestFor, withDataFile } from "../load_text.ts";
import { refusalOf } from "../refusal.ts";
import { endlessParquet } from "./hostile_file.ts";
import type { Outcome } from "./patient_worker.ts";

const ROWS = 60;

function column(name: string, value: (row: number) => unknown): ColumnSource {
  return { name, data: Array.from({ length: ROWS }, (_, row) => value(row)) };
}

/** Small files in which every encoding that the writer knows has a page. */
const FILES = (["UNCOMPRESSED", "SNAPPY"] as const).flatMap((codec) =>
  (["PLAIN", "DELTA_BINARY_PACKED"] as const).map((encoding) =>
    new Uint8Array(parquetWriteBuffer({
      codec,
      rowGroupSize: 25,
      columnData: [
        { ...column("time", (row) => new Date(1.6e12 + row * 3_600_000)), type: "TIMESTAMP" },
        { ...column("close", (row) => 100 + (row * 7919) % 100 / 4), type: "DOUBLE" },
        {
          ...column("volume", (row) => row % 4 === 0 ? null : row % 3),
          type: "DOUBLE",
          nullable: true,
        },
        { ...column("trades", BigInt), type: "INT64", encoding },
        { ...column("note", (row) => `note ${row % 3}`), type: "STRING" },
      ],
    }))
  )
);

/** The lines of a file. */
async function decoded(
  file: Uint8Array,
  limits: Partial<DecodeLimits> = {},
): Promise<readonly string[]> {
  const bytes = new Uint8Array(file);
  await using decoder = new ParquetDecoder(bytes, {
    path: "bars.parquet",
    limits: { ...decodeLimits(file.length), ...limits },
  });
  const { header } = await decoder.opened();
  let text = `${header.join(",")}\n`;
  for await (const { bytes, length } of decoder.rows()) {
    text += new TextDecoder().decode(bytes.subarray(0, length));
  }
  return text.split("\n").slice(0, -1);
}

/** What comes of each file; one that takes longer than the worker is waited for is given up. */
async function outcomesOf(files: readonly Uint8Array<ArrayBuffer>[]): Promise<Outcome[]> {
  const start = () => new Worker(new URL("./patient_worker.ts", import.meta.url));
  const outcomes: Outcome[] = [];
  let worker = start();
  for (const file of files) {
    const answer = Promise.withResolvers<Outcome>();
    const givenUp = setTimeout(
      () => answer.resolve({ kind: "refused", code: "data_invalid", message: "given up" }),
      2000,
    );
    worker.once("message", answer.resolve);
    worker.postMessage(file.buffer);
    const outcome = await answer.promise;
    clearTimeout(givenUp);
    outcomes.push(outcome);
    if (outcome.kind !== "refused" || outcome.message !== "given up") continue;
    await worker.terminate();
    worker = start();
  }
  await worker.terminate();
  return outcomes;
}

Deno.test("a file that was damaged anywhere gives rows or is refused, in bounded time", async () => {
  const random = xorshift128plus(20);
  const files = Array.from({ length: 600 }, (_, at) => {
    const file = FILES[at % FILES.length]!.slice();
    for (let flips = uniformInt(random, 1, 3); flips > 0; flips--) {
      file[uniformInt(random, 4, file.length - 5)] = uniformInt(random, 0, 255);
    }
    return file;
  });
  const counts = { rows: 0, refused: 0, givenUp: 0 };
  for (const outcome of await outcomesOf(files)) {
    assert(outcome.kind !== "defect", `expected a UserError, got ${JSON.stringify(outcome)}`);
    if (outcome.kind === "rows") {
      assertEquals(outcome.lines, ROWS);
      counts.rows++;
    } else if (outcome.message === "given up") counts.givenUp++;
    else {
      assertEquals(outcome.code, "data_invalid");
      assertMatch(outcome.message, /^Cannot read the Parquet file bars\.parquet: /);
      counts.refused++;
    }
  }
  // Neither is a matter of course, and few files keep the decoder busy.
  assert(counts.rows > 100 && counts.refused > 100, JSON.stringify(counts));
  assert(counts.givenUp < 20, JSON.stringify(counts));
});

Deno.test("a sound file comes out of the worker as it is", async () => {
  for (const file of FILES) {
    const { header, blocks } = await parquetRows(file.slice(), { path: "bars.parquet" });
    let text = `${header.join(",")}\n`;
    for await (const block of blocks) text += new TextDecoder().decode(block);
    assertEquals(await decoded(file), text.split("\n").slice(0, -1));
  }
});

Deno.test("a file that is decoded without end is given up at a limit that the message names", async () => {
  const { message } = await refusalOf(() => decoded(endlessParquet(), { stallMs: 500 }));
  assertEquals(
    message,
    "Cannot read the Parquet file bars.parquet: nothing of it was decoded for 0.5 s, the limit",
  );
});

Deno.test("a file whose decoding takes too much memory is given up", async () => {
  // The worker by itself takes more than a byte.
  const { message } = await refusalOf(() => decoded(endlessParquet(), { memoryBytes: 1 }));
  assertMatch(message, /to decode it takes more than 0 MiB of memory, the limit for a file of its/);
});

Deno.test("the limits allow more for larger files", () => {
  const MIB = 1 << 20;
  const small = decodeLimits(0);
  const large = decodeLimits(100 * MIB);
  assert(small.stallMs >= 10_000 && large.stallMs >= 100_000);
  assert(small.memoryBytes >= 256 * MIB && large.memoryBytes >= 1000 * MIB);
  // Bars take a byte or more for each value.
  assert(large.cells > 100 * MIB && large.textLength > 1000 * MIB && large.pageBytes > 1000 * MIB);
});

Deno.test("an abort ends the decoding, whatever it does", async () => {
  await withDataFile(endlessParquet(), async (path) => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const loading = loadBars(
      requestFor(path, { overrides: { time: "none" }, abort: controller.signal }),
    );
    setTimeout(() => controller.abort(reason), 300);
    assert(await assertRejects(() => loading) === reason);
  });
});

Deno.test("progress goes up to the size of the file", async () => {
  const file = new Uint8Array(parquetWriteBuffer({
    columnData: [{ name: "close", data: Array.from({ length: 300_000 }, (_, row) => row + 0.5) }],
    rowGroupSize: 100_000,
  }));
  const seen: number[] = [];
  await withDataFile(file, (path) =>
    loadBars(requestFor(path, {
      overrides: { time: "none" },
      onProgress: (done, total) => {
        assertEquals(total, file.length);
        seen.push(done);
      },
    })));
  assert(seen.length > 1 && seen[0]! < file.length && seen.at(-1) === file.length);
  assertEquals(seen, seen.toSorted((a, b) => a - b));
});
