import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { detectDialect } from "../../lib/bars/delimited/dialect.ts";
import { type ColumnOverrides, locate } from "../../lib/bars/header.ts";
import { planColumns } from "../../lib/bars/plan_columns.ts";
import { MAX_ROW_BYTES } from "../../lib/bars/row_problem.ts";
import { type ParsedRows, RowParser } from "../../lib/bars/rows.ts";
import { textAt, type TextColumn } from "../../lib/bars/text_column.ts";
import type { UserError } from "../../lib/errors.ts";
import type { ColumnName } from "../../lib/experiment.ts";
import { bytesOf } from "./load_text.ts";
import { refusalOf } from "./refusal.ts";

const path = "bars.csv";

interface ParseOptions {
  readonly wanted?: readonly ColumnName[];
  readonly overrides?: ColumnOverrides;
  readonly keepLines?: boolean;
  readonly capacity?: number;
  /** Ends of the blocks in which the rows are handed over. */
  readonly cuts?: readonly number[];
}

function parse(content: string | Uint8Array, options: ParseOptions = {}): ParsedRows {
  const { wanted = ["close"], overrides = {}, keepLines = false, capacity = 0, cuts = [] } =
    options;
  const bytes = bytesOf(content);
  const dialect = detectDialect(bytes, { path, whole: true });
  // Files without times are read in their order where the config says so.
  const hasTime = overrides.time !== undefined ||
    locate(dialect.header, "time", { overrides, path }) !== null;
  const plan = planColumns(dialect.header, {
    wanted,
    overrides: hasTime ? overrides : { ...overrides, time: "none" },
    path,
  });
  const parser = new RowParser({ dialect, plan, keepLines, capacity, path });
  let from = dialect.dataOffset;
  for (const [index, end] of [...cuts, bytes.length].entries()) {
    if (end < from) continue;
    const block = bytes.slice(from, end);
    const padded = new Uint8Array(block.length + 64);
    padded.set(block);
    from += parser.take(padded, { from: 0, to: block.length, final: index === cuts.length });
  }
  return parser.finish();
}

function refusal(content: string | Uint8Array, options: ParseOptions = {}): Promise<UserError> {
  return refusalOf(() => parse(content, options));
}

function textsOf(column: TextColumn | null): string[] | null {
  if (column === null) return null;
  return Array.from(
    { length: column.length },
    (_, t) => new TextDecoder().decode(textAt(column, t)),
  );
}

/** All that a parse gave, in a form that compares. */
function shown(rows: ParsedRows): unknown {
  return {
    ...rows,
    times: rows.times === null ? null : [...rows.times.values],
    columns: [...rows.columns].map(([name, { units, decimals }]) => [name, [...units], decimals]),
    lines: textsOf(rows.lines),
  };
}

Deno.test("the wanted columns and the time are read, and nothing else", () => {
  const rows = parse("open,TIME,close,note\nx,1970-01-01,1.5,\nnan,1970-01-02,2.25,n/a\n");
  assertEquals(shown(rows), {
    rowsRead: 2,
    length: 2,
    times: [0, 86_400_000],
    areLocal: false,
    columns: [["close", [150, 225], 2]],
    lines: null,
    missing: { count: 0, lines: [] },
    leftOut: { titles: 0, notes: 0, below: 0, belowLines: [] },
  });
});

Deno.test("time and close are kept as they stood when asked for", () => {
  const text = 'time,close\n" 1970-01-01",1.50\n1970-01-02,"2"\n1970-01-03,\n1970-01-04,+1e1\n';
  const { lines } = parse(text, { keepLines: true });
  assertEquals(textsOf(lines), [" 1970-01-01,1.50", "1970-01-02,2", "1970-01-04,+1e1"]);
  assertEquals(textsOf(parse("close\n1\n", { keepLines: true }).lines), [",1"]);
});

Deno.test("rows without a wanted value are dropped, counted, and the first few located", () => {
  const words = ["", "NaN", "null", "n/a", "-", "NA", "none"];
  const lines = words.flatMap((word, i) => [`${10 ** 8 + i},${word},1`, "", `${10 ** 8 + i},2,`]);
  const rows = parse(`time,close,volume\n${lines.join("\n")}\n`);
  assertEquals([rows.rowsRead, rows.length], [14, 7]);
  assertEquals(rows.missing, { count: 7, lines: [2, 5, 8, 11, 14] });
  const both = parse(`time,close,volume\n${lines.join("\n")}\n`, { wanted: ["close", "volume"] });
  assertEquals([both.rowsRead, both.length, both.missing.count], [14, 0, 14]);
});

Deno.test("rows of delimiters alone are dropped like any without a value, but for those at the end", () => {
  const text = 'time,close\n,\n\n1970-01-01,1\n,\n,,,\n1970-01-02,""\n"",""\n' +
    "1970-01-03,3\n1970-01-04,4\n,\n\n,\n";
  const cuts = Array.from({ length: text.length }, (_, at) => at);
  for (const rows of [parse(text), parse(text, { cuts })]) {
    assertEquals([rows.rowsRead, rows.length], [8, 3]);
    assertEquals(rows.missing, { count: 5, lines: [2, 5, 6, 7, 8] });
  }
  const many = parse(`time,close\n${",\n".repeat(9)}1970-01-01,1\n1970-01-02,\n,`);
  assertEquals([many.rowsRead, many.length], [11, 1]);
  assertEquals(many.missing, { count: 10, lines: [2, 3, 4, 5, 6] });
});

Deno.test("a dropped row leaves no trace in any column", () => {
  const rows = parse(
    "time,close,volume\n100000001,1.5,7\nno time,,8\n100000002,2.123,\n100000003,2.5,9\n",
    {
      wanted: ["close", "volume"],
      keepLines: true,
    },
  );
  assertEquals(shown(rows), {
    rowsRead: 4,
    length: 2,
    times: [100_000_001_000, 100_000_003_000],
    areLocal: false,
    columns: [["close", [15, 25], 1], ["volume", [7, 9], 0]],
    lines: ["100000001,1.5", "100000003,2.5"],
    missing: { count: 2, lines: [3, 4] },
    leftOut: { titles: 0, notes: 0, below: 0, belowLines: [] },
  });
});

Deno.test("a volume of zero is a volume", () => {
  assertEquals(parse("volume\n0\n-0\n", { wanted: ["volume"] }).length, 2);
});

Deno.test("rows are the same wherever the blocks are cut", () => {
  const row = fc.record({
    time: fc.integer({ min: 1e8, max: 4e9 }),
    close: fc.constantFrom("1", "2.50", "0.00000001", "12345678901234567890", "", "nan", "1e3"),
    note: fc.constantFrom("", "a", '"a,""b"""', '"\n"', '"\r\n\r\n"'),
    end: fc.constantFrom("\n", "\r\n", "\n\n", "\r\n\r\n"),
  }).map(({ time, close, note, end }) => `${time},${note},${close}${end}`);
  fc.assert(
    fc.property(
      fc.array(row, { maxLength: 8 }),
      fc.array(fc.nat({ max: 300 }), { maxLength: 12 }),
      fc.nat({ max: 20 }),
      (rows, ends, capacity) => {
        const content = `time,note,close\r\n${rows.join("")}`;
        const cuts = ends.filter((end) => end <= content.length).toSorted((a, b) => a - b);
        assertEquals(
          shown(parse(content, { keepLines: true, capacity, cuts })),
          shown(parse(content, { keepLines: true })),
        );
      },
    ),
    { seed: 11, numRuns: 600 },
  );
});

Deno.test("a row that cannot be read is refused with its line, its number and its text", async () => {
  const cases: [rows: string, place: string, message: RegExp][] = [
    ["100000001,1\n100000002,abc\n", "3 (row 2)", /close is not a number: got 'abc'/],
    ["\n\n100000001,1\n\n100000002,1.2.3\n", "6 (row 2)", /close is not a number: got '1\.2\.3'/],
    ['100000001,1\n"100000002\n",x\n', "3 (row 2)", /time|close is not a number: got 'x'/],
    [`100000001,${"9".repeat(39)}\n`, "2 (row 1)", /close has more than 38 digits: got '9{39}'/],
    ["100000001,\u001b[2J\n", "2 (row 1)", /close is not a number: got '\\u\{1b\}\[2J'/],
    ["100000001,2\nyesterday,2\n", "3 (row 2)", /time is 'yesterday', which is no known form/],
    [",2\n", "2 (row 1)", /time is '', which is no known form/],
    ["100000001,2\n100000001\n", "3 (row 2)", /1 field where the header has 2/],
    ["100000001,2\n100000001,2,3\n", "3 (row 2)", /3 fields where the header has 2/],
    ["100000001,2\n100000001,2\n,1,234.5\n", "4 (row 3)", /3 fields where the header has 2/],
    ['100000001,2\n100000001,2\n100000001,2"\n', "4 (row 3)", /a quote inside an unquoted field/],
    ['100000001,2\n\n100000001,"2"x\n', "4 (row 2)", /text after the closing quote/],
    ['100000001,2\n100000001,"2\n100000003,4\n', "3 (row 2)", /a quote that is never closed/],
    ['"100000001,2\n', "2 (row 1)", /a quote that is never closed/],
    ['100000001,2\n"a\nb","c\n', "4 (row 2)", /a quote that is never closed/],
  ];
  for (const [rows, place, message] of cases) {
    const error = await refusal(`time,close\n${rows}`);
    assertEquals(error.code, "data_invalid");
    assertEquals(
      error.message.slice(0, 13 + path.length + place.length),
      `Cannot read ${path}:${place}`,
    );
    assertMatch(error.message, message);
  }
});

Deno.test("the number of a refused row counts the rows of delimiters above it", async () => {
  const { message } = await refusal("time,close\n1970-01-01,1\n,\n1970-01-03,x\n");
  assertMatch(message, /^Cannot read bars\.csv:4 \(row 3\): /);
  const { message: unclosed } = await refusal('time,close\n1970-01-01,1\n,\n1970-01-03,"3\n');
  assertMatch(unclosed, /^Cannot read bars\.csv:4 \(row 3\): /);
});

Deno.test("zero and negative numbers are numbers in every column", () => {
  const wanted = ["open", "close", "volume"] as const;
  const { columns } = parse("open,close,volume\n0,-37.63,-0.5\n-2,0,0\n1,-0,2\n", { wanted });
  assertEquals([...columns.get("open")!.units], [0, -2, 1]);
  assertEquals([...columns.get("close")!.units], [-3763, 0, 0]);
  assertEquals([...columns.get("volume")!.units], [-5, 0, 20]);
});

Deno.test("a refusal shows the beginning of a long text only", async () => {
  for (const text of ["x".repeat(5000), "7".repeat(5000), "0".repeat(5000) + "1e2"]) {
    const { message } = await refusal(`close\n${text}\n`);
    assert(message.length < 200, message);
    assertMatch(message, /…'$/);
  }
});

Deno.test("a refusal is the same wherever the blocks are cut", async () => {
  for (const rows of ["1,2\n3,x\n", '1,2\n"\n3",4,5\n', '1,2\n3,4"\n', '1,2\n"3,\n4\n']) {
    const content = `time,close\n${rows}`;
    const whole = await refusal(content);
    for (let cut = 11; cut <= content.length; cut++) {
      assertEquals((await refusal(content, { cuts: [cut] })).message, whole.message);
    }
  }
});

Deno.test("a row of more than 16 MiB is refused, however the blocks are cut", async () => {
  const head = "close\n1\n";
  const content = bytesOf(`${head}"${" ".repeat(MAX_ROW_BYTES)}"\n2\n`);
  for (const cuts of [[], [MAX_ROW_BYTES], [content.length - 3], [content.length - 2]]) {
    const error = await refusal(content, { cuts });
    assertEquals(error.code, "data_invalid");
    assertMatch(error.message, /bars\.csv:3 \(row 2\): the row is longer than 16 MiB/);
  }
  const longest = bytesOf(`${head}${" ".repeat(MAX_ROW_BYTES - 2)}5\n2\n`);
  for (const cuts of [[], [longest.length - 3], [longest.length - 2]]) {
    assertEquals(parse(longest, { cuts }).length, 3);
  }
});
