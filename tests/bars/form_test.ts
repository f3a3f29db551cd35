import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { parquetWriteBuffer } from "hyparquet-writer";
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { detectForm, tableForm } from "../../lib/bars/form.ts";
import { loadBars } from "../../lib/bars/load.ts";
import { bytesOf, loadText, requestFor, withDataFile } from "./load_text.ts";
import { refusalOf } from "./refusal.ts";
import { zipArchive } from "./source/zip_archive.ts";

const CSV = "time,close,volume\n2024-01-01,1.50,10\n2024-01-02,1.25,0\n2024-01-03,2e-8,7\n";

const OBJECTS = `[
  {"time": 1704067200, "close": 1.50, "volume": "10"},
  {"volume": 0, "time": 1704153600, "close": 1.25},
  {"time": 1704240000, "note": {"x": [1]}, "close": "2e-8", "volume": 7}
]`;

/** As UTF-16 with a byte order mark. */
function utf16(text: string, isLittleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(2 + text.length * 2));
  view.setUint16(0, 0xfeff, isLittleEndian);
  [...text].forEach((letter, at) =>
    view.setUint16(2 + at * 2, letter.charCodeAt(0), isLittleEndian)
  );
  return new Uint8Array(view.buffer);
}

const PARQUET = new Uint8Array(parquetWriteBuffer({
  columnData: [
    {
      name: "time",
      data: [1, 2, 3].map((day) => new Date(Date.UTC(2024, 0, day))),
      type: "TIMESTAMP",
    },
    { name: "close", data: [1.5, 1.25, 2e-8], type: "DOUBLE" },
    { name: "volume", data: [10n, 0n, 7n], type: "INT64" },
  ],
}));

/** The same bars in every form, and what is said about it. */
const SAME_BARS: Readonly<Record<string, readonly [content: string | Uint8Array, form: RegExp]>> = {
  "gzip": [gzipSync(CSV), /^commas, header in line 1; time, close, volume$/],
  "gzip in two members": [
    new Uint8Array([...gzipSync(CSV.slice(0, 40)), ...gzipSync(CSV.slice(40))]),
    /^commas/,
  ],
  "zip": [zipArchive([{ name: "bars.csv", content: bytesOf(CSV) }]), /^commas/],
  "UTF-16, little-endian": [utf16(CSV, true), /^commas/],
  "UTF-16, big-endian": [utf16(CSV, false), /^commas/],
  "gzip of UTF-16": [gzipSync(utf16(CSV, true)), /^commas/],
  "semicolons": [CSV.replaceAll(",", ";"), /^semicolons, header in line 1/],
  "JSON of objects": [OBJECTS, /^JSON; time, close, volume$/],
  "JSON under a key": [`{"ok": true, "data": ${OBJECTS}, "next": null}`, /^JSON/],
  "gzip of JSON": [gzipSync(OBJECTS), /^JSON/],
  "Parquet": [PARQUET, /^Parquet; time, close, volume$/],
};

Deno.test("the same bars are read from every form, in blocks of any size", async () => {
  const columns = ["close", "volume"] as const;
  const expected = await loadText(CSV, { columns });
  for (const [name, [content, form]] of Object.entries(SAME_BARS)) {
    for (const blockBytes of [200, 333, 1 << 20]) {
      const loaded = await loadText(content, { columns, blockBytes });
      assertEquals(loaded.rowsHash, expected.rowsHash, `${name} in blocks of ${blockBytes} bytes`);
      assertEquals([...loaded.bars.close.values], [1.5, 1.25, 2e-8]);
      assertMatch(loaded.form, form);
    }
  }
});

Deno.test("hash and size of a compressed file are those of its own bytes", async () => {
  for (const [content] of Object.values(SAME_BARS)) {
    const { bytes, dataHash } = await loadText(content);
    const raw = bytesOf(content);
    assertEquals(bytes, raw.length);
    assertEquals(dataHash, `sha256:${createHash("sha256").update(raw).digest("hex")}`);
  }
});

Deno.test("columns of another name are told with the name that they have", async () => {
  const { form } = await loadText("Open time;Last;Volume BTC\n2024-01-01;1;2\n", {
    overrides: { close: "last" },
    optional: ["volume", "high"],
  });
  assertEquals(
    form,
    "semicolons, header in line 1; time is 'Open time', close is 'Last', volume is 'Volume BTC'",
  );
});

Deno.test("rows without names of their columns go by their layout", async () => {
  const minute = (t: number): string =>
    `[${1704067200000 + t * 60_000},"${t}","${t + 2}","${t - 0.5}","${t + 1}","9"]`;
  const klines = `[${Array.from({ length: 12 }, (_, t) => minute(t + 1)).join()}]`;
  const { bars: candles } = await loadText(klines, { columns: ["high", "close"] });
  assertEquals([[...candles.high.values], [...candles.close.values]], [
    Array.from({ length: 12 }, (_, t) => t + 3),
    Array.from({ length: 12 }, (_, t) => t + 2),
  ]);
});

Deno.test("text and JSON are told by their beginning", async () => {
  const options = { path: "bars", whole: true };
  const json = (await detectForm(bytesOf(OBJECTS), options))!;
  assertEquals([json.description, json.header, json.plain?.kind], [
    "JSON",
    ["time", "close", "volume"],
    "objects",
  ]);
  const text = (await detectForm(bytesOf(CSV), options))!;
  assertEquals([text.description, text.plain], [
    "commas, header in line 1",
    {
      delimiter: 0x2c,
      decimalMark: 0x2e,
      thousands: false,
      rowEnd: 0x0a,
      kind: "lines",
      hasComments: true,
    },
  ]);
  const notice = (await detectForm(
    bytesOf("[notice]\ntime,close\n2024-01-01,1\n2024-01-02,1\n"),
    options,
  ))!;
  assertEquals(notice.description, "commas, header in line 2");
  const parquet = tableForm("Parquet", { header: ["time", "close"] });
  assertEquals([parquet.description, parquet.header, parquet.dataOffset], [
    "Parquet",
    ["time", "close"],
    0,
  ]);
});

Deno.test("a row that breaks the rules of its form is refused with what to do about that form", async () => {
  const cases: [content: string | Uint8Array, message: RegExp, hint: RegExp][] = [
    [OBJECTS.replace("1.25", "1.2.5"), /data\.csv:3 /, /array/],
    [OBJECTS.slice(0, -2), /data\.csv/, /cut off/],
    [
      `[${
        Array.from({ length: 12 }, (_, t) => `[${1.7e9 + t},${t},${t + 2},${t},${t + 1}]`)
      },[1700000020,1,2,1]]`,
      /\(row 13\): 4 values where the first row has 5$/,
      /one length/,
    ],
    [CSV.replace("1.25", '1.25"'), /data\.csv:3 \(row 2\): a quote inside/, /quote/],
    [PARQUET.slice(0, -9), /data\.csv/, /./],
    [gzipSync(CSV).subarray(0, -12), /data\.csv/, /./],
  ];
  for (const [content, message, hint] of cases) {
    const error = await withDataFile(
      content,
      (path) => refusalOf(() => loadBars(requestFor(path))),
    );
    assertStringIncludes(error.code, "data_");
    assertMatch(error.message, message);
    assertMatch(error.hint!, hint);
  }
});
