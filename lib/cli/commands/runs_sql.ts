/**
 * `runs:sql`
 *
 * @module
 */

import { EXIT_OK } from "../../errors.ts";
import { jsonLine, jsonText } from "../../json_text.ts";
import { openReadOnly, select } from "../../registry/read_only.ts";
import { singleSelect } from "../../registry/single_select.ts";
import { type Command, REGISTRY_FLAGS } from "./command.ts";
import { FORMAT_FLAGS, listFormat, writeList } from "../text/list_format.ts";
import { locations } from "../flags/locations.ts";
import { noRegistryYet } from "../flags/open_runs.ts";

/** Asks the registry in SQL. */
const command: Command = {
  summary: "Asks the registry in SQL, for whatever other commands do not tell. It is only read.",
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
    const { host, flags, operands: [sql], style } = invocation;
    const format = listFormat(flags);
    singleSelect(sql!);
    const { registry: location } = locations(flags, host);
    const client = await openReadOnly(location);
    if (client === undefined) throw noRegistryYet(invocation);
    try {
      const { columns, rows } = await select(client, { sql: sql!, location });
      const objects = () =>
        rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]])));
      if (format === "json") {
        host.stdout.write(jsonText({ schema: 1, total: rows.length, columns, rows: objects() }));
      } else if (format === "jsonl") {
        for (const row of objects()) host.stdout.write(jsonLine(row));
      } else {
        const titles = columns.map((name, at) => ({
          name,
          title: name,
          align: rows.every((row) => typeof row[at] !== "string")
            ? "right" as const
            : "left" as const,
        }));
        // Numbers as SQLite has them: what was asked for in SQL is wanted exactly.
        const cells = rows.map((row) =>
          row.map((value) => ({ value, text: value === null ? "" : String(value) }))
        );
        await writeList({ columns: titles, rows: cells }, { format, stdout: host.stdout, style });
        if (format !== "csv") {
          host.stderr.write(`${rows.length} row${rows.length === 1 ? "" : "s"}\n`);
        }
      }
    } finally {
      client.close();
    }
    return EXIT_OK;
  },
};

export default command;
