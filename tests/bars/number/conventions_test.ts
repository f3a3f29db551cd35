import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { UserError } from "../../../lib/errors.ts";
import { loadText } from "../load_text.ts";
import { refusalOf } from "../refusal.ts";

/** A way to write numbers. */
interface Convention {
  readonly mark: "." | ",";
  readonly group: string;
  readonly indian?: boolean;
}

const CONVENTIONS: readonly Convention[] = [
  { mark: ".", group: "" },
  { mark: ".", group: "," },
  { mark: ".", group: ",", indian: true },
  { mark: ".", group: "'" },
  { mark: ".", group: "’" },
  { mark: ".", group: "\u202f" },
  { mark: ",", group: "" },
  { mark: ",", group: "." },
  { mark: ",", group: " " },
  { mark: ",", group: "\u00a0" },
  { mark: ",", group: "\u2009" },
  { mark: ",", group: "'" },
];

/** A price of `units` of 10^-decimals. */
function written(units: number, decimals: number, { mark, group, indian }: Convention): string {
  const digits = String(units).padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals);
  const last = whole.slice(-3);
  const rest = whole.slice(0, -3).replace(
    indian ? /\B(?=(?:\d{2})+$)/g : /\B(?=(?:\d{3})+$)/g,
    group,
  );
  return (rest === "" ? last : rest + group + last) + (decimals === 0 ? "" : mark + fraction);
}

function file(cells: readonly string[], delimiter: string): string {
  const rows = cells.map((cell, at) => {
    const quoted = cell.includes(delimiter) ? `"${cell}"` : cell;
    return `${1700000000 + 60 * at}${delimiter}${quoted}`;
  });
  return `time${delimiter}close\n${rows.join("\n")}\n`;
}

const convention = fc.constantFrom(...CONVENTIONS);
const delimiter = fc.constantFrom(",", ";", "\t");
const prices = fc.array(fc.integer({ min: 1, max: 3e9 }), { minLength: 1, maxLength: 60 });

/** The numbers read, or the refusal. */
async function read(text: string): Promise<readonly number[] | UserError> {
  try {
    return [...(await loadText(text)).bars.close.values];
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

Deno.test("prices of two decimals are read as they were written, in each convention", async () => {
  await fc.assert(
    fc.asyncProperty(prices, convention, delimiter, async (units, convention, delimiter) => {
      const cells = units.map((unit) => written(unit, 2, convention));
      assertEquals(await read(file(cells, delimiter)), units.map((unit) => unit / 100));
    }),
    { seed: 1, numRuns: 300 },
  );
});

Deno.test("prices of any decimals are read as they were written, or refused", async () => {
  const decimals = fc.integer({ min: 0, max: 5 });
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(
      prices,
      fc.array(decimals, { minLength: 60, maxLength: 60 }),
      convention,
      delimiter,
      async (units, decimals, convention, delimiter) => {
        const cells = units.map((unit, at) => written(unit, decimals[at]!, convention));
        const found = await read(file(cells, delimiter));
        if (found instanceof UserError) refused++;
        else if (
          convention.mark === "." || !cells.every((cell) => /^\d{1,3}(\.\d{3})?$/.test(cell))
        ) {
          assertEquals(found, units.map((unit, at) => Number(`${unit}e-${decimals[at]}`)));
        }
      },
    ),
    { seed: 2, numRuns: 300 },
  );
  assert(refused < 60, `${refused} refused`);
});

Deno.test("two conventions in one column are refused, or each number is right", async () => {
  await fc.assert(
    fc.asyncProperty(
      prices,
      prices,
      fc.tuple(convention, convention),
      delimiter,
      async (units, others, [one, other], delimiter) => {
        const cells = [
          ...units.map((unit) => written(unit, 2, one)),
          ...others.map((unit) => written(unit, 2, other)),
        ];
        const found = await read(file(cells, delimiter));
        if (found instanceof UserError) assert(one.mark !== other.mark, found.message);
        else assertEquals(found, [...units, ...others].map((unit) => unit / 100));
      },
    ),
    { seed: 3, numRuns: 300 },
  );
});

Deno.test("a comma that may group or begin a fraction in all rows is refused, and the hints are right", async () => {
  for (const delimiter of [",", ";"]) {
    const text = file(["1,234", "999", "12,345"], delimiter);
    const refusal = await refusalOf(() => loadText(text));
    assertMatch(
      refusal.message,
      /data\.csv:2 \(row 1\): close is '1,234', which may be 1234 or 1\.234, and no other row tells$/,
    );
    assertEquals(
      refusal.hint,
      "Say what begins a fraction: --set decimal_mark=point if it is 1234, " +
        "--set decimal_mark=comma if it is 1.234.",
    );
    const point = await loadText(text, { decimalMark: "point" });
    assertEquals([...point.bars.close.values], [1234, 999, 12345]);
    const comma = await loadText(text, { decimalMark: "comma" });
    assertEquals([...comma.bars.close.values], [1.234, 999, 12.345]);
  }
});

Deno.test("one row tells what the commas of the others mean, however late it stands", async () => {
  const many = Array.from({ length: 200 }, (_, at) => `1,${100 + at}`);
  const numbers = many.map((cell) => Number(cell.replace(",", "")));
  assertEquals(await read(file([...many, "1,300.5"], ";")), [...numbers, 1300.5]);
  assertEquals(await read(file([...many, "950.25"], ";")), [...numbers, 950.25]);
  const late = await refusalOf(() => loadText(file([...many, "1,5"], ";")));
  assertMatch(
    late.message,
    /data\.csv:202 \(row 201\): close is '1,5', with a decimal comma where others have/,
  );
  const whole = Array.from({ length: 200 }, (_, at) => String(100 + at));
  const fraction = file([...whole, "300,5"], ";");
  const hint = (await refusalOf(() => loadText(fraction))).hint!;
  assertMatch(hint, /^If fractions begin with a comma in this file: --set decimal_mark=comma\. /);
  const commas = await loadText(fraction, { decimalMark: "comma" });
  assertEquals([...commas.bars.close.values], [...whole.map(Number), 300.5]);
  assertEquals(
    await read(file([...whole, "1,301", "1,301.5"], ",")),
    [...whole.map(Number), 1301, 1301.5],
  );
});

Deno.test("what other columns have tells a column that does not", async () => {
  const volumes = await loadText(
    'time,close,volume\n100000001,1.5,"1,234"\n100000002,2.5,"9,876"\n',
    { columns: ["close", "volume"] },
  );
  assertEquals([...volumes.bars.volume.values], [1234, 9876]);
  const commas = await loadText("time;close;change\n100000001;7;0,5\n100000002;1,234;-1,5\n");
  assertEquals([...commas.bars.close.values], [7, 1.234]);
  const points = "time;close;change\n100000001;42.107;-0,35\n100000002;42.103;0,12\n";
  const refusal = await refusalOf(() => loadText(points));
  assertMatch(refusal.message, /column close .* points may begin fractions or group thousands/);
  assertMatch(refusal.hint!, /--set decimal_mark=point .*--set decimal_mark=comma /);
  const told = await loadText(points, { decimalMark: "comma" });
  assertEquals([...told.bars.close.values], [42107, 42103]);
});

Deno.test("points that may group are refused where numbers would jump from 999 to 1.001", async () => {
  const cells = Array.from({ length: 200 }, (_, at) => {
    const digits = String(900 + at);
    return digits.length < 4 ? digits : `${digits.slice(0, -3)}.${digits.slice(-3)}`;
  });
  for (const rows of [cells, cells.slice(95, 105), cells.toReversed(), ["999", "1.000", "1.000"]]) {
    const refusal = await refusalOf(() => loadText(file(rows, ";")));
    assertMatch(refusal.message, /points may begin fractions or group thousands, as its numbers/);
    const comma = await loadText(file(rows, ";"), { decimalMark: "comma" });
    assertEquals(
      [...comma.bars.close.values],
      rows.map((cell) => Number(cell.replace(".", ""))),
    );
  }
  // One of these tells, or none is far from the others.
  assertEquals(await read(file(["999", "1.001", "1.01"], ";")), [999, 1.001, 1.01]);
  assertEquals(await read(file(["148.123", "149.001", "150"], ";")), [148.123, 149.001, 150]);
});

Deno.test("a number with the other mark contradicts the config", async () => {
  for (
    const [decimalMark, cell] of [["comma", "1.5"], ["point", "1,5"], ["comma", "1,234.5"]] as const
  ) {
    const refusal = await refusalOf(() => loadText(file(["1", cell], ";"), { decimalMark }));
    assertMatch(
      refusal.message,
      /close is '.*', with a decimal (?:comma|point) where others have a decimal/,
    );
  }
});
