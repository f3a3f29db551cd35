/**
 * A data file, opened, read and closed: its rows as columns, in its own order.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import { readRows } from "./blocks.ts";
import type { LoadedBars, LoadRequest } from "./load.ts";
import type { Understood } from "./quality/understood.ts";
import type { ParsedRows } from "./rows.ts";
import { setBackAt, setBackError } from "./time/set_back.ts";
import { isDirectory, openDataFile, shownPath, STANDARD_INPUT } from "./source/data_file.ts";

/** What was read of a file. */
export interface FileRows extends Pick<LoadedBars, "form" | "dataHash" | "bytes"> {
  /** Its rows, in its own order. */
  readonly rows: ParsedRows;
  /** What was understood of it. */
  readonly understood: Understood;
}

/**
 * Reads the rows of a data file.
 *
 * @throws {UserError} if it cannot be opened, read or understood, or holds no row
 */
export async function readData(request: LoadRequest): Promise<FileRows> {
  const read = request.path === STANDARD_INPUT
    ? await readStandardInput(request)
    : await readFile(request);
  if (read.rows.rowsRead === 0) {
    throw new UserError(
      `Cannot read ${shownPath(request.path)}: it has a header line but no rows`,
      { code: "data_empty", hint: "Was it cut off? It needs a row for each bar." },
    );
  }
  const { times, areLocal } = read.rows;
  const back = times === null || !areLocal ? null : setBackAt(times);
  if (back !== null) throw setBackError(shownPath(request.path), back);
  return read;
}

async function readStandardInput(
  { stdin, onProgress: _, ...request }: LoadRequest,
): Promise<FileRows> {
  const { openStandardInput } = await import("./source/standard_input.ts");
  const input = openStandardInput(stdin, request);
  const read = await readRows(input, { ...request, size: 0 });
  return { ...read, bytes: input.bytesRead };
}

async function readFile(request: LoadRequest): Promise<FileRows> {
  // As messages show it; only `request.path` is ever opened.
  const path = shownPath(request.path);
  using file = await openDataFile(request.path);
  const before = await file.stat();
  if (before.isDirectory) throw isDirectory(path);
  let read = await readRows(file, { ...request, size: before.size });
  if (mayBeSeveral(read, request)) {
    using again = await openDataFile(request.path);
    read = await readRows(again, { ...request, size: before.size, surveyed: true });
  }
  const after = await file.stat();
  const touched = after.size !== before.size ||
    after.mtime?.getTime() !== before.mtime?.getTime();
  if (before.isFile && touched) {
    throw new UserError(`Cannot trust ${path}: it changed while it was read`, {
      code: "data_unreadable",
      hint: "Run again once nothing writes to it.",
    });
  }
  return { ...read, bytes: after.size };
}

/** Whether times go back and forth, and no column names the instrument of a row. */
function mayBeSeveral(
  { rows: { times }, understood }: Omit<FileRows, "bytes">,
  { overrides }: LoadRequest,
): boolean {
  if (times === null || understood.symbol !== null || overrides.symbol !== undefined) return false;
  let [up, down] = [false, false];
  times.eachStep((step) => {
    up ||= step > 0;
    down ||= step < 0;
  });
  return up && down;
}
