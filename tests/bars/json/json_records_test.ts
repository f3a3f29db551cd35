import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import fc from "fast-check";
import { UserError } from "../../../lib/errors.ts";
import { detectJson, DOCUMENT } from "../../../lib/bars/json/json_form.ts";
import { jsonTables } from "../../../lib/bars/json/json_tables.ts";
import { jsonTree } from "../../../lib/bars/json/json_tree.ts";
import { MAX_DEPTH } from "../../../lib/bars/json/json_reader.ts";
import { MalformedRecord } from "../../../lib/bars/delimited/records.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

interface Read {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly lines: readonly number[];
}

/** The rows of a file whose data comes in blocks that end at `cuts`; the head is all of it. */
function read(text: string, cuts: readonly number[] = []): Read | typeof DOCUMENT | null {
  const whole = encoder.encode(text);
  const form = detectJson(whole, { path: "bars.json", whole: true });
  assertEquals(whole, encoder.encode(text), "detection must leave the bytes as they are");
  if (form === null || form === DOCUMENT) return form;
  const { records } = form;
  const rows: string[][] = [];
  const lines: number[] = [];
  const ends = [...cuts.filter((cut) => cut > form.dataOffset), whole.length];
  let carried = new Uint8Array(0);
  let taken = form.dataOffset;
  for (const [at, end] of ends.entries()) {
    const final = at === ends.length - 1;
    const bytes = Uint8Array.from([...carried, ...whole.subarray(taken, end)]);
    taken = end;
    let from = 0;
    while (from < bytes.length) {
      const next = records.next(bytes, from, bytes.length, final);
      if (next === -1) break;
      assert(next > from || records.fieldCount === 0, "a row takes at least a byte");
      from = next;
      if (records.fieldCount === 0) continue;
      lines.push(records.line);
      rows.push(Array.from(
        { length: records.fieldCount },
        (_, cell) => decoder.decode(bytes.subarray(records.starts[cell], records.ends[cell])),
      ));
    }
    carried = bytes.slice(from);
  }
  assertEquals(carried.length, 0, "all of the file is to be read");
  return { header: form.header, rows, lines };
}

/** The rows of a file that is an array of flat rows. */
function rowsOf(text: string): Read {
  const found = read(text);
  assert(found !== null && found !== DOCUMENT);
  return found;
}

/** What was read, or the line and the message of the refusal. */
function outcome(text: string, cuts?: readonly number[]): unknown {
  try {
    const found = read(text, cuts);
    if (found === DOCUMENT) jsonTree(encoder.encode(text));
    return found;
  } catch (error) {
    if (error instanceof UserError) return `${error.message}`.replace(/^.*?json:(\d+): /, "$1: ");
    if (error instanceof MalformedRecord) return `${error.line}: ${error.message}`;
    throw error;
  }
}

function assertSameWhereverCut(text: string): void {
  const whole = outcome(text);
  const { length } = encoder.encode(text);
  for (let cut = 0; cut <= length; cut++) {
    assertEquals(outcome(text, [cut]), whole, `${text} cut at ${cut}`);
  }
  const everyByte = Array.from({ length }, (_, cut) => cut);
  assertEquals(outcome(text, everyByte), whole, `${text} in bytes`);
}

const SIX = ["1", "2", "3", "4", "5", "6"];

Deno.test("rows of freqtrade are read with every digit they have", () => {
  const text = "[[1509836520000, 0.00162008, 12345678901234567890.1, 0.00162000, 1.50, 1e-8],\n" +
    " [1509836580000, 2, 3, 1, 2.0, 82.390199]]\n";
  assertEquals(read(text), {
    header: SIX,
    rows: [
      ["1509836520000", "0.00162008", "12345678901234567890.1", "0.00162000", "1.50", "1e-8"],
      ["1509836580000", "2", "3", "1", "2.0", "82.390199"],
    ],
    lines: [1, 2],
  });
});

Deno.test("rows of Binance's API are its klines, strings and all", () => {
  const kline = `[1499040000000,"0.01634790","0.80000000","0.01575800","0.01577100",` +
    `"148976.11427815",1499644799999,"2434.19055334",308,"1756.87402397","28.46694368","0"]`;
  const { header, rows } = rowsOf(`[${kline},${kline}]`);
  assertEquals([header.length, ...header.slice(0, 6)], [12, ...SIX]);
  assertEquals(rows[1], JSON.parse(kline).map(String));
});

Deno.test("objects give the columns that the first one names, in whatever order they stand", () => {
  const text = `[
  {"time": "2024-01-01", "open": 1.0, "close": null, "extra": "]"},
  {"close": 2.50, "time": "2024-01-02", "unknown": 7, "open": NaN},
  {"cl\\u006fse": "3", "extra": true},
  {}
]`;
  assertEquals(read(text), {
    header: ["time", "open", "close", "extra"],
    rows: [
      ["2024-01-01", "1.0", "", "]"],
      ["2024-01-02", "", "2.50", ""],
      ["", "", "3", "true"],
      ["", "", "", ""],
    ],
    lines: [2, 3, 4, 5],
  });
});

Deno.test("rows within an object, nested values and other keys make a document", () => {
  const documents = [
    `{"s":"ok","data":[{"t":1},\n{"t":2}]}`,
    `[{"t":1,"mid":{"c":2}}]`,
    `[{"close":1},{"close":2,"time":3}]`,
    `{"close":1,"time":2}\n{"close":3,"time":4}\n`,
    "[1,2]\n[3,4]\n",
    "[1,2]",
  ];
  for (const text of documents) assertEquals(outcome(text), DOCUMENT, text);
});

Deno.test("an array of no rows gives none", () => {
  for (const text of ["[]", " [ \n] ", `\ufeff[]`]) {
    assertEquals(read(text), { header: [], rows: [], lines: [] });
  }
});

Deno.test("what does not begin as JSON is left to others", () => {
  const texts = ["", " \n", "time,close\n", "[notice] data by example.com\n", "{a}", "\0[1]"];
  for (const text of texts) assertEquals(read(text), null);
});

Deno.test("a file is refused with the line and what is wrong there", () => {
  const cases: readonly (readonly [text: string, expected: RegExp])[] = [
    ["[[1,2],\n[3,4],\n]", /^3: expected a row in \[ \] like the first, got '\]'$/],
    ["[[1,2],\n[3 4]]", /^2: expected a comma or \], got '4'$/],
    ["[[1,2],\n[3,4,]]", /^2: expected a value, got '\]'$/],
    ["[[1,2]\n[3,4]]", /^2: expected a comma or \], got '\['$/],
    ["[[1,2],\n{}]", /^2: expected a row in \[ \] like the first/],
    [`[{"a":1},\n[2]]`, /^2: expected a row in \{ \} like the first/],
    ["[[1,2],\n[]]", /^2: a row without values$/],
    ["[[1,2],\n7]", /^2: expected a row in \[ \] like the first, got '7'$/],
    [`[{"a":1},{"a":1,\n"a":2}]`, /^2: the key 'a' twice in a row$/],
    [`[{"a":1,"a":2}]`, /^1: the key 'a' twice in a row$/],
    ["[{}]", /^1: a first row without keys$/],
    ["[[1,2]] []", /^1: expected nothing after the end of the JSON text, got '\['$/],
    [`{"data":[[1]]}}`, /^1: expected a value, got '\}'$/],
    [`{"data":[[1]],}`, /^1: expected a key, got '\}'$/],
    [`{"a":1,}`, /^1: expected a key, got '\}'$/],
    [`{"a":1,"a":2}`, /^1: the key 'a' twice in one object$/],
    [`{"a":[1,]}`, /^1: expected a value, got '\]'$/],
    [`{"a":[1 2]}`, /^1: expected a comma or \], got '2'$/],
    [`{"a" 1}`, /^1: expected a colon after the key, got '1'$/],
    ["[[01,2]]", /^1: expected a value, got '01'$/],
    ["[[+1]]", /^1: expected a value, got '\+1'$/],
    ["[[1.]]", /^1: expected a value, got '1\.'$/],
    ["[[.5]]", /^1: expected a value, got '\.5'$/],
    ["[[1e]]", /^1: expected a value, got '1e'$/],
    ["[[Infinity]]", /^1: expected a value, got 'Infinity'$/],
    ["[[nulls]]", /^1: expected a value, got 'nulls'$/],
    ["[[1_000]]", /^1: expected a/],
    [`[["a\nb"]]`, /^1: a line break or control character inside a string$/],
    [`[["\\x41"]]`, /^1: a backslash before 'x41' inside a string$/],
    [`[["\\u12g4"]]`, /^1: a \\u that four hexadecimal digits don't follow$/],
    [`[[${"[".repeat(1e5)}`, /^1: values nested deeper than 64 levels$/],
  ];
  for (const [text, expected] of cases) {
    assertMatch(String(outcome(text)), expected);
    if (text.length < 100) assertSameWhereverCut(text);
  }
  const deepest = `${"[".repeat(MAX_DEPTH)}${"]".repeat(MAX_DEPTH)}`;
  assertEquals([outcome(deepest), jsonTables(jsonTree(encoder.encode(deepest)))], [DOCUMENT, []]);
});

Deno.test("a file that was cut off is refused wherever the cut is", () => {
  for (const text of [`[[1,"2"],[3,null]]`, `{"a":[1],"data":[{"t":1},{"t":2}],"b":{"c":3}}`]) {
    for (let length = 1; length < text.length; length++) {
      assertMatch(String(outcome(text.slice(0, length))), /^1: the file ends before its/);
      assertSameWhereverCut(text.slice(0, length));
    }
  }
});

Deno.test("a first row that is longer than the head is refused, not waited for", () => {
  const head = encoder.encode("[[1,2,3");
  const error = assertThrows(() => detectJson(head, { path: "x", whole: false }), UserError);
  assertMatch(error.message, /its first row does not end within 7 bytes/);
});

Deno.test("bytes of an incomplete row stay as they were", () => {
  const head = encoder.encode(`[["\\u0041"],["\\u0042"`);
  const form = detectJson(head, { path: "x", whole: false });
  assert(form !== null && form !== DOCUMENT);
  const { records, dataOffset } = form;
  const from = records.next(head, dataOffset, head.length, false);
  const before = head.slice();
  assertEquals(records.next(head, from, head.length, false), -1);
  assertEquals(head, before);
  assertEquals(records.fieldCount, 0);
});

const scalar = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.constantFrom("0", "-0.0", "1.50", "1E+5", "12345678901234567890", "true", "false", "null"),
  fc.string({ unit: "binary", maxLength: 6 }).map((value) => JSON.stringify(value)),
  fc.constantFrom(`"\\ud83d\\ude00"`, `"\\ud83d"`, `"\\ude00\\ud83d"`, `"\\/\\b\\f\\u00e9\\u20ac"`),
);
const nested = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify(value));
const space = fc.constantFrom("", "", "", " ", "\n", "\r\n\t");
const value = fc.oneof({ arbitrary: scalar, weight: 6 }, { arbitrary: nested, weight: 1 });

/** The cell that a value has to give. */
function cellOf(json: string): string {
  const parsed: unknown = JSON.parse(json);
  if (parsed === null) return "";
  // As UTF-8 has it: half a surrogate pair is lost there.
  return typeof parsed === "string" ? decoder.decode(encoder.encode(parsed)) : json;
}

const arrays = fc.array(fc.array(fc.tuple(space, value, space), { minLength: 1, maxLength: 6 }), {
  maxLength: 5,
}).map((rows) => ({
  cells: rows.map((row) => row.map(([, json]) => cellOf(json))),
  text: `[${rows.map((row) => `[${row.map((parts) => parts.join("")).join(",")}]`).join(",")}]`,
}));

const KEYS = ["time", "close", "é", 'a"b', "c\\d"];
const objects = fc.array(
  fc.record({
    order: fc.shuffledSubarray(KEYS.map((_, at) => at)),
    values: fc.array(fc.tuple(space, value, space), { minLength: 5, maxLength: 5 }),
    escaped: fc.boolean(),
  }),
  { minLength: 1, maxLength: 4 },
).map((rows) => {
  const [first] = rows;
  const keys = first!.order;
  const written = rows.map(({ order, values, escaped }) => {
    const members = order.map((key) => {
      const name = JSON.stringify(KEYS[key]);
      return `${escaped ? name.replace("c", "\\u0063") : name}:${values[key]!.join("")}`;
    });
    return `{${members.join(",")}}`;
  });
  return {
    text: `[${written.join("\n,")}]`,
    cells: keys.length === 0
      ? null
      : rows.map(({ order, values }) =>
        keys.map((key) => order.includes(key) ? cellOf(values[key]![1]) : "")
      ),
  };
});

Deno.test("cells are those of JSON.parse, digits as they stand", () => {
  fc.assert(
    fc.property(fc.oneof(arrays, objects), ({ text, cells }) => {
      if (cells === null) return;
      const found = read(text);
      if (found !== null && found !== DOCUMENT) assertEquals(found.rows, cells);
    }),
    { seed: 3, numRuns: 2000 },
  );
});

Deno.test("rows are the same wherever the blocks are cut", () => {
  fc.assert(
    fc.property(fc.oneof(arrays, objects), ({ text }) => assertSameWhereverCut(text)),
    { seed: 4, numRuns: 70 },
  );
});

const bit = fc.constantFrom(
  ...["[", "]", "{", "}", ",", ":", '"', "\\", "\n", "\0", "1", "-", ".", "e", "null", "NaN", "é"],
);
const mutated = fc.tuple(fc.oneof(arrays, objects), fc.nat(), fc.nat({ max: 3 }), bit).map(
  ([{ text }, at, removed, added]) => {
    const from = at % text.length;
    return text.slice(0, from) + added + text.slice(from + removed);
  },
);

Deno.test("a mutated file is read as JSON.parse reads it, or refused as it refuses it", () => {
  fc.assert(
    fc.property(mutated, fc.nat(), (text, cut) => {
      const got = outcome(text);
      const { length } = encoder.encode(text);
      assertEquals(outcome(text, [cut % (length + 1)]), got);
      let parsed: unknown;
      try {
        parsed = JSON.parse(text.replaceAll("NaN", "null"));
      } catch {
        assert(typeof got === "string" || got === null, `read what is no JSON: ${text}`);
        return;
      }
      // JSON that is refused all the same holds something else than rows of one kind.
      if (got === null || typeof got === "string") return;
      assertEquals((got as Read).rows.length, (parsed as unknown[]).length);
    }),
    { seed: 5, numRuns: 1000 },
  );
});
