import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { detectForm } from "../../../lib/bars/form.ts";
import { planColumns } from "../../../lib/bars/plan_columns.ts";
import { MOST_ROWS, PlainRows, type PlainRowsOptions } from "../../../lib/bars/plain/plain_rows.ts";
import { type ParsedRows, RowParser } from "../../../lib/bars/rows.ts";
import { textAt } from "../../../lib/bars/text_column.ts";
import { UserError } from "../../../lib/errors.ts";
import type { ColumnName } from "../../../lib/experiment.ts";
import { bytesOf } from "../load_text.ts";

const path = "bars.csv";
const wanted: readonly ColumnName[] = ["close", "volume"];

const OPTIONS: PlainRowsOptions = {
  form: {
    delimiter: 0x2c,
    decimalMark: 0x2e,
    thousands: true,
    rowEnd: 0x0a,
    kind: "lines",
  },
  fields: ["time", "volume", "close"],
  targets: [{ field: 2, role: "close" }, { field: 1, role: "column" }, { field: 0, role: "time" }],
  times: { iso: true, unix: "by size" },
  keepLines: true,
};

interface Taken {
  readonly count: number;
  readonly next: number;
  readonly close: readonly number[];
  readonly time: readonly number[];
  readonly lines: string;
}

/** What is taken at once of a text, with closes in hundredths. */
function taken(text: string, options: Partial<PlainRowsOptions> = {}, from = 0): Taken {
  const rows = new PlainRows({ ...OPTIONS, ...options });
  const bytes = bytesOf(text);
  assert(rows.load(bytes, from, bytes.length));
  rows.setDecimals(0, 2);
  const count = rows.take(from);
  return {
    count,
    next: rows.next,
    close: [...rows.values(0, count)],
    time: [...rows.values(2, count)],
    lines: new TextDecoder().decode(rows.lines(count).bytes),
  };
}

Deno.test("rows are taken until one is not plain, with times and units", () => {
  const text = "2024-01-31,0,1.5\n2024-01-31 23:59,7,20\r\n1700000000,1,0.010\n2024-02-30,1,1\n" +
    "2024-01-31T00:00:01Z,1,1e3\n2024-01-31,1,1\n";
  const rows = taken(text);
  assertEquals(rows.count, 4);
  assertEquals(text.slice(rows.next, rows.next + 20), "2024-01-31T00:00:01Z");
  assertEquals(rows.close, [150, 2000, 1, 100]);
  assertEquals(rows.time, [
    Date.UTC(2024, 0, 31),
    Date.UTC(2024, 0, 31, 23, 59),
    17e11,
    NaN,
  ]);
  assertEquals(rows.lines, "2024-01-31,1.52024-01-31 23:59,201700000000,0.0102024-02-30,1");
});

Deno.test("what is not plain is left alone", () => {
  const good = "2024-01-31,1,1\n";
  for (
    const bad of [
      "2024-01-31,1,-1\n",
      "2024-01-31,1,0\n",
      "2024-01-31,1,\n",
      "2024-01-31,1,.5\n",
      "2024-01-31,1,5.\n",
      "2024-01-31,1,5 5\n",
      "2024-01-31,1, \n",
      "2024-01-31,1,1e3\n",
      "2024-01-31,1,1.234\n",
      "2024-01-31,1,90071992547409.92\n",
      "2024-01-31,1,12345678901234567890\n",
      "2024-01-31,1\n",
      "2024-01-31,1,1,1\n",
      "\n",
      "\r\n",
      '2024-01-31,1,"1\n',
      '2024-01-31,1,"1"x\n',
      '2024-01-31,1,"""1"\n',
      '"2024-01-31"\r,1,1\n',
      '2024-01-31,"1\n",1\n',
      '2024-01-31,1"",1\n',
      '2024-01-31,1,"1,23"\n',
      '2024-01-31,1,"1234,567"\n',
      '2024-01-31,1,"0,567"\n',
      '2024-01-31,1,",567"\n',
      '2024-01-31,1,"1,567,89"\n',
      "2024-01-31,1,1\r\r\n",
      "2024-01-31,1,1,x\n",
    ]
  ) {
    const rows = taken(good + bad + good);
    assertEquals([rows.count, rows.next], [1, good.length], bad);
    assertEquals(taken(good + bad + good, {}, good.length + bad.length).count, 1, bad);
  }
});

Deno.test("quotes around fields or lines, other delimiters and decimal marks are plain", () => {
  const quoted = taken('"2024-01-31","1","1.5"\r\n2024-01-31,"1","2"\n"2024-01-31",1,3\n');
  assertEquals([quoted.count, quoted.close], [3, [150, 200, 300]]);
  assertEquals(quoted.lines, "2024-01-31,1.52024-01-31,22024-01-31,3");
  const form = { ...OPTIONS.form, delimiter: 0x3b, decimalMark: 0x2c, thousands: false };
  const fractions = taken("2024-01-31;1;1,5\n2024-01-31;1;1.5\n", { form, keepLines: false });
  assertEquals([fractions.count, fractions.close], [1, [150]]);
  const groups = taken('2024-01-31,1,"1,234.50"\n"Jan 14, 2024",1,"12,345,678"\n');
  assertEquals([groups.count, groups.close], [2, [123450, 1234567800]]);
  assertEquals(groups.lines, '2024-01-31,"1,234.50""Jan 14, 2024","12,345,678"');
  const unknown = { ...OPTIONS.form, thousands: false };
  assertEquals(taken('2024-01-31,1,"1,234"\n', { form: unknown }).count, 0);
  const spaced = taken(" 2024-01-31 , 1 ,  1.5 \n2024-01-31,1,2,\n2024-01-31,1,3,\r\n");
  assertEquals([spaced.count, spaced.close], [3, [150, 200, 300]]);
  assertEquals(spaced.lines, " 2024-01-31 ,  1.5 2024-01-31,22024-01-31,3");
  const returns = { ...OPTIONS.form, rowEnd: 0x0d };
  const alone = taken('2024-01-31,1,1\r"2024-01-31",1,2\r2024-01-31,1,3\r\n', { form: returns });
  assertEquals([alone.count, alone.close], [2, [100, 200]]);
  const lines = taken('"2024-01-31,1,1.5"\n"2024-01-31,1,2"\r\n"2024-01-31,1,""3""\n', {
    form: { ...OPTIONS.form, kind: "quoted lines" },
  });
  assertEquals([lines.count, lines.close], [2, [150, 200]]);
  assertEquals(lines.lines, "2024-01-31,1.52024-01-31,2");
});

Deno.test("times are read as far as the options say", () => {
  const text = "2024-01-31 10:00,1,1\n1700000000,1,1\n1700000000000,1,1\n20240131,1,1\n";
  const time = (times: PlainRowsOptions["times"]) => taken(text, { times }).time;
  const iso = Date.UTC(2024, 0, 31, 10);
  assertEquals(time({ iso: true, unix: "by size" }), [iso, 17e11, 17e11, NaN]);
  assertEquals(time({ iso: false, unix: "s" }), [NaN, 17e11, NaN, NaN]);
  assertEquals(time({ iso: true, unix: "ms" }), [iso, 1.7e9, 17e11, NaN]);
  assertEquals(time({ iso: false, unix: "none" }), [NaN, NaN, NaN, NaN]);
});

Deno.test("a time that is none is left unread, whatever character is wrong", () => {
  const good = "2024-01-31 23:59:58";
  assertEquals(taken(`${good},1,1\n`).time, [Date.UTC(2024, 0, 31, 23, 59, 58)]);
  for (let at = 0; at < good.length; at++) {
    for (const other of ["/", ":", "a", " ", "\x00", "\x7f", "é"]) {
      const text = good.slice(0, at) + other + good.slice(at + 1);
      if (text === good) continue;
      const { time } = taken(`${text},1,1\n`);
      assert(Number.isNaN(time[0]), text);
    }
  }
  for (const text of ["2024-01-31 24:00:00", "2024-01-31 23:60:00", "2024-01-31 23:59:61"]) {
    assertEquals(taken(`${text},1,1\n`).time, [NaN], text);
  }
  for (const text of ["2023-02-29", "2024-13-01", "2024-00-10", "2024-04-31", "2100-02-29"]) {
    assertEquals(taken(`${text},1,1\n`).time, [NaN], text);
  }
  assertEquals(taken("2000-02-29,1,1\n").time, [Date.UTC(2000, 1, 29)]);
});

Deno.test("at most so many rows are taken at once, and the next ones after them", () => {
  const row = "1700000000,1,1\n";
  const rows = new PlainRows(OPTIONS);
  const bytes = bytesOf(row.repeat(MOST_ROWS + 3));
  assert(rows.load(bytes, 0, bytes.length));
  rows.setDecimals(0, 2);
  assertEquals(rows.take(0), MOST_ROWS);
  assertEquals([rows.next, rows.take(rows.next)], [MOST_ROWS * row.length, 3]);
  assertEquals([rows.next, rows.end, rows.take(rows.next)], [bytes.length, bytes.length, 0]);
  rows.leave();
  assertEquals(rows.end, 0);
});

Deno.test("a piece ends with a line, and there is none without one", () => {
  const rows = new PlainRows(OPTIONS);
  const bytes = bytesOf("1700000000,1,1\n1700000000,1,");
  assert(rows.load(bytes, 0, bytes.length));
  assertEquals([rows.end, rows.take(0), rows.next], [15, 1, 15]);
  assert(!rows.load(bytes, 15, bytes.length));
  assert(!rows.load(bytesOf(`${"1".repeat(1 << 17)}\n`), 0, (1 << 17) + 1));
});

const digits = fc.stringMatching(/^[0-9]{1,18}$/);
const number = fc.oneof(
  { weight: 20, arbitrary: fc.stringMatching(/^[1-9][0-9]{0,5}(\.[0-9]{1,4})?$/) },
  { weight: 2, arbitrary: fc.tuple(digits, digits).map(([a, b]) => `${a}.${b}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("0", "", "nan", "-3", "+3", "1e3", " 7", "7 ", "5.", ".5", "$1"),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('"1,234"', '"1,234.5"', '"12,34"', "1,5", '"1,234,567.25"', "1,234"),
  },
);
const instant = fc.integer({ min: 1e8, max: 4e9 });
const time = fc.oneof(
  { weight: 20, arbitrary: instant.map((s) => new Date(s * 1000).toISOString().slice(0, 19)) },
  { weight: 2, arbitrary: instant.map((s) => `${s}`) },
  {
    weight: 1,
    arbitrary: fc.tuple(instant, fc.constantFrom(10, 16, 20, 23, 24)).map(([s, end]) =>
      new Date(s * 1000).toISOString().replace("T", " ").slice(0, end)
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom("2024-02-30", "x", "1.7e9", "05/06/2024", "13/1/2024") },
);
const cell = (text: fc.Arbitrary<string>) =>
  fc.tuple(text, fc.integer({ min: 0, max: 7 })).map(([value, style]) =>
    style === 0 ? `"${value}"` : style === 1 ? `"${value}" ` : value
  );
const row = fc.tuple(cell(time), cell(number), cell(number), fc.nat({ max: 2 }));
const content = fc.tuple(
  fc.array(row, { maxLength: 30 }),
  fc.constantFrom(",", ",", ",", ";", "\t"),
  fc.constantFrom(["\n", "\r\n", "+\n"], ["\n", "\n", "\n"], ["\r", "\r", "\r\n"], ["\r"]),
  fc.boolean(),
).map(([rows, delimiter, ends, wholeLines]) =>
  [["time", "volume", "close", 0] as const, ...rows].map(([t, volume, close, end]) => {
    const line = [t, volume, close].join(delimiter);
    const ending = ends[end % ends.length]!.replace("+", delimiter);
    return wholeLines && !line.includes('"') ? `"${line}"${ending}` : line + ending;
  }).join("")
);

const bare = fc.oneof(
  { weight: 30, arbitrary: fc.stringMatching(/^[1-9][0-9]{0,5}(\.[0-9]{1,4})?$/) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...["0", "-1", "01", "1.", "1e3", "null", "true", "false", "nul", "[1]", "{}", '{"close":1}'],
    ),
  },
);
const text = fc.oneof(
  { weight: 30, arbitrary: bare },
  { weight: 1, arbitrary: fc.constantFrom("", "a,b", "a\\nb", "a\\u0031", "x]", "}", "\t", "\n") },
).map((value) => `"${value.replaceAll('"', "")}"`);
const jsonTime = fc.oneof(
  { weight: 6, arbitrary: instant.map((s) => `${s * 1000}`) },
  { weight: 3, arbitrary: instant.map((s) => `"${new Date(s * 1000).toISOString()}"`) },
  { weight: 1, arbitrary: instant.map((s) => `${s}.5`) },
);
const gap = fc.constantFrom("", "", "", "", " ", "\n", "\r\n  ", "\t");
const value = fc.oneof(bare, text);
const jsonRow = fc.record({
  values: fc.tuple(jsonTime, fc.integer({ min: 1, max: 9999 }), value, value).map(
    // So that rows without keys are taken for bars.
    ([time, price, other, volume]) => [
      time,
      ...["", "", ""].map(() => `${price}`),
      price % 5 === 0 ? other : `${price}.0`,
      volume,
    ],
  ),
  gaps: fc.array(gap, { minLength: 12, maxLength: 12 }),
  oddity: fc.nat({ max: 60 }),
});
const jsonContent = fc.tuple(
  fc.array(jsonRow, { minLength: 1, maxLength: 30 }),
  fc.boolean(),
  fc.constantFrom("]", "]", "]", "] ", ",]", "]x", "]]", ""),
).map(([rows, areObjects, end]) => {
  const names = ["time", "open", "high", "low", "close", "volume"];
  const texts = rows.map(({ values, gaps, oddity }, at) => {
    const [a, b, c, d, e, f, g] = gaps;
    let cells = values.map((cell, field) =>
      areObjects ? `"${names[field]}"${a}:${b}${cell}` : cell
    );
    // Only later rows may be otherwise than the first.
    if (at > 0 && oddity === 0) cells = cells.toReversed();
    if (at > 0 && oddity === 1) cells = cells.slice(0, 5);
    if (at > 0 && oddity === 2) cells = [...cells, cells[0]!];
    const [open, close] = areObjects ? "{}" : "[]";
    return `${c}${open}${d}${cells.join(`${e},${f}`)}${g}${close}${gaps[7]}`;
  });
  return `[${texts.join(",")}${end}`;
});

type Outcome = { readonly rows: ParsedRows } | { readonly message: string };

async function parsed(
  bytes: Uint8Array,
  { plain, cut }: { plain: boolean; cut: number },
): Promise<Outcome> {
  const detected = await detectForm(bytes, { path, whole: true });
  if (detected === null) return { message: "a document" };
  const dialect = plain ? detected : { ...detected, plain: null };
  const numbers = { time: "1", open: "2", high: "3", low: "4", close: "5", volume: "6" };
  const overrides = dialect.hasHeader ? {} : numbers;
  const plan = planColumns(dialect.header, { wanted, overrides, path });
  try {
    const parser = new RowParser({ dialect, plan, keepLines: true, capacity: 0, path });
    let from = dialect.dataOffset;
    for (const end of [Math.min(bytes.length, Math.max(from, cut)), bytes.length]) {
      const block = new Uint8Array(end - from + 64);
      block.set(bytes.subarray(from, end));
      from += parser.take(block, { from: 0, to: end - from, final: end === bytes.length });
    }
    return { rows: parser.finish() };
  } catch (error) {
    if (error instanceof UserError) return { message: error.message };
    throw error;
  }
}

function shown(outcome: Outcome): unknown {
  if ("message" in outcome) return outcome;
  const { rows } = outcome;
  return {
    ...rows,
    times: [...rows.times!.values],
    columns: [...rows.columns].map(([name, { units, decimals }]) => [name, [...units], decimals]),
    lines: Array.from(
      { length: rows.length },
      (_, t) => new TextDecoder().decode(textAt(rows.lines!, t)),
    ),
  };
}

for (
  const [what, contents] of [
    ["a delimited file", content],
    ["a JSON file", jsonContent],
  ] as const
) {
  Deno.test(`read as plain rows or one by one, ${what} gives the same bars or the same error`, async () => {
    let bars = 0;
    let errors = 0;
    await fc.assert(
      fc.asyncProperty(contents, fc.nat({ max: 900 }), async (text, cut) => {
        const bytes = bytesOf(text);
        let expected: Outcome;
        try {
          expected = await parsed(bytes, { plain: false, cut });
        } catch (error) {
          // No table at all, or not the columns that are wanted.
          if (error instanceof UserError) return;
          throw error;
        }
        if ("rows" in expected) bars += expected.rows.length;
        else errors++;
        assertEquals(shown(await parsed(bytes, { plain: true, cut })), shown(expected));
      }),
      { seed: 12, numRuns: 3000 },
    );
    assert(bars > 3000 && errors > 300, `${bars} bars, ${errors} errors`);
  });
}

Deno.test("rows of JSON are plain after the first, as arrays and as objects", () => {
  const arrays = { ...OPTIONS.form, kind: "arrays" as const, rowEnd: 0x5d };
  const some = taken(
    ',["2024-01-31",1,1.5],\n [ 1700000000000 , "2" , "20" ],[1700000000000,null,1],[1,1,1]]',
    { form: arrays },
  );
  assertEquals([some.count, some.close], [2, [150, 2000]]);
  assertEquals(some.time, [Date.UTC(2024, 0, 31), 17e11]);
  const objects = { ...OPTIONS.form, kind: "objects" as const, rowEnd: 0x7d };
  const others = taken(
    ',{"time":"2024-01-31","volume":1,"close":1.5},\n{ "time" : "2024-02-01", "volume": 0, "close": "2" }' +
      ',{"time":1,"close":1,"volume":1},',
    { form: objects },
  );
  assertEquals([others.count, others.close], [2, [150, 200]]);
});
