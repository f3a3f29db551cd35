/**
 * `runs:show`
 *
 * @module
 */

import { jsonText } from "../../json_text.ts";
import { join } from "node:path";
import { EXIT_OK } from "../../errors.ts";
import { type ImportNote, readImportNote } from "../../imported.ts";
import { shortened } from "../../quote.ts";
import { type DeflatedSharpe, deflatedSharpes } from "../../registry/deflated_sharpe.ts";
import { HASH_NAMES, type RunRecord } from "../../record.ts";
import { findRun } from "../../registry/reference.ts";
import { withLiveness } from "../../store/liveness.ts";
import { locateRun } from "../../store/place.ts";
import { type Command, JSON_FLAG, REGISTRY_FLAGS } from "./command.ts";
import { dataPathText } from "../text/data_path_text.ts";
import { evaluationLines } from "../text/evaluation_text.ts";
import {
  formatBytes,
  formatDuration,
  formatNumber,
  formatTime,
  formatValue,
  shortPath,
} from "../text/format.ts";
import { locations } from "../flags/locations.ts";
import { withExistingRegistry } from "../flags/open_runs.ts";
import { PLAIN, statusPaint, type Style } from "../text/style.ts";
import { dataReport } from "../text/data_text.ts";
import { labelled } from "../text/labelled.ts";

/** Shows one run. */
const command: Command = {
  summary: "Shows all that is recorded about a run.",
  examples: [
    ["runs:show latest", "the last run"],
    ["runs:show latest~1", "the one before"],
    ["runs:show k3f9x2 --json", "by its last letters, or the beginning of its id"],
  ],
  operands: { usage: "REF", takes: ["run"], min: 1, max: 1 },
  flags: [...REGISTRY_FLAGS, JSON_FLAG],
  async run(invocation) {
    const { host, operands, flags, style } = invocation;
    const { run, damage, deflated, imported } = await withExistingRegistry(
      invocation,
      async (registry) => {
        const places = locations(flags, host);
        const found = await withLiveness(await findRun(registry, operands[0]!), places);
        // Where it is now, not where it was made, as it may have been moved or imported.
        const directory = await locateRun(found, places);
        const run = { ...found, directory: directory ?? found.directory };
        const imported = directory === null ? null : await readImportNote(directory) ?? null;
        const deflated = (await deflatedSharpes(registry, [run])).get(run.id) ?? null;
        return {
          run,
          deflated,
          imported,
          damage: run.damage ?? null,
        };
      },
    );
    host.stdout.write(
      flags.has("json")
        ? jsonText({
          schema: 1,
          ...run,
          ...(deflated === null ? {} : { deflated_sharpe: deflated }),
          ...(imported === null ? {} : { imported }),
        })
        : page(run, { damage, deflated, imported, style, cwd: host.cwd }),
    );
    return EXIT_OK;
  },
};

export default command;

/** Characters of a text that are shown; --json has them all. */
const LONGEST = 2000;

/** A label, foreign text, and how that is painted; it is made printable when it is put on the page. */
type Line = readonly [label: string, text: string, paint?: (text: string) => string];

interface PageOptions {
  /** What its mark says, if it is marked as damaged. */
  readonly damage: string | null;
  /** Its deflated Sharpe ratio, if it was evaluated. */
  readonly deflated: DeflatedSharpe | null;
  /** When it was imported and from where, if it was. */
  readonly imported: ImportNote | null;
  readonly style: Style;
  readonly cwd: string;
}

function page(run: RunRecord, options: PageOptions): string {
  const { style, cwd } = options;
  const sections: [string, readonly Line[]][] = [
    ["Run", runLines(run, options)],
    ["Config", configLines(run)],
    ["Data", [
      ["path", run.data_path === null ? "unknown" : dataPathText(run.data_path, (path) => path)],
      ["sha256", run.hashes.data ?? "unknown"],
      ...(run.quality === null ? [] : dataReport(run.quality)),
    ]],
    ["Metrics", Object.entries(run.metrics).map(([name, value]): Line => [name, String(value)])],
    ...(run.evaluation === null
      ? []
      : [["Evaluation", evaluationLines(run, options.deflated)] as [string, readonly Line[]]]),
    ["Hashes", HASH_NAMES.map((name): Line => [name, run.hashes[name] ?? "none"])],
    ["Environment", Object.entries(run.environment).flatMap(environmentLines)],
    [
      "Files",
      run.artifacts.map(({ path, bytes }): Line => [
        path,
        `${formatBytes(bytes).padEnd(12)}  ${shortPath(join(run.directory, path), cwd)}`,
      ]),
    ],
  ];
  return sections.map(([title, lines]) =>
    `${style.bold(title)}\n` + (lines.length === 0 ? "none\n" : labelled(
      lines.map(([label, text, paint = PLAIN.bold]) => [label, paint(shortened(text, LONGEST))]),
      style.dim,
    )).replace(/^(?=.)/gm, "  ")
  ).join("\n");
}

function runLines(run: RunRecord, { damage, imported, style, cwd }: PageOptions): readonly Line[] {
  const ended: Line[] = run.duration_ms === null
    ? []
    : [["duration", formatDuration(run.duration_ms)]];
  const error: Line[] = run.error_message === null
    ? []
    : [["error code", run.error_code ?? ""], ...textLines("error", run.error_message)];
  return [
    ["id", run.id],
    ...(run.name === null ? [] : [["name", run.name] as const]),
    ...(run.tags.length === 0 ? [] : [["tags", run.tags.join(", ")] as const]),
    ...noteLines(run),
    ["status", run.status, statusPaint(run.status, style)],
    ...(run.deleted_at === null
      ? []
      : [["deleted", `${formatTime(run.deleted_at)} UTC`, style.red] as const]),
    ...(damage === null ? [] : [["damaged", damage, style.red] as const]),
    ["started", `${formatTime(run.started_at)} UTC`],
    ...ended,
    ...(run.latency_ms === null ? [] : [["latency", formatDuration(run.latency_ms)] as const]),
    ...(run.labels_at === null ? [] : [["labelled", `${formatTime(run.labels_at)} UTC`] as const]),
    ...(imported === null
      ? []
      : [["imported", `${imported.imported_at} from ${imported.source}`] as const]),
    ["directory", shortPath(run.directory, cwd)],
    ...error,
  ];
}

/** Lines of a note that are shown; runs:note shows all. */
const NOTE_LINES = 20;

function noteLines({ note }: RunRecord): readonly Line[] {
  if (note === null) return [];
  // With a bar before each line none can be taken for one of sigrun's own.
  const lines = textLines(
    "note",
    note.includes("\n") ? `│ ${note.replaceAll("\n", "\n│ ")}` : note,
  );
  const more = lines.length - NOTE_LINES;
  return more <= 0 ? lines : [...lines.slice(0, NOTE_LINES), ["", `… ${more} lines more`]];
}

/** A text of several lines; the label stands at the first. */
function textLines(label: string, text: string): readonly Line[] {
  return text.split("\n").map((line, at): Line => [at === 0 ? label : "", line]);
}

function configLines({ config }: RunRecord): readonly Line[] {
  return Object.entries(config ?? {}).map(([key, value]): Line => [
    key,
    key === "data" && Array.isArray(value) ? `${value.length} files` : formatValue(value),
  ]);
}

function environmentLines([name, value]: [string, unknown]): readonly Line[] {
  if (typeof value !== "object" || value === null) {
    return [[name, typeof value === "number" ? formatNumber(value) : String(value ?? "none")]];
  }
  return Object.entries(value).flatMap(([inner, text]) =>
    environmentLines([`${name}.${inner}`, text])
  );
}
