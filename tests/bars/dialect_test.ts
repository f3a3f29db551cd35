import { assertEquals, assertMatch } from "@std/assert";
import { detectDialect, type Dialect } from "../../lib/bars/dialect.ts";
import type { UserError } from "../../lib/errors.ts";
import { bytesOf } from "./load_text.ts";
import { refusalOf } from "./refusal.ts";

const path = "some/bars.csv";

function detect(head: string | Uint8Array, whole = true): Dialect {
  return detectDialect(bytesOf(head), { path, whole });
}

function refusal(head: string | Uint8Array, whole = true): Promise<UserError> {
  return refusalOf(() => detect(head, whole));
}

Deno.test("the header gives the names, and where the data begins", () => {
  assertEquals(detect("time,close\n1,2\n"), {
    delimiter: 0x2c,
    header: ["time", "close"],
    dataOffset: 11,
    dataLine: 2,
  });
});

Deno.test("a byte order mark, quotes, spaces and CR LF are no part of the names", () => {
  const dialect = detect('\ufeff"time", Close ,"a ""b"""\r\n1,2,3\r\n');
  assertEquals(dialect.header, ["time", "Close", 'a "b"']);
  assertEquals(dialect.dataOffset, bytesOf('\ufeff"time", Close ,"a ""b"""\r\n').length);
  assertEquals(dialect.dataLine, 2);
});

Deno.test("blank lines before the header are skipped and counted", () => {
  const dialect = detect('\n\r\n"ti\nme",close\n1,2\n');
  assertEquals(dialect.header, ["ti\nme", "close"]);
  assertEquals(dialect.dataLine, 5);
});

Deno.test("a header may be the whole file, without a line end", () => {
  const dialect = detect("time,close");
  assertEquals(dialect.header, ["time", "close"]);
  assertEquals(dialect.dataOffset, 10);
});

Deno.test("names in other scripts are kept, and bytes that are no UTF-8 do no harm", () => {
  assertEquals(detect("时间,收盘价\n").header, ["时间", "收盘价"]);
  assertEquals(detect(Uint8Array.of(0x61, 0xe9, 0x2c, 0x62, 0x0a)).header, ["a\ufffd", "b"]);
});

Deno.test("an empty file is refused as empty", async () => {
  for (const head of ["", "\n", "\r\n\r\n", "\ufeff", "\ufeff\n"]) {
    const error = await refusal(head);
    assertEquals(error.code, "data_empty");
    assertEquals(error.message, `Cannot read ${path}: it is empty`);
  }
});

Deno.test("a first block of blank lines is not mistaken for an empty file", async () => {
  const error = await refusal("\n\n\n\n", false);
  assertEquals(error.code, "data_invalid");
  assertMatch(error.message, /bars\.csv: its first line does not end within 4 bytes/);
});

Deno.test("a file of another form is refused by the name of that form", async () => {
  const utf16 = (text: string, littleEndian: boolean): Uint8Array => {
    const bytes = new DataView(new ArrayBuffer(text.length * 2));
    for (let i = 0; i < text.length; i++) bytes.setUint16(i * 2, text.charCodeAt(i), littleEndian);
    return new Uint8Array(bytes.buffer);
  };
  const cases: [head: string | Uint8Array, name: RegExp][] = [
    [Uint8Array.of(0x1f, 0x8b, 0x08, 0x00), /bars\.csv: it is gzip-compressed, not CSV/],
    [bytesOf("PK\u0003\u0004rest"), /bars\.csv: it is a zip archive, not CSV/],
    [bytesOf("PAR1\u0015\u0004"), /bars\.csv: it is a Parquet file, not CSV/],
    [utf16("\ufefftime,close\n", true), /bars\.csv: it is UTF-16 text, not CSV/],
    [utf16("\ufefftime,close\n", false), /bars\.csv: it is UTF-16 text, not CSV/],
    [utf16("time,close\n", true), /bars\.csv: it is binary, not CSV/],
    [Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0), /bars\.csv: it is binary, not CSV/],
    ["time;close\n1;2\n", /bars\.csv: its columns are separated by semicolons, not commas/],
    ["time\tclose\n1\t2\n", /bars\.csv: its columns are separated by tabs, not commas/],
    ["time|close\n1|2\n", /bars\.csv: its columns are separated by pipes, not commas/],
    ['"time";"close"\n1;2\n', /bars\.csv: its columns are separated by semicolons, not commas/],
    ['"time"\t"close"\n1\t2\n', /bars\.csv: its columns are separated by tabs, not commas/],
    ["1563318000,9470.02,9545\n1563321600,9439.59,9630\n", /no header line, as line 1 is all num/],
    ["\n\n1563318000,9470.02\n", /no header line, as line 3 is all numbers/],
  ];
  for (const [head, name] of cases) {
    const error = await refusal(head);
    assertEquals(error.code, "data_invalid");
    assertMatch(error.message, name);
  }
});

Deno.test("beginnings that only resemble another form are read", () => {
  assertEquals(detect("PK,PAR,close\n").header, ["PK", "PAR", "close"]);
  assertEquals(detect("a;b,close\n").header, ["a;b", "close"]);
  assertEquals(detect("1,close\n").header, ["1", "close"]);
  assertEquals(detect(",1\n").header, ["", "1"]);
});

Deno.test("a first line that never ends is refused without reading on", async () => {
  const error = await refusal("time,close", false);
  assertEquals(error.code, "data_invalid");
  assertMatch(error.message, /bars\.csv: its first line does not end within 10 bytes/);
});

Deno.test("a header with a stray quote is refused with its line", async () => {
  const cases: [head: string, message: RegExp][] = [
    ['\ntime,cl"ose\n', /bars\.csv:2: a quote inside an unquoted field/],
    ['"time"x,close\n', /bars\.csv:1: text after the closing quote/],
    ['time,"close\n1,2\n', /bars\.csv:1: a quote that is never closed/],
  ];
  for (const [head, message] of cases) {
    const error = await refusal(head);
    assertEquals(error.code, "data_invalid");
    assertMatch(error.message, message);
  }
});
