import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { loadBars } from "../../lib/bars/load.ts";
import { UserError } from "../../lib/errors.ts";
import { decimalColumn } from "../../lib/bars/number/decimal_column.ts";
import { withTempDir } from "../temp_dir.ts";
import { campaign } from "./campaign.ts";
import { check, type Verdict } from "./checks.ts";
import { corpus } from "./corpus.ts";
import { type FuzzCase, fuzzCase } from "./fuzz_case.ts";
import { fuzzOptions, repeatCommand, summary } from "./fuzz.ts";
import { HOSTILE_NUMBERS } from "./hostile_values.ts";
import { disagreement } from "./oracle.ts";
import { exactNumber, timeMs } from "./oracle_value.ts";
import { Random } from "./random.ts";
import type { Load } from "./reading.ts";

const SAMPLES = corpus();

/** What the check says of a file when it is read by `load`. */
function verdictOn(bytes: Uint8Array<ArrayBuffer>, load: Load): Promise<Verdict> {
  const input: FuzzCase = { number: 0, bytes, steps: [], sample: null };
  return withTempDir((folder) =>
    check(input, { path: join(folder, "bars.csv"), load, random: new Random(1, 1) })
  );
}

const bytesOf = (text: string) => new TextEncoder().encode(text);
const PLAIN = bytesOf(
  `time,close\n${
    Array.from({ length: 30 }, (_, row) => `2024-01-${row + 1} 10:00,1${row}.50`)
      .map((row) => row.replace(/-(\d) /, "-0$1 ")).join("\n")
  }\n`,
);

Deno.test("a few hundred changed files are read or refused as they should be", async () => {
  const result = await withTempDir((folder) =>
    campaign({ seed: 1, files: [], folder, from: 0, to: 299, forMs: Infinity })
  );
  assertEquals(result.finding, null);
  assertEquals(result.cases, 300);
  // It would find nothing if nothing were read, or compared.
  assert(result.outcomes.get("bars")! > 60 && result.outcomes.get("data_invalid")! > 60);
  assert(result.comparisons > 1000, `${result.comparisons} comparisons`);
});

Deno.test("equal seeds give equal cases, and each by itself", () => {
  for (const number of [0, 50, 51, 1000]) {
    assertEquals(
      fuzzCase({ seed: 3, samples: SAMPLES }, number),
      fuzzCase({ seed: 3, samples: SAMPLES }, number),
    );
  }
  const cases = [3, 4].map((seed) => fuzzCase({ seed, samples: SAMPLES }, 1000).steps.join());
  assert(cases[0] !== cases[1]);
});

Deno.test("a sound reader passes", async () => {
  assertEquals((await verdictOn(PLAIN, loadBars)).finding, null);
});

Deno.test("a reader with a defect is found out", async () => {
  const faults: [property: RegExp, load: Load][] = [
    [/errors are for users/, () => Promise.reject(new TypeError("x is undefined"))],
    [
      /errors are for users/,
      () => Promise.reject(new UserError("Cannot read", { code: "data_invalid", hint: "Do." })),
    ],
    [
      /errors are for users/,
      ({ path }) => Promise.reject(new UserError(`Cannot read ${path}`, { code: "data_invalid" })),
    ],
    [
      /errors are for users/,
      ({ path }) =>
        Promise.reject(
          new UserError(`${path}\n    at x.ts:1`, { code: "data_invalid", hint: "Do." }),
        ),
    ],
    [/independent reader/, ({ path }) =>
      Promise.reject(
        new UserError(`${path}: close is not a number: got '10.50'`, {
          code: "data_invalid",
          hint: "Do.",
        }),
      )],
    [/bars are sane/, withBars((bars) => ({ times: bars.times!.toReversed() }))],
    [/bars are sane/, withBars((bars) => ({ times: bars.times!.with(3, NaN) }))],
    [/bars are sane/, withBars((bars) => ({ length: bars.length + 1 }))],
    [
      /bars are sane/,
      withBars(({ close: { units } }) => ({
        close: decimalColumn(Float64Array.from({ length: units.length }, () => 100.5), 1),
      })),
    ],
    [
      /independent reader/,
      withBars(({ close: { units } }) => ({
        close: decimalColumn(units, 2),
      })),
    ],
    [
      /independent reader/,
      withBars((bars) => ({
        times: bars.times!.map((ms, t) => t === 29 ? ms + 1 : ms),
      })),
    ],
    [/blocks of \d+ bytes/, async (request) => {
      const loaded = await loadBars(request);
      const { bars } = loaded;
      const times = bars.times!.map((ms, t) => t === 29 ? ms + 60_000 : ms);
      const small = request.blockBytes! < 1 << 20;
      return small ? { ...loaded, bars: { ...bars, times } } : loaded;
    }],
    [/gzip changes nothing/, async (request) => {
      if ((await Deno.readFile(request.path))[0] !== 0x1f) return await loadBars(request);
      const loaded = await loadBars(request);
      return { ...loaded, rowsRead: loaded.rowsRead + 1 };
    }],
    [/CRLF/, async (request) => {
      const loaded = await loadBars(request);
      const isCrlf = (await Deno.readFile(request.path)).includes(0x0d);
      return isCrlf && request.blockBytes === 1 << 20
        ? { ...loaded, rowsRead: loaded.rowsRead + 1 }
        : loaded;
    }],
    [/quotes around every field/, async (request) => {
      const loaded = await loadBars(request);
      const isQuoted = (await Deno.readFile(request.path)).includes(0x22);
      return isQuoted ? { ...loaded, rowsRead: loaded.rowsRead + 1 } : loaded;
    }],
  ];
  for (const [property, load] of faults) {
    const { finding } = await verdictOn(PLAIN, load);
    assertMatch(finding?.property ?? "nothing", property);
  }
});

type Bars = Awaited<ReturnType<Load>>["bars"];

/** The reader, with something else in the bars. */
function withBars(change: (bars: Bars) => Partial<Bars>): Load {
  return async (request) => {
    const loaded = await loadBars(request);
    return { ...loaded, bars: { ...loaded.bars, ...change(loaded.bars) } };
  };
}

Deno.test("a known file that is read as something else is found out", async () => {
  const input = fuzzCase({ seed: 1, samples: SAMPLES }, 0);
  const load = withBars(({ times }) => ({ times: times!.map((ms) => ms + 1000) }));
  const { finding } = await withTempDir((folder) =>
    check(input, { path: join(folder, "x.csv"), load, random: new Random(1, 1) })
  );
  assertEquals(finding?.property, "a known file is read as what it is");
});

Deno.test("a process that ends by itself is a finding", async () => {
  const { finding } = await withTempDir((folder) =>
    campaign({ seed: 1, files: [join(folder, "none")], folder, from: 0, to: 9, forMs: 1000 })
  );
  assertEquals(finding?.property, "the process lives on");
  assertMatch(finding!.detail, /^exit status 1: [^]*NotFound/);
});

Deno.test("a case that takes too long is a finding, and is ended", async () => {
  // Not even the process starts that soon.
  const { finding } = await withTempDir((folder) =>
    campaign({ seed: 1, files: [], folder, from: 0, to: 9, forMs: Infinity, deadlineMs: 1 })
  );
  assertEquals(finding, {
    property: "reading ends",
    detail: "it took more than 0.001 s",
    number: 0,
  });
});

Deno.test("the oracle reads numbers and times by the same rules, in its own way", () => {
  const numbers: [cell: string, expected: unknown][] = [
    ["1.50", { units: 150n, places: 2 }],
    ["-.5", { units: -5n, places: 1 }],
    ["$1,234.5", { units: 12345n, places: 1 }],
    ["1.38M", { units: 138000000n, places: 2 }],
    ["1e-3", { units: 1n, places: 3 }],
    ["2e2", { units: 200n, places: 0 }],
    ["N/A", null],
    ["0x10", undefined],
    ["1_000", undefined],
    ["Infinity", undefined],
    [".", undefined],
  ];
  for (const [cell, expected] of numbers) {
    const exact = exactNumber(cell);
    const value = exact && Number(`${exact.units}e-${exact.places}`);
    const { units, places } = (expected ?? {}) as { units: bigint; places: number };
    assertEquals(value, expected && Number(`${units}e-${places}`), cell);
  }
  assertEquals(timeMs("2024-02-29T01:02:03.5+01:30"), Date.UTC(2024, 1, 28, 23, 32, 3, 500));
  assertEquals(timeMs("1612324800000000001"), 1612324800000);
  assertEquals(timeMs("1612324800.25"), 1612324800250);
  assert(Number.isNaN(timeMs("2023-02-29")));
  assertEquals(timeMs("yesterday"), undefined);
});

Deno.test("the oracle knows most forms of the corpus", async () => {
  await withTempDir(async (folder) => {
    let known = 0;
    for (const number of SAMPLES.keys()) {
      const { bytes } = fuzzCase({ seed: 1, samples: SAMPLES }, number);
      const path = join(folder, "bars.csv");
      await Deno.writeFile(path, bytes);
      const loaded = await loadBars({
        path,
        columns: ["close"],
        overrides: {},
        maxMissing: 0,
        keepLines: true,
      });
      const found = disagreement(bytes, loaded);
      assert(typeof found !== "string", found as string);
      if (found === null) known++;
    }
    assert(known * 2 > SAMPLES.length, `${known} of ${SAMPLES.length}`);
  });
});

Deno.test("words on the command line say which cases are run", () => {
  assertEquals(fuzzOptions(["--seed", "7", "--case", "12", "--keep", "x", "a.csv", "7.csv"]), {
    seed: 7,
    seconds: 60,
    only: 12,
    keep: "x",
    files: ["a.csv", "7.csv"],
  });
  assertMatch(fuzzOptions(["--sed", "7"]) as string, /there is no --sed/);
  assertMatch(
    fuzzOptions(["--seconds", "soon"]) as string,
    /--seconds is a whole number from 0, got/,
  );
  assert(typeof fuzzOptions([]) === "object");
});

Deno.test("a finding comes with the command that repeats its case", () => {
  assertEquals(
    repeatCommand({ seed: 7, files: ["a.csv", "my bars.csv"] }, 12),
    "deno task fuzz --seed 7 --case 12 a.csv 'my bars.csv'",
  );
  const outcomes = new Map([["data_invalid", 1], ["bars", 2]]);
  assertEquals(
    summary({ cases: 3, comparisons: 9, ms: 1500, outcomes, finding: null }, 7),
    "3 cases, 9 comparisons in 1.5 s (2 a second), seed 7: bars 2, data_invalid 1",
  );
  assertEquals(new Set(HOSTILE_NUMBERS).size, HOSTILE_NUMBERS.length);
});
