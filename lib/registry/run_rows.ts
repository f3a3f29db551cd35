/**
 * Reads runs by their ids, with what all tables hold about them.
 *
 * @module
 */

import { sql } from "drizzle-orm";
import type { AnySQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import { inPieces } from "./in_pieces.ts";
import type { Registry } from "./open.ts";
import type { RecordedRun } from "../record.ts";
import { type ReadRun, readRun } from "./recorded_run.ts";
import { textOf } from "./safe_text.ts";
import { artifacts, damage, metrics, params, runs, tags } from "./schema.ts";
import { wholeRow, wholeRowFields } from "./whole_rows.ts";

/** The runs of these ids, in their order; an id without a run is passed over. */
export async function runsOf(
  registry: Registry,
  ids: readonly string[],
): Promise<readonly RecordedRun[]> {
  const found = await inPieces(registry, ids, {
    size: 500,
    ask: async (ids) => (await readRuns(registry, ids)).map(recorded),
  });
  const byId = new Map(found.map((run) => [run.id, run]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** Columns of a run's rows that are odd: of another type, too large, not UTF-8, no JSON. */
export async function oddColumns(registry: Registry, id: string): Promise<readonly string[]> {
  return (await readRuns(registry, [id]))[0]?.odd ?? [];
}

/** A run that was read, and what an audit found damaged, if it did. */
type MarkedRun = ReadRun & { readonly mark: string | undefined };

function recorded({ run, odd, mark }: MarkedRun): RecordedRun {
  const damage = mark ??
    (odd.length === 0 ? undefined : `unreadable in the registry: ${odd.join(", ")}`);
  return damage === undefined ? run : { ...run, damage };
}

/** Asks for rows, and for parameters, metrics, tags and files, with one query for each kind. */
async function readRuns(
  { database }: Registry,
  ids: readonly string[],
): Promise<readonly MarkedRun[]> {
  if (ids.length === 0) return [];
  // As one JSON list, as the number of bound values of a statement is limited.
  const list = JSON.stringify(ids);
  const rowsOf = (table: SQLiteTable, id: AnySQLiteColumn) =>
    database.select(wholeRowFields(table)).from(table)
      .where(sql`${id} IN (SELECT value FROM json_each(${list}))`);
  const answers = await database.batch([
    rowsOf(runs, runs.id),
    rowsOf(params, params.runId),
    rowsOf(metrics, metrics.runId),
    rowsOf(tags, tags.runId),
    rowsOf(artifacts, artifacts.runId),
    database.select({ runId: textOf(damage.runId), found: textOf(damage.found) }).from(damage)
      .where(sql`${damage.runId} IN (SELECT value FROM json_each(${list}))`),
  ]);
  const [rows, ...details] = [runs, params, metrics, tags, artifacts].map((table, at) =>
    (answers[at] as readonly Record<string, unknown>[]).map((answer) => wholeRow(table, answer))
  );
  const [paramsOf, metricsOf, tagsOf, artifactsOf] = details.map((rows) =>
    Map.groupBy(rows, ({ values }) => values.run_id)
  );
  const marks = new Map(answers[5].map(({ runId, found }) => [runId, found]));
  return rows!.map((row) => {
    const { id } = row.values;
    const details = {
      params: paramsOf!.get(id) ?? [],
      metrics: metricsOf!.get(id) ?? [],
      tags: tagsOf!.get(id) ?? [],
      artifacts: artifactsOf!.get(id) ?? [],
    };
    return { ...readRun(row, details), mark: marks.get(String(id)) };
  });
}
