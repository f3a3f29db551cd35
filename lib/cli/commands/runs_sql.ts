/**
 * `runs:sql`
 *
 * @module
 */

import { EXIT_OK, usageError, type UserError } from "../../errors.ts";
import { jsonLine, jsonText } from "../../json_text.ts";
import {
  openReadOnly,
  type QueryResult,
  type QueryValue,
  select,
} from "../../registry/read_only.ts";
import { admittedSelect } from "../../registry/sql/admit.ts";
import { type Command, type Invocation, REGISTRY_FLAGS } from "./command.ts";
import { FORMAT_FLAGS, type ListContent, listFormat, writeList } from "../text/list_format.ts";
import { locations } from "../flags/locations.ts";
import { noRegistryYet } from "../flags/open_runs.ts";

/** Asks the registry in SQL. */
const command: Command = {
  summary: "Runs a read-only SQL query on the registry: a SELECT of its tables, with SQLite's " +
    "functions on\ntext, numbers, dates and JSON. It may take 8 seconds.",
  examples: [
    [`runs:sql 'SELECT status, count(*) FROM runs GROUP BY status'`, "runs by status"],
    [
      `runs:sql "SELECT r.id, m.value FROM runs r JOIN metrics m ON m.run_id = r.id WHERE m.key = 'ties'"`,
      "a metric of all runs",
    ],
  ],
  operands: { usage: "SELECT", min: 1, max: 1 },
  flags: [...FORMAT_FLAGS, ...REGISTRY_FLAGS],
  notes: {
    title: "Tables",
    lines: [
      "runs       a row for each run: id, name, experiment, status, started_at, signal_rate, …",
      "params     run_id, key, value (JSON), number",
      "metrics    run_id, key, value",
      "tags       run_id, tag",
      "artifacts  run_id, path, sha256, bytes",
      "damage     run_id, found",
      "",
      "lib/registry/README.md describes them; they are an interface that stays.",
    ],
  },
  async run(invocation) {
    const { flags, host, operands: [sql] } = invocation;
    const format = listFormat(flags);
    admittedSelect(sql!);
    const { registry: location } = locations(flags, host);
    const reader = await openReadOnly(location, { ownsProcess: host.ownsProcess });
    if (reader === undefined) throw noRegistryYet(invocation);
    try {
      const result = await select(reader, { sql: sql!, location });
      if (format === "csv" || format === "jsonl") await printEach(result, { format, invocation });
      else await printAll(result, { format, invocation });
    } finally {
      reader.close();
    }
    return EXIT_OK;
  },
};

export default command;

type Row = readonly QueryValue[];

/** Prints rows as they are found: there may be any number. */
async function printEach(
  { columns, rows }: QueryResult,
  { format, invocation: { host: { stdout }, style } }: {
    readonly format: "csv" | "jsonl";
    readonly invocation: Invocation;
  },
): Promise<void> {
  const titles = columns.map((name) => ({ name, title: name }));
  if (format === "csv") await writeList({ columns: titles, rows: [] }, { format, stdout, style });
  for await (const some of rows) {
    if (format === "jsonl") {
      for (const row of some) stdout.write(jsonLine(objectOf(columns, row)));
    } else await writeList(listOf(columns, some), { format, stdout, style, isContinued: true });
  }
}

/** Characters of all values that are printed together: a table is for people. */
const MAX_CHARACTERS = { table: 4 << 20, md: 4 << 20, json: 16 << 20 } as const;

/** Prints rows that have to be known together. */
async function printAll(
  { columns, rows }: QueryResult,
  { format, invocation: { host: { stdout, stderr }, style } }: {
    readonly format: "table" | "md" | "json";
    readonly invocation: Invocation;
  },
): Promise<void> {
  const all: Row[] = [];
  let characters = 0;
  for await (const some of rows) {
    for (const row of some) {
      characters += row.reduce<number>((sum, value) => sum + String(value).length + 1, 0);
      if (characters > MAX_CHARACTERS[format]) throw tooLarge(MAX_CHARACTERS[format]);
      all.push(row);
    }
  }
  if (format === "json") {
    const objects = all.map((row) => objectOf(columns, row));
    stdout.write(jsonText({ schema: 1, total: all.length, columns, rows: objects }));
    return;
  }
  await writeList(listOf(columns, all), { format, stdout, style });
  stderr.write(`${all.length} row${all.length === 1 ? "" : "s"}\n`);
}

function objectOf(columns: readonly string[], row: Row): object {
  return Object.fromEntries(columns.map((name, at) => [name, row[at]]));
}

function listOf(columns: readonly string[], rows: readonly Row[]): ListContent {
  return {
    columns: columns.map((name, at) => ({
      name,
      title: name,
      align: rows.every((row) => typeof row[at] !== "string") ? "right" : "left",
    })),
    // Numbers as SQLite has them: what was asked for in SQL is wanted exactly.
    rows: rows.map((row) =>
      row.map((value) => ({ value, text: value === null ? "" : String(value) }))
    ),
  };
}

function tooLarge(most: number): UserError {
  return usageError(
    `Cannot print the result: it is larger than ${most >> 20} MiB`,
    "--csv and --jsonl print any number of rows, as they are found.",
  );
}
