import { assertEquals, assertMatch } from "@std/assert";
import { detectDialect, type Dialect } from "../../../lib/bars/delimited/dialect.ts";
import type { UserError } from "../../../lib/errors.ts";
import { bytesOf } from "../load_text.ts";
import { refusalOf } from "../refusal.ts";

const path = "some/bars.csv";

function detect(head: string | Uint8Array, whole = true): Dialect {
  return detectDialect(bytesOf(head), { path, whole });
}

function refusal(head: string | Uint8Array, whole = true): Promise<UserError> {
  return refusalOf(() => detect(head, whole));
}

/** All rows of a text, as the dialect that is detected in it finds them. */
function rowsOf(content: string): string[][] {
  const bytes = bytesOf(content);
  const { records, dataOffset } = detect(bytes);
  const rows: string[][] = [];
  for (let from = dataOffset; from < bytes.length;) {
    from = records.next(bytes, from, bytes.length, true);
    if (records.fieldCount === 0) continue;
    rows.push(Array.from(
      { length: records.fieldCount },
      (_, at) => new TextDecoder().decode(bytes.subarray(records.starts[at], records.ends[at])),
    ));
  }
  return rows;
}

Deno.test("the header gives the names, and where the data begins", () => {
  const dialect = detect("time,close\n1,2\n");
  assertEquals(dialect.header, ["time", "close"]);
  assertEquals(dialect.dataOffset, 11);
  assertEquals(dialect.records.nextLine, 2);
  assertEquals(dialect.plain?.delimiter, 0x2c);
  assertEquals(dialect.description, "commas, header in line 1");
});

Deno.test("a byte order mark, quotes, spaces and CR LF are no part of the names", () => {
  const dialect = detect('\ufeff"time", Close ,"a ""b"""\r\n1,2,3\r\n');
  assertEquals(dialect.header, ["time", "Close", 'a "b"']);
  assertEquals(dialect.dataOffset, bytesOf('\ufeff"time", Close ,"a ""b"""\r\n').length);
  assertEquals(dialect.records.nextLine, 2);
});

Deno.test("blank lines before the header are skipped and counted", () => {
  const dialect = detect('\n\r\n"ti\nme",close\n1,2\n');
  assertEquals(dialect.header, ["ti\nme", "close"]);
  assertEquals(dialect.records.nextLine, 5);
});

Deno.test("the delimiter is the one under which the rows agree", () => {
  for (const delimiter of [",", ";", "\t", "|"]) {
    const line = (...cells: string[]) => `${cells.join(delimiter)}\n`;
    const text = line("time", "open", "close") + line("2024-01-01", "1.5", "2") +
      line("2024-01-02", "2", "2.5");
    const dialect = detect(text);
    assertEquals(dialect.plain?.delimiter, delimiter.charCodeAt(0));
    assertEquals(dialect.header, ["time", "open", "close"]);
    assertEquals(rowsOf(text)[1], ["2024-01-02", "2", "2.5"]);
  }
  assertEquals(detect('"time";"close"\n1;2\n').header, ["time", "close"]);
  assertEquals(detect("a;b,close\n1;2,3\n4;5,6\n").header.length, 2);
});

Deno.test("lines that stand in one pair of quotes are read as the lines inside", () => {
  const rows = [["1", "2", "x, y"], ["3", "4", "z"]];
  for (const header of ['"time,close,note"', "time,close,note"]) {
    const text = `${header}\r\n"1,2,""x, y"""\r\n"3,4,z"\r\n`;
    assertEquals(detect(text).header, ["time", "close", "note"]);
    assertEquals(rowsOf(text), rows);
  }
});

Deno.test("lines may end with carriage returns alone, or in several ways", () => {
  const rows = [["1", "2"], ["3", "4"], ["5", "6"]];
  assertEquals(rowsOf("time,close\r1,2\r3,4\r5,6\r"), rows);
  assertEquals(rowsOf("time,close\r1,2\n3,4\r\n5,6"), rows);
  assertEquals(rowsOf("time,close\r\n1,2\r\n3,4\r\n5,6\r\n"), rows);
});

Deno.test("lines above the header are passed over", () => {
  const dialect = detect(
    'Timestamps are UTC,https://example.com/data\nA notice with a "quote\nunix,date,open,close\n' +
      "1,2020-01-01,3,4\n2,2020-01-02,3,4\n",
  );
  assertEquals(dialect.header, ["unix", "date", "open", "close"]);
  assertEquals(dialect.description, "commas, header in line 3");
});

Deno.test("the columns of a file without header are numbered", () => {
  const six = detect("1563318000,1,4,0.5,2,9\n1563321600,2,4,1,3,9\n");
  assertEquals(six.header, ["1", "2", "3", "4", "5", "6"]);
  assertEquals(six.dataOffset, 0);
  assertEquals(six.records.nextLine, 1);
  assertEquals([six.description, six.hasHeader], ["commas, no header", false]);
  assertEquals(detect("1,2,3\n4,5,6\n").header, ["1", "2", "3"]);
});

Deno.test("a row that lost its beginning is refused, where no header tells it from a notice", async () => {
  const rows = "1563318000,1,4,0.5,2,9\n1563321600,2,4,1,3,9\n";
  const { code, message } = await refusal(`4,0.5,2,9\n${rows}`);
  assertEquals(code, "data_invalid");
  assertMatch(message, /:1: a row of 4 fields above rows of 6, and no header line$/);
  assertEquals(detect(`Prices of Kraken\n${rows}`).dataOffset, 17);
});

Deno.test("a delimiter at the end of each line, or of the header, makes no column", () => {
  assertEquals(detect("time,close,\n1,2,\n3,4,\n").header, ["time", "close"]);
  assertEquals(detect("time,close\n2024-01-01,2,\n2024-01-02,4,\n").header, ["time", "close"]);
  assertEquals(detect("time,close,\n1,2\n3,4\n").header, ["time", "close"]);
});

Deno.test("the cells of a column say whether a point or a comma begins fractions", () => {
  const marks = (text: string) => detect(text).marks?.[1];
  assertEquals(marks("time;close\n1;135,3\n2;1.234,5\n"), "comma");
  assertEquals(marks("time;close\n1;1,234.5\n2;1,234\n"), "point");
  assertEquals(marks("time;close\n1;1,234\n2;2,345\n"), "open comma");
  assertEquals(marks('time,close\n1,"1,234"\n'), "open comma");
  assertEquals(marks('time,close\n1,"42.107,2"\n2,"0,502"\n'), "comma");
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

Deno.test("what is no text is refused as binary", async () => {
  for (
    const head of [Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0), bytesOf("time\0,close\n")]
  ) {
    const error = await refusal(head);
    assertEquals(error.code, "data_invalid");
    assertMatch(error.message, /bars\.csv: it is binary, not a table/);
  }
});

Deno.test("a first line that never ends is refused without reading on", async () => {
  const error = await refusal("time,close", false);
  assertEquals(error.code, "data_invalid");
  assertMatch(error.message, /bars\.csv: its first 64 KiB hold no line/);
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
