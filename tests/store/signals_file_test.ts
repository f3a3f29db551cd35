import { assert, assertEquals } from "@std/assert";
import { parse } from "@std/csv/parse";
import fc from "fast-check";
import { type FileMetaData, parquetMetadata, parquetReadObjects } from "hyparquet";
import { join } from "node:path";
import type { LoadedBars } from "../../lib/bars/load.ts";
import type { SignalFormat } from "../../lib/config/reserved.ts";
import { signalsFile } from "../../lib/store/signals_file.ts";
import { bytesOf, loadText } from "../bars/load_text.ts";
import { DATA, withWorkspace } from "../run/workspace.ts";
import { duckdb, polars } from "../readers/readers.ts";
import { withTempDir } from "../temp_dir.ts";

/** The bytes of a signals file. */
async function bytesFor(
  format: SignalFormat,
  loaded: LoadedBars,
  positions: Int8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const { content } = (await signalsFile(format, { loaded, positions }))!;
  // The chunks share memory, so each is used up before the next one.
  const chunks = typeof content === "string" ? [bytesOf(content)] : content;
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk.slice());
  return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
}

async function csvFor(data: string, positions: readonly number[]): Promise<string> {
  const loaded = await loadText(data, { keepLines: true });
  return new TextDecoder().decode(await bytesFor("csv", loaded, Int8Array.from(positions)));
}

async function parquetFor(
  data: string,
  positions: readonly number[],
): Promise<{ readonly metadata: FileMetaData; readonly rows: readonly unknown[] }> {
  const overrides = data.includes("time") ? {} : { time: "none" };
  const loaded = await loadText(data, { overrides });
  const file = (await bytesFor("parquet", loaded, Int8Array.from(positions))).buffer;
  return { metadata: parquetMetadata(file), rows: await parquetReadObjects({ file }) };
}

Deno.test("signals.csv has time and close as they stood in the data", async () => {
  assertEquals(
    await csvFor(
      "close,when,timestamp\r\n 1.50 ,x,2024-01-01T00:00:00Z\r\n007,y,2024-01-01 00:01\r\n" +
        "1e3,z,2024-01-01T00:02:00+00:00\r\n",
      [0, 1, -1],
    ),
    "timestamp,close,signal\n2024-01-01T00:00:00Z, 1.50 ,0\n2024-01-01 00:01,007,1\n" +
      "2024-01-01T00:02:00+00:00,1e3,-1\n",
  );
});

Deno.test("signals.csv is in time order, whatever the order of the data", async () => {
  assertEquals(
    await csvFor("time,close\n100000003,30\n100000001,10\n100000002,20.0\n", [0, 1, 1]),
    "timestamp,close,signal\n100000001,10,0\n100000002,20.0,1\n100000003,30,1\n",
  );
});

Deno.test("signals.csv without times has them empty, and dropped rows are not in it", async () => {
  const loaded = await loadText("close\n1\nnan\n3\n", {
    overrides: { time: "none" },
    keepLines: true,
    maxMissing: 1,
  });
  const bytes = await bytesFor("csv", loaded, Int8Array.of(0, 1));
  assertEquals(new TextDecoder().decode(bytes), "timestamp,close,signal\n,1,0\n,3,1\n");
});

Deno.test("cells that need quotes in signals.csv have them", async () => {
  const data = 'time,close\n"Jan 14, 2020","1,234.5"\n"Jan 15, 2020"," 7 "\n';
  const csv = await csvFor(data, [0, 1]);
  assertEquals(parse(csv), [
    ["timestamp", "close", "signal"],
    ["Jan 14, 2020", "1,234.5", "0"],
    ["Jan 15, 2020", " 7 ", "1"],
  ]);
});

Deno.test("signals.csv is whole however long its cells are", async () => {
  const closes = Array.from({ length: 3000 }, (_, t) => `${" ".repeat(t % 700)}${t + 1}`);
  closes[1500] = `${" ".repeat(600_000)}7`;
  const positions = closes.map((_, t) => t % 3 - 1);
  const rows = closes.map((close, t) => `${10 ** 8 + t},${close}`);
  const csv = await csvFor(`time,close\n${rows.join("\n")}\n`, positions);
  assertEquals(
    csv,
    `timestamp,close,signal\n${rows.map((row, t) => `${row},${positions[t]}\n`).join("")}`,
  );
});

Deno.test("signals.parquet has typed columns that read back as they were", async () => {
  const { metadata, rows } = await parquetFor(
    "time,close\n2024-01-01T00:00:00.123456Z,0.1\n2024-01-01T00:01:00Z,98765.43\n1999-12-31,1e-8\n",
    [0, 1, -1],
  );
  assertEquals(rows, [
    { time: new Date("1999-12-31T00:00:00Z"), close: 1e-8, signal: 0 },
    { time: new Date("2024-01-01T00:00:00.123Z"), close: 0.1, signal: 1 },
    { time: new Date("2024-01-01T00:01:00Z"), close: 98765.43, signal: -1 },
  ]);
  const columns = metadata.schema.slice(1).map((
    { name, type, repetition_type, converted_type, logical_type },
  ) => ({ name, type, repetition_type, converted_type, logical_type }));
  assertEquals(columns, [
    {
      name: "time",
      type: "INT64",
      repetition_type: "REQUIRED",
      converted_type: undefined,
      logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MICROS" },
    },
    {
      name: "close",
      type: "DOUBLE",
      repetition_type: "REQUIRED",
      converted_type: undefined,
      logical_type: undefined,
    },
    {
      name: "signal",
      type: "INT32",
      repetition_type: "REQUIRED",
      converted_type: "INT_8",
      logical_type: undefined,
    },
  ]);
  assertEquals([metadata.created_by, metadata.num_rows], ["sigrun", 3n]);
});

Deno.test("DuckDB and polars read the signals files as what they are", async () => {
  const data = "time,close\n2024-01-01T00:00:00.123456Z,0.1\n2024-01-01T00:01:00Z,98765.43\n" +
    "2024-01-01T00:02:00Z,1e-8\n";
  const positions = Int8Array.of(0, 1, -1);
  const loaded = await loadText(data, { keepLines: true });
  await withTempDir(async (folder) => {
    const [csv, parquet] = [join(folder, "signals.csv"), join(folder, "signals.parquet")];
    await Deno.writeFile(csv, await bytesFor("csv", loaded, positions));
    await Deno.writeFile(parquet, await bytesFor("parquet", loaded, positions));
    const times = [
      "2024-01-01 00:00:00.123456+00",
      "2024-01-01 00:01:00+00",
      "2024-01-01 00:02:00+00",
    ];
    const closes = [0.1, 98765.43, 1e-8];
    const rows = times.map((time, t) => [time, closes[t], positions[t]]);
    assertEquals(await duckdb("SET TimeZone = 'UTC'", `FROM '${parquet}'`), {
      columns: [["time", "TIMESTAMP WITH TIME ZONE"], ["close", "DOUBLE"], ["signal", "TINYINT"]],
      rows,
    });
    const types = "{ timestamp: 'TIMESTAMPTZ', close: 'DOUBLE', signal: 'TINYINT' }";
    const typed = `FROM read_csv('${csv}', header = true, columns = ${types})`;
    assertEquals((await duckdb("SET TimeZone = 'UTC'", typed)).rows, rows);
    const { columns, rows: seen } = await polars({ read: parquet });
    assertEquals(columns, [["time", "Datetime(us,UTC)"], ["close", "Float64"], ["signal", "Int8"]]);
    assertEquals(seen.map(([, ...rest]) => rest), rows.map(([, ...rest]) => rest));
    assertEquals(
      seen.map(([time]) => new Date(String(time)).toISOString()),
      times.map((time) => new Date(time.replace("+00", "Z")).toISOString()),
    );
  });
});

Deno.test("signals.parquet without times has no such column", async () => {
  const { rows } = await parquetFor("close\n1\n2\n", [0, 1]);
  assertEquals(rows, [{ close: 1, signal: 0 }, { close: 2, signal: 1 }]);
});

Deno.test("signals.parquet of many bars reads back whole", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          cents: fc.integer({ min: 1, max: 10 ** 9 }),
          signal: fc.integer({ min: -1, max: 1 }),
        }),
        { minLength: 1, maxLength: 3000, size: "max" },
      ),
      async (bars) => {
        const data = bars.map(({ cents }, t) => `${10 ** 8 + t},${(cents / 100).toFixed(2)}\n`)
          .join("");
        const { rows } = await parquetFor(`time,close\n${data}`, bars.map(({ signal }) => signal));
        assertEquals(
          rows,
          bars.map(({ cents, signal }, t) => ({
            time: new Date((10 ** 8 + t) * 1000),
            close: cents / 100,
            signal,
          })),
        );
      },
    ),
    { seed: 3, numRuns: 15 },
  );
});

Deno.test("signals: none writes no file", async () => {
  const loaded = await loadText(DATA);
  assertEquals(await signalsFile("none", { loaded, positions: new Int8Array(5) }), undefined);
});

Deno.test("the config decides which signals file a run has", async () => {
  await withWorkspace(async (workspace) => {
    const names = async (signals: string): Promise<readonly string[]> => {
      const { run } = await workspace.run({ set: [`signals=${signals}`] });
      const found = [...Deno.readDirSync(run.directory)].map(({ name }) => name);
      return found.filter((name) => name.startsWith("signals"));
    };
    assertEquals(await names("csv"), ["signals.csv"]);
    assertEquals(await names("parquet"), ["signals.parquet"]);
    assertEquals(await names("none"), []);
    const [, parquet] = await workspace.runs();
    const bytes = await Deno.readFile(join(parquet!.directory, "signals.parquet"));
    const rows = await parquetReadObjects({ file: bytes.buffer });
    assertEquals(rows.map(({ signal }) => signal), [0, 0, 1, 0, 1]);
    assert(rows[0]!.time instanceof Date);
  });
});
