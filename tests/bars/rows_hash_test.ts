import { assert, assertEquals, assertMatch } from "@std/assert";
import { decimalColumn } from "../../lib/bars/number/decimal_column.ts";
import type { KeptBars } from "../../lib/bars/quality/repeated_times.ts";
import { rowsHash } from "../../lib/bars/rows_hash.ts";
import { RunTimes, SingleTimes, type Times } from "../../lib/bars/time/times.ts";
import type { Column, ColumnName } from "../../lib/experiment.ts";
import { loadText } from "./load_text.ts";

const WANTED: readonly ColumnName[] = ["close", "volume"];

async function hashOf(text: string, columns = WANTED): Promise<string> {
  return (await loadText(text, { columns, maxMissing: 1 })).rowsHash;
}

const TEXT = "time,close,volume\n2024-01-01,1.50,10\n2024-01-02,1.25,0\n";

Deno.test("two files with the same times and values hash alike, however they are written", async () => {
  const expected = await hashOf(TEXT);
  assertMatch(expected, /^sha256:[0-9a-f]{64}$/);
  const same: Record<string, string> = {
    "columns in another order": "volume,time,close\n10,2024-01-01,1.50\n0,2024-01-02,1.25\n",
    "further columns": "time,open,close,volume\n2024-01-01,9,1.50,10\n2024-01-02,x,1.25,0\n",
    "names in capitals": "TIME,CLOSE,VOLUME\n2024-01-01,1.50,10\n2024-01-02,1.25,0\n",
    "quotes": 'time,"close",volume\n"2024-01-01","1.50","10"\n2024-01-02,"1.25",0\n',
    "CR LF": TEXT.replaceAll("\n", "\r\n"),
    "a byte order mark": `\ufeff${TEXT}`,
    "no line end at the end": TEXT.trimEnd(),
    "blank lines": TEXT.replaceAll("\n", "\n\n"),
    "other numbers of zeros": "time,close,volume\n2024-01-01,1.5,10.000\n2024-01-02,01.250,-0\n",
    "exponents and signs": "time,close,volume\n2024-01-01,+15e-1,1E1\n2024-01-02,.125e1,0e5\n",
    "spaces": "time,close,volume\n2024-01-01 , 1.5,10\n 2024-01-02,1.25, 0\n",
    "times in seconds": "time,close,volume\n1704067200,1.5,10\n1704153600,1.25,0\n",
    "times in nanoseconds":
      "time,close,volume\n1704067200000000000,1.5,10\n1704153600000000000,1.25,0\n",
    "times with an offset":
      "time,close,volume\n2024-01-01T01:00+01:00,1.5,10\n2024-01-02 00:00:00.0Z,1.25,0\n",
    "the newest row first": "time,close,volume\n2024-01-02,1.25,0\n2024-01-01,1.50,10\n",
    "a row that is dropped": `${TEXT}2024-01-03,,7.12345\n`,
  };
  for (const [difference, text] of Object.entries(same)) {
    assertEquals(await hashOf(text), expected, difference);
  }
});

Deno.test("files with other times, values, or number of rows hash otherwise", async () => {
  const other: Record<string, string> = {
    "a close": TEXT.replace("1.50", "1.51"),
    "a close by one unit far below": TEXT.replace("1.50", "1.500000000000000000001"),
    "a volume": TEXT.replace(",0\n", ",1\n"),
    "a time": TEXT.replace("2024-01-02", "2024-01-03"),
    "a time by a millisecond": TEXT.replace("2024-01-02", "2024-01-02 00:00:00.001"),
    "a row more": `${TEXT}2024-01-03,1,1\n`,
    "a row less": TEXT.replace("2024-01-02,1.25,0\n", ""),
    "values changed about": "time,close,volume\n2024-01-01,1.25,10\n2024-01-02,1.50,0\n",
    "columns changed about": TEXT.replace("close,volume", "volume,close").replace(",0\n", ",1\n"),
    "times ten": "time,close,volume\n2024-01-01,15.0,10\n2024-01-02,12.5,0\n",
  };
  const hashes = new Map([[await hashOf(TEXT), "the file"]]);
  for (const [difference, text] of Object.entries(other)) {
    const hash = await hashOf(text);
    assertEquals(hashes.get(hash), undefined, difference);
    hashes.set(hash, difference);
  }
});

Deno.test("only the columns asked for count", async () => {
  const changed = TEXT.replace(",10", ",11");
  assertEquals(await hashOf(changed, ["close"]), await hashOf(TEXT, ["close"]));
  assert(await hashOf(TEXT, ["close"]) !== await hashOf(TEXT, ["volume"]));
  assertEquals(await hashOf(TEXT, ["volume", "close"]), await hashOf(TEXT, ["close", "volume"]));
});

Deno.test("the form of wide units does not depend on where the column stepped up", async () => {
  const [wide, small] = ["12345678901234567890.5", "0.25"];
  const hash = await hashOf(`time,close\n100000001,${wide}\n100000002,${small}\n`, ["close"]);
  assertEquals(
    await hashOf(`time,close\n100000002,${small}\n100000001,${wide}0\n`, ["close"]),
    hash,
  );
  assertEquals(
    await hashOf(`time,close\n100000001,12345678901234567890500e-3\n100000002,25e-2\n`, ["close"]),
    hash,
  );
});

Deno.test("regular times hash alike however they are kept, and otherwise than their neighbours", async () => {
  const hashOfTimes = (times: Times) => rowsHash({ length: times.length, times }, []);
  const runs = (values: readonly number[]): RunTimes => {
    const times = new RunTimes();
    for (const ms of values) times.push(ms);
    return times;
  };
  const regular = Array.from({ length: 100 }, (_, t) => t * 60_000 + (t < 50 ? 0 : 3_600_000));
  const irregular = regular.map((ms, t) => ms + t % 7);
  const hashes = new Set<string>();
  for (
    const values of [
      regular,
      irregular,
      regular.map((ms) => ms + 1),
      regular.map((ms) => ms * 2),
      regular.slice(1),
      regular.with(99, regular[99]! + 1),
      regular.with(50, regular[50]! - 1),
    ]
  ) {
    const hash = await hashOfTimes(runs(values));
    assertEquals(await hashOfTimes(new SingleTimes(Float64Array.from(values))), hash);
    hashes.add(hash);
  }
  assertEquals(hashes.size, 7);
  const fractions = new SingleTimes(Float64Array.from(regular, (ms) => ms + 0.25));
  assert(!hashes.has(await hashOfTimes(fractions)));
});

Deno.test("a hash is what it was yesterday: it is recorded in registries", async () => {
  const bars = (close: Column, times: Times | null): KeptBars => ({ length: 2, times, close });
  const times = new SingleTimes(Float64Array.of(0, 60_000));
  const timed = bars(decimalColumn(Float64Array.of(150, 125), 2), times);
  assertEquals(
    await rowsHash(timed, ["close"]),
    "sha256:6f697831f58d4148556085d7ffa8a4a0f050dfd9a999a55e18b431c5b49a57de",
  );
  const wide = bars(decimalColumn([2n ** 60n, 1n], 3), null);
  assertEquals(
    await rowsHash(wide, ["close"]),
    "sha256:da024def18dd8d55c56f1f95d1cd01ed012e6cb2652ec920dfb853013937deca",
  );
});
