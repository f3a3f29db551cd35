import { assert, assertEquals, assertMatch } from "@std/assert";
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import { type DecodeLimits, decodeLimits } from "../../../lib/bars/parquet/decode_limits.ts";
import { parquetRows } from "../../../lib/bars/parquet/parquet.ts";
import { isParquet } from "../../../lib/bars/source/magic.ts";
import { refusalOf } from "../refusal.ts";

function written(
  columnData: ColumnSource[],
  options: Partial<Parameters<typeof parquetWriteBuffer>[0]> = {},
): Uint8Array<ArrayBuffer> {
  return new Uint8Array(parquetWriteBuffer({ columnData, ...options }));
}

async function read(
  file: Uint8Array<ArrayBuffer>,
  limits: Partial<DecodeLimits> = {},
): Promise<[string, ...string[]]> {
  const { header, blocks } = await parquetRows(file, {
    path: "bars.parquet",
    limits: { ...decodeLimits(file.length), ...limits },
  });
  const decoder = new TextDecoder();
  let text = "";
  for await (const block of blocks) text += decoder.decode(block);
  return [header.join(","), ...text.split("\n").slice(0, -1)];
}

const BARS = written([
  { name: "time", data: [0, 1, 2].map((hour) => new Date(hour * 3_600_000)), type: "TIMESTAMP" },
  { name: "close", data: [1.1, 0.1 + 0.2, 1e-8], type: "DOUBLE" },
  { name: "volume", data: [1, null, NaN], type: "DOUBLE", nullable: true },
  { name: "trades", data: [1n, 2n, 9007199254740993n], type: "INT64" },
  { name: "note", data: ["", 'a "b", c', "é"], type: "STRING" },
]);

Deno.test("rows keep what their values are worth", async () => {
  assert(isParquet(BARS) && !isParquet(new TextEncoder().encode("PAR,close")));
  assertEquals(await read(BARS), [
    "time,close,volume,trades,note",
    "1970-01-01T00:00:00Z,1.1,1,1,",
    '1970-01-01T01:00:00Z,0.30000000000000004,,2,"a ""b"", c"',
    "1970-01-01T02:00:00Z,1e-8,,9007199254740993,é",
  ]);
});

Deno.test("32-bit numbers are as short as they can be", async () => {
  const file = written([
    { name: "close", data: [0.1, 7123.45, 16777217, 1e-8].map(Math.fround), type: "FLOAT" },
  ]);
  assertEquals(await read(file), ["close", "0.1", "7123.45", "16777216", "1e-8"]);
});

Deno.test("decimals keep every digit", async () => {
  const file = written([{ name: "close", data: [1234567890123456n, -5n, 0n] }], {
    schema: [
      { name: "root", num_children: 1 },
      {
        name: "close",
        type: "INT64",
        repetition_type: "REQUIRED",
        converted_type: "DECIMAL",
        scale: 4,
        precision: 18,
      },
    ],
  });
  assertEquals(await read(file), ["close", "123456789012.3456", "-0.0005", "0.0000"]);
});

Deno.test("times keep every digit", async () => {
  for (
    const [unit, value, expected] of [
      ["MILLIS", 1609459200123n, "2021-01-01T00:00:00.123Z"],
      ["MICROS", 1609459200123456n, "2021-01-01T00:00:00.123456Z"],
      ["NANOS", 1609459200123456789n, "2021-01-01T00:00:00.123456789Z"],
      ["NANOS", -1n, "1969-12-31T23:59:59.999999999Z"],
    ] as const
  ) {
    const file = written([{ name: "__index_level_0__", data: [value] }], {
      schema: [
        { name: "root", num_children: 1 },
        {
          name: "__index_level_0__",
          type: "INT64",
          repetition_type: "REQUIRED",
          logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit },
        },
      ],
    });
    assertEquals(await read(file), ["time", expected]);
  }
});

Deno.test("row groups come in order, whatever their size and codec", async () => {
  const data = Array.from({ length: 20_000 }, (_, row) => (row * 7919) % 1000 / 10);
  const count = data.map((_, row) => row);
  for (const rowGroupSize of [777, 30_000]) {
    for (const codec of ["UNCOMPRESSED", "SNAPPY"] as const) {
      const file = written([{ name: "time", data: count, type: "INT32" }, {
        name: "close",
        data,
        type: "DOUBLE",
      }], { rowGroupSize, codec });
      assertEquals(await read(file), ["time,close", ...count.map((row) => `${row},${data[row]}`)]);
    }
  }
});

Deno.test("a damaged file is refused", async () => {
  for (let length = 4; length < BARS.length; length++) {
    const { code, message } = await refusalOf(() => read(BARS.slice(0, length)));
    assertEquals(code, "data_invalid");
    assertMatch(message, /^Cannot read the Parquet file bars\.parquet: /);
    assertOwnWords(message);
  }
});

/** Checks that a message has no words of the library in it, or of JavaScript. */
function assertOwnWords(message: string): void {
  const reason = message.replace("Cannot read the Parquet file bars.parquet: ", "");
  assert(!/parquet|snappy|DataView|undefined|Invalid|offset|expected/i.test(reason), message);
}

Deno.test("a page header of a wrong size, count or type is refused, not followed", async () => {
  // The first page's header begins at 4: its type, its sizes, and its count of values.
  for (
    const [at, byte] of [[5, 2], [5, 9], [6, 0x11], [7, 1], [7, 0x7f], [9, 1], [9, 0x7f]] as const
  ) {
    const file = BARS.slice();
    file[at] = byte;
    const { code, message } = await refusalOf(() => read(file));
    assertEquals(code, "data_invalid");
    assertOwnWords(message);
  }
});

Deno.test("a file that claims more than its size allows is refused before it is decoded", async () => {
  const cases: [limits: Partial<DecodeLimits>, message: RegExp][] = [
    [{ cells: 14 }, /it claims 3 rows of 5 columns; .* no more than 14 values are read$/],
    [{ pageBytes: 100 }, /its pages decompress to more than 0 MiB, the limit for a file of its/],
    [
      { textLength: 100 },
      /its rows are more than 0 MiB of text, the limit for a file of its size$/,
    ],
  ];
  for (const [limits, message] of cases) {
    assertMatch((await refusalOf(() => read(BARS, limits))).message, message);
  }
  assertEquals((await read(BARS, { cells: 15 })).length, 4);
});

Deno.test("rows longer than a block come whole", async () => {
  const note = "n".repeat(1 << 20);
  const file = written([{ name: "note", data: ["a", note, "b"], type: "STRING" }]);
  assertEquals(await read(file), ["note", "a", note, "b"]);
});
