/**
 * Several data files as one series of bars in time order; loaded where there
 * is more than one.
 *
 * Neither the names of the files nor the order in which they were named makes
 * a difference: they are put in order by what is in them.
 *
 * @module
 */

import { basename, dirname, relative } from "node:path";
import { UserError } from "../errors.ts";
import { printable } from "../quote.ts";
import { sha256 } from "../sha256.ts";
import { joinLeftOut, type LeftOut } from "./delimited/aside_lines.ts";
import { joinRows, OrderedRows } from "./joined_rows.ts";
import { barsOf } from "./bars.ts";
import { readData } from "./file.ts";
import type { LoadedBars, LoadedFile, LoadRequest } from "./load.ts";
import type { MissingRows } from "./quality/quality.ts";
import type { Understood } from "./quality/understood.ts";
import { shownPath, sizeOfDataFile, STANDARD_INPUT } from "./source/data_file.ts";
import { seriesList } from "./series_list.ts";
import type { RowOrder } from "./time/time_order.ts";

/** How many dropped rows are remembered by their place. */
const SHOWN_PLACES = 5;

/** What is to be read. */
export interface SeriesRequest extends Omit<LoadRequest, "path"> {
  /** Absolute paths of the files, each once; `-` for standard input. */
  readonly paths: readonly string[];
}

/** A file that was read. */
interface Part extends LoadedFile {
  /** How messages call it. */
  readonly label: string;
  readonly ordered: OrderedRows;
  readonly areLocal: boolean;
  readonly missing: MissingRows;
  readonly leftOut: LeftOut | null;
  readonly understood: Understood;
}

/**
 * Reads data files, one after the other, as one series.
 *
 * @throws {UserError} if one of them cannot be read or has no times, or if the
 * series lacks more values than allowed
 */
export async function loadSeries({ paths, ...request }: SeriesRequest): Promise<LoadedBars> {
  if (request.overrides.time?.toLowerCase() === "none") {
    throw notOrdered({
      files: paths.length,
      reason: "columns.time is none",
      hint: "Rows can be taken as they stand in one file only; leave out columns.time for several.",
    });
  }
  const parts = await readParts(paths, request);
  parts.sort(bySeries);
  const stood = orderOf(parts);
  const bounds = endsOf(parts);
  const rows = joinRows(parts.map(({ ordered }) => ordered));
  return {
    ...await barsOf({
      ...rows,
      areLocal: parts.some(({ areLocal }) => areLocal),
      rowsRead: sum(parts.map((part) => part.rows)),
      missing: joinMissing(parts),
      leftOut: joinLeftOut(parts.flatMap(({ leftOut }) => leftOut ?? [])),
      name: `the ${paths.length} data files`,
      stood,
      fileOf: (row) => parts[bounds.findIndex((end) => row < end)]!.label,
      understood: parts.map(({ understood }) => understood),
    }, request),
    form: joinForms(parts),
    bytes: sum(parts.map(({ bytes }) => bytes)),
    dataHash: await sha256(seriesList(parts)),
    files: parts.map(({ path, bytes, rows, form, dataHash }) => ({
      path,
      bytes,
      rows,
      form,
      dataHash,
    })),
  };
}

async function readParts(
  paths: readonly string[],
  { onProgress, ...request }: Omit<LoadRequest, "path">,
): Promise<Part[]> {
  // Before the first is read, as the last one may be missing.
  const total = sum(await Promise.all(paths.map(sizeOfDataFile)));
  const labels = labelsOf(paths);
  const parts: Part[] = [];
  let done = 0;
  for (const [at, path] of paths.entries()) {
    const before = done;
    const { rows: { times, areLocal, missing, leftOut, ...rows }, ...file } = await readData({
      ...request,
      path,
      ...(onProgress === undefined
        ? {}
        : { onProgress: (read) => onProgress(Math.min(before + read, total), total) }),
    });
    if (times === null) {
      throw notOrdered({
        files: paths.length,
        reason: `${shownPath(path)} has no column with the time of a bar`,
        hint: "If it has one under another name: --set columns.time=NAME",
      });
    }
    const ordered = new OrderedRows({ ...rows, times });
    parts.push({
      ...file,
      path,
      label: labels[at]!,
      rows: rows.rowsRead,
      areLocal,
      missing,
      leftOut,
      ordered,
    });
    done += file.bytes;
  }
  return parts;
}

/** Which of two files comes first. */
function bySeries(a: Part, b: Part): number {
  return a.ordered.firstTime - b.ordered.firstTime || a.ordered.lastTime - b.ordered.lastTime ||
    Number(a.dataHash > b.dataHash) - Number(a.dataHash < b.dataHash);
}

/** How the rows of all files stood, that is in the files and file after file. */
function orderOf(parts: readonly Part[]): RowOrder {
  const orders = new Set(
    parts.filter(({ ordered }) => ordered.length > 1).map(({ ordered }) => ordered.found),
  );
  const overlap = parts.some(({ ordered }, at) =>
    at > 0 && ordered.firstTime < parts[at - 1]!.ordered.lastTime
  );
  const [order = "ascending", ...others] = orders;
  return others.length > 0 || overlap ? "unsorted" : order;
}

/** For each file the number of rows up to its end. */
function endsOf(parts: readonly Part[]): readonly number[] {
  let end = 0;
  return parts.map(({ ordered }) => end += ordered.length);
}

function joinMissing(parts: readonly Part[]): MissingRows {
  return {
    count: sum(parts.map(({ missing }) => missing.count)),
    lines: parts.flatMap(({ label, missing }) => missing.lines.map((line) => `${label}:${line}`))
      .slice(0, SHOWN_PLACES),
  };
}

/** `3 files: commas, header in line 1; …`; each form with its count where they differ. */
function joinForms(parts: readonly Part[]): string {
  const counts = new Map<string, number>();
  for (const { form } of parts) counts.set(form, (counts.get(form) ?? 0) + 1);
  const forms = [...counts].map(([form, count]) => counts.size === 1 ? form : `${count} × ${form}`);
  return `${parts.length} files: ${forms.join(" | ")}`;
}

/** Paths as short as they can be told apart: without the folder that they share. */
function labelsOf(paths: readonly string[]): readonly string[] {
  const folders = paths.filter((path) => path !== STANDARD_INPUT).map(dirname);
  let shared = folders[0] ?? "";
  while (shared !== dirname(shared) && !folders.every((folder) => isWithin(folder, shared))) {
    shared = dirname(shared);
  }
  return paths.map((path) =>
    path === STANDARD_INPUT ? shownPath(path) : printable(relative(shared, path) || basename(path))
  );
}

function isWithin(folder: string, outer: string): boolean {
  const inner = relative(outer, folder);
  return inner !== ".." && !/^\.\.[\\/]/.test(inner);
}

function notOrdered(
  { files, reason, hint }: {
    readonly files: number;
    readonly reason: string;
    readonly hint: string;
  },
): UserError {
  return new UserError(`Cannot put ${files} data files in time order: ${reason}`, {
    code: "data_column_missing",
    hint,
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
