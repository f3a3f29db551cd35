import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { UserError } from "../../../lib/errors.ts";
import { listRuns } from "../../../lib/registry/list_runs.ts";
import { openMemoryRegistry } from "../../../lib/registry/open.ts";
import { parseWhere } from "../../../lib/registry/query/where.ts";
import { NO_HASHES, STORED_STATUSES } from "../../../lib/record.ts";
import { commitRun, type StorableRun } from "../../../lib/registry/store.ts";
import { sampleRun } from "../temp_registry.ts";
import { fits, type Meaning, NOW, type Subject, type Value, written } from "./oracle.ts";

const TEXTS = [
  "",
  "a",
  "A",
  "ab",
  "slow",
  "quoted",
  "Slow",
  "10",
  "5",
  "true",
  "null",
  "and",
  "it's",
  'say "hi"',
  '"quoted"',
  "back\\slash",
  "%",
  "_",
  "é",
  "É",
  "😀",
  "\u{ffee}",
  "x'; DROP TABLE runs; --",
  "two\nlines",
  "[1,2]",
  "\u202e",
];
const NUMBERS = [0, 1, 5, 10, -5, 0.1, 0.30000000000000004, 5e-324, 1e308, 2 ** 53, 123456.789];
const PARAMS = ["window", "mode", "my key", "and", "status", "ratio.x", "10", 'q"t'];
const METRICS = ["sharpe", "ones", "status", "turn over"];
const TAGS = ["baseline", "a", "A", "%", "it's", "two words", "😀"];
const STARTED = [
  "2026-11-21T08:55:01.500Z",
  "2026-11-22T23:59:59.999Z",
  "2026-11-23T00:00:00.000Z",
  "2026-11-23T08:55:01.500Z",
  "2026-10-31T10:00:00.000Z",
  "2025-12-31T23:59:59.999Z",
];
const DATES = [
  "2026",
  "2026-11-22",
  "2026-11",
  "2026-11-23",
  "2026-11-23T08",
  "2026-11-23T08:55:01.500Z",
];
const HASHES = ["00ff", "00fe", "c0", "c0de", "f"];

const text = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 4 }) },
);
const number = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NUMBERS) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
).map((value) => value === 0 ? 0 : value);
const nullable = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 4 });

const paramValue = fc.oneof(
  number,
  text,
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom<unknown>([1, 2], { a: "b" }, []),
);

const run = fc.record({
  name: nullable(text),
  experiment: nullable(fc.constantFrom("rolling-mean", "Rolling", "10")),
  status: fc.constantFrom(...STORED_STATUSES),
  seed: nullable(fc.constantFrom(0, 5, 10, 42)),
  latency_ms: nullable(number),
  note: nullable(text),
  started_at: fc.constantFrom(...STARTED),
  deleted_at: nullable(fc.constantFrom(...STARTED)),
  environment: fc.constantFrom<Record<string, unknown>>({}, { hostname: "anvil" }, {
    hostname: "Forge",
  }),
  hashes: nullable(fc.constantFrom(...HASHES)).map((hash) => ({
    ...NO_HASHES,
    config: hash === null ? null : `sha256:${hash}`,
  })),
  params: fc.dictionary(fc.constantFrom(...PARAMS), paramValue),
  metrics: fc.dictionary(fc.constantFrom(...METRICS), number),
  tags: fc.uniqueArray(fc.constantFrom(...TAGS), { maxLength: 3 }),
});

/** Has every name, so that none is unknown. */
const FULL = {
  params: Object.fromEntries(PARAMS.map((key) => [key, 5])),
  metrics: Object.fromEntries(METRICS.map((key) => [key, 1])),
  tags: TAGS,
};

const numberValue = number.map((value): Value => ({ kind: "number", number: value }));
const textValue = text.map((value): Value => ({ kind: "text", text: value }));
const date = fc.oneof(
  fc.constantFrom(...DATES).map((prefix): Value => ({ kind: "date", prefix })),
  fc.record({
    kind: fc.constant("ago" as const),
    count: fc.constantFrom(0, 1, 2, 9, 48),
    unit: fc.constantFrom("h" as const, "days" as const),
  }),
);
const ORDERED = ["=", "!=", "<", "<=", ">", ">="];

function about(
  subject: Subject,
  value: fc.Arbitrary<Value>,
  operators: readonly string[],
): fc.Arbitrary<Meaning> {
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant("compare" as const),
        subject: fc.constant(subject),
        operator: fc.constantFrom(...operators),
        value,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("in" as const),
        subject: fc.constant(subject),
        values: fc.array(value, { minLength: 1, maxLength: 4 }),
        isNegated: fc.boolean(),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("missing" as const),
        subject: fc.constant(subject),
        isNegated: fc.boolean(),
      }),
    },
  );
}

const column = (key: string): Subject => ({ prefix: "run", key });
const contained = fc.constantFrom("", "a", "A", "0", "s", "É", "\\", '"', "%").map((
  text,
): Value => ({ kind: "text", text }));

const condition: fc.Arbitrary<Meaning> = fc.oneof(
  ...["name", "note", "experiment", "host"].flatMap((key) => [
    about(column(key), textValue, [...ORDERED, "~"]),
    about(column(key), contained, ["~"]),
  ]),
  ...["seed", "latency_ms"].map((key) => about(column(key), numberValue, ORDERED)),
  ...["started", "deleted"].map((key) => about(column(key), date, ORDERED)),
  about(
    column("status"),
    fc.constantFrom(...STORED_STATUSES, "crashed").map((text): Value => ({ kind: "text", text })),
    [...ORDERED, "~"],
  ),
  about(
    column("config_hash"),
    fc.constantFrom(...HASHES, "0", "00").map((text): Value => ({ kind: "text", text })),
    ["=", "!=", "~"],
  ),
  about(
    column("id"),
    fc.constantFrom("aaaaa1", "20260101-000000-aaaaa2").map((text): Value => ({
      kind: "text",
      text,
    })),
    ORDERED,
  ),
  about(
    column("tag"),
    fc.constantFrom(...TAGS, "none").map((text): Value => ({ kind: "text", text })),
    ["=", "!=", "~"],
  ),
  ...PARAMS.flatMap((key) => [
    about({ prefix: "param", key }, fc.oneof(numberValue, textValue), ORDERED),
    about({ prefix: "param", key }, contained, ["~"]),
  ]),
  ...METRICS.map((key) => about({ prefix: "metric", key }, numberValue, ORDERED)),
  fc.constantFrom(...TAGS).map((tag): Meaning => ({ kind: "tagged", tag })),
);

const { meaning } = fc.letrec<{ meaning: Meaning }>((tie) => ({
  meaning: fc.oneof(
    { maxDepth: 4 },
    condition,
    fc.record({ kind: fc.constant("not" as const), part: tie("meaning") }),
    fc.record({
      kind: fc.constantFrom("and" as const, "or" as const),
      parts: fc.array(tie("meaning"), { minLength: 2, maxLength: 4 }),
    }),
  ),
}));

Deno.test("an expression finds the runs that a plain filter of records finds", async () => {
  const found = { none: 0, some: 0, all: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(run, { minLength: 3, maxLength: 12 }),
      fc.array(fc.tuple(meaning, fc.infiniteStream(fc.nat())), { minLength: 40, maxLength: 40 }),
      async (changes, expressions) => {
        const registry = await openMemoryRegistry();
        try {
          const runs = [...changes, FULL].map((change, at): StorableRun =>
            sampleRun({
              ...change,
              id: `20260101-00000${at % 3}-aaaa${String(at).padStart(2, "a")}`,
            })
          );
          for (const run of runs) await commitRun(registry, run);
          const crashed = new Set(
            runs.filter(({ status, id }) => status === "running" && /[02468]$/.test(id))
              .map(({ id }) => id),
          );
          for (const [meaning, stream] of expressions) {
            const text = written(meaning, (choices) => stream.next().value % choices);
            const where = await parseWhere(registry, text, {
              now: NOW,
              crashed: () => Promise.resolve([...crashed]),
            });
            const page = await listRuns(registry, { where, deleted: "included" });
            const expected = runs.filter((run) => fits(run, meaning, crashed)).map(({ id }) => id);
            assertEquals(page.runs.map(({ id }) => id).sort(), expected.sort(), text);
            assertEquals(page.total, expected.length);
            if (expected.length === 0) found.none++;
            else if (expected.length === runs.length) found.all++;
            else found.some++;
          }
        } finally {
          registry.close();
        }
      },
    ),
    { numRuns: 25, seed: 20261123 },
  );
  // Most expressions tell some runs from others, or the comparison would say little.
  assert(found.some > found.none && found.some > found.all, JSON.stringify(found));
});

/** Pieces of expressions, in no order that makes sense. */
const piece = fc.oneof(
  fc.constantFrom(
    ...["(", ")", ",", "=", "!=", "<", ">=", "~", "in", "is", "not", "missing", "and", "or"],
    ...["window", "mode", "sharpe", "status", "started", "tag", "baseline", "config_hash", "id"],
    ...["param.", "metric.", "run.status", "tag.a", '"', "'", "\\", "&&", "|", "!", "\0"],
    ...[
      "window = 2",
      "mode ~ a",
      "tag.a",
      "sharpe in (1, 2)",
      "and",
      "or",
      "not",
      "note is missing",
    ],
    ...["2", "days", "ago", "2d ago", "yesterday", "1e999", "-5", "failed", "00ff", "null"],
  ),
  fc.string({ unit: "binary", maxLength: 5 }),
);

Deno.test("any text is an expression, or refused with its place", async () => {
  const registry = await openMemoryRegistry();
  const came = { found: 0, refused: 0 };
  try {
    await commitRun(registry, sampleRun(FULL));
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 6 }), async (pieces) => {
        const text = pieces.join(" ");
        try {
          const where = await parseWhere(registry, text, {
            now: NOW,
            crashed: () => Promise.resolve([]),
          });
          await listRuns(registry, { where });
          came.found++;
        } catch (error) {
          assert(error instanceof UserError && error.exitCode === 2, `${text}: ${error}`);
          assert(error.hint !== undefined && error.message.length < 1000, text);
          came.refused++;
        }
      }),
      {
        numRuns: 3000,
        seed: 20261123,
        examples: [[["window", "=", "2", "and", "not", "tag.a"]], [["started > 2 days ago"]]],
      },
    );
  } finally {
    registry.close();
  }
  assert(came.found > 30 && came.refused > 1000, JSON.stringify(came));
});
