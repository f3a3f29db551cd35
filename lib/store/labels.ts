/**
 * `labels.json`: what was said about a run after its end, kept with the run.
 * The manifest stays as it was sealed; its labels are laid over what it says.
 *
 * @module
 */

import { basename, dirname, join } from "node:path";
import { UserError } from "../errors.ts";
import { jsonText } from "../json_text.ts";
import { type Labels, sorted } from "../registry/labels.ts";
import { syncFolder, writeWhole } from "./files.ts";
import { inside } from "./inside.ts";
import { LABELS_JSON } from "./run_directory.ts";
import { hintFor, reasonOf } from "../system_error.ts";

/** Raised when the form of labels changes. */
const LABELS_SCHEMA = 1;

/** What is larger is no labels.json: names, tags and notes are for people to read. */
export const MAX_LABELS_BYTES = 16 << 20;

/** Labels that were given at a time. */
export type DatedLabels = Labels & { readonly labels_at: string };

/** The text of a labels.json: one text for what it says. */
export function labelsJson(labels: DatedLabels): string {
  return jsonText({ schema: LABELS_SCHEMA, ...sorted(labels) });
}

/** The labels that the JSON of a labels.json holds; undefined if it is of another form. */
export function labelsOfJson(json: unknown): DatedLabels | undefined {
  const { schema, name, tags, note, deleted_at, labels_at } = (json ?? {}) as Readonly<
    Record<string, unknown>
  >;
  const isText = (value: unknown): value is string => typeof value === "string";
  if (schema !== LABELS_SCHEMA || !(isText(name) || name === null)) return undefined;
  if (!(isText(note) || note === null)) return undefined;
  if (!(deleted_at === null || isMoment(deleted_at)) || !isMoment(labels_at)) return undefined;
  if (!Array.isArray(tags) || !tags.every(isText)) return undefined;
  return { name, tags, note, deleted_at, labels_at };
}

/** Whether a value is a time as labels have it: ISO 8601 in UTC, to the millisecond. */
export function isMoment(value: unknown): value is string {
  if (typeof value !== "string" || !/^\d{4}-/.test(value)) return false;
  const time = new Date(value);
  return !Number.isNaN(time.getTime()) && time.toISOString() === value;
}

/**
 * The labels in a run directory; undefined if there are none.
 *
 * @throws {UserError} if there is a labels.json that is none
 */
export async function readLabels(directory: string): Promise<DatedLabels | undefined> {
  const path = join(directory, LABELS_JSON);
  let labels: DatedLabels | undefined;
  let cause: unknown;
  try {
    const { isFile, size } = await Deno.lstat(path);
    if (isFile && size <= MAX_LABELS_BYTES) {
      labels = labelsOfJson(JSON.parse(await Deno.readTextFile(path)));
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    cause = error;
  }
  if (labels !== undefined) return labels;
  throw new UserError(`Cannot understand ${path}`, {
    code: "runs_dir_unusable",
    hint: "It is damaged, or of a newer sigrun. runs:verify --repair mends it from the registry; " +
      "if there is nothing to mend it from, remove the file.",
    cause,
  });
}

/**
 * Writes the labels of a run, complete or not at all. What is left where this
 * is cut short lies beside the run directory, not in it.
 *
 * @throws {UserError} if they are too many, or cannot be written
 */
export async function writeLabels(directory: string, labels: DatedLabels): Promise<void> {
  const path = join(directory, LABELS_JSON);
  const folder = dirname(directory);
  const text = labelsJson(labels);
  if (new TextEncoder().encode(text).length > MAX_LABELS_BYTES) {
    throw new UserError(
      `Cannot write ${path}: its text would be larger than ${MAX_LABELS_BYTES >> 20} MiB`,
      {
        code: "usage",
        hint: "Keep long texts in a file of their own, and name that.",
        exitCode: 2,
      },
    );
  }
  try {
    const names = [basename(directory), LABELS_JSON];
    await writeWhole(await inside(folder, names, { expected: "replaceable" }), text, {
      temporaryIn: folder,
    });
    await syncFolder(directory);
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(
      `Cannot write ${path}: ${reasonOf(cause)}`,
      { code: "runs_dir_unusable", hint: hintFor(cause, "Is the disk full?"), cause },
    );
  }
}
