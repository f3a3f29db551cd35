/**
 * `runs:gc`
 *
 * @module
 */

import { basename, relative } from "node:path";
import { EXIT_FAILED, EXIT_OK, usageError } from "../../errors.ts";
import { jsonText } from "../../json_text.ts";
import { printable, quote } from "../../quote.ts";
import { type Garbage, garbagePlan } from "../../store/garbage/collect.ts";
import { runSuffix } from "../../run_id.ts";
import { type Command, type Invocation, JSON_FLAG, REGISTRY_FLAGS } from "./command.ts";
import { confirmed, YES_FLAG } from "../flags/confirm.ts";
import { formatBytes, formatTime } from "../text/format.ts";
import { vantageOf, withRecordedRuns } from "./label_runs.ts";
import { locations } from "../flags/locations.ts";
import { table } from "../text/table.ts";
import { timeSpan } from "../flags/time_span.ts";

/** Collects garbage. */
const command: Command = {
  summary: "Removes for good what is not needed any more: runs that were deleted, kept data that " +
    "no run\nrefers to, and what processes that died left behind.",
  examples: [
    ["runs:gc --dry-run", "show what would be removed"],
    ["runs:gc", "remove it, after a question"],
    ["runs:gc --older-than 30d --yes", "only runs that were deleted 30 days ago or earlier"],
  ],
  flags: [
    {
      name: "older-than",
      value: "SPAN",
      help:
        "only runs that were deleted this long ago: 30d, 12h, 2w (default: all that are deleted)",
    },
    { name: "dry-run", help: "show what would be removed, and remove nothing" },
    YES_FLAG,
    ...REGISTRY_FLAGS,
    JSON_FLAG,
  ],
  async run(invocation) {
    const { flags } = invocation;
    const until = deletedUntil(invocation);
    return await withRecordedRuns(invocation, async (registry) => {
      const request = { ...vantageOf(invocation), until };
      const { garbage, collect } = await garbagePlan(registry, request);
      if (flags.has("dry-run")) {
        report(invocation, { garbage, isDone: false });
        return EXIT_OK;
      }
      const plan = listing(garbage, invocation);
      const question = `Remove for good ${summary(garbage)}`;
      if (!isEmpty(garbage) && !await confirmed(invocation, { plan, question })) return EXIT_FAILED;
      report(invocation, { garbage: await collect(), isDone: true });
      return EXIT_OK;
    });
  },
};

export default command;

/** When runs have to be deleted at the latest, ISO 8601 in UTC. */
function deletedUntil({ flags, host }: Invocation): string | undefined {
  const text = flags.text("older-than");
  if (text === undefined) return undefined;
  const span = timeSpan(text);
  if (span === undefined) {
    throw usageError(
      `Cannot use --older-than ${quote(text)}: expected a span of time`,
      "For example: 30d, 12h, 2w. The units are s, m, h, d and w.",
    );
  }
  return new Date(Math.max(0, host.now().getTime() - span)).toISOString();
}

function isEmpty({ runs, data, leftovers }: Garbage): boolean {
  return runs.length + data.length + leftovers.length === 0;
}

function bytesOf({ runs, data, leftovers }: Garbage): number {
  return [...runs, ...data, ...leftovers].reduce((sum, { bytes }) => sum + bytes, 0);
}

/** `2 runs, 1 data file: 1.5 MiB`. */
function summary(garbage: Garbage): string {
  const { runs, data, leftovers } = garbage;
  const parts = [
    counted(runs, "run"),
    counted(data, "data file"),
    counted(leftovers, "leftover"),
  ].filter((part) => part !== "");
  return `${parts.join(", ") || "nothing"}: ${formatBytes(bytesOf(garbage))}`;
}

function counted({ length }: readonly unknown[], noun: string): string {
  return length === 0 ? "" : `${length} ${noun}${length === 1 ? "" : "s"}`;
}

function report(
  invocation: Invocation,
  { garbage, isDone }: { readonly garbage: Garbage; readonly isDone: boolean },
): void {
  const { host, flags } = invocation;
  if (flags.has("json")) host.stdout.write(json(garbage, { isDone, invocation }));
  else {
    const sentence = isDone
      ? `Removed ${summary(garbage)} freed.`
      : `Would remove ${summary(garbage)}.`;
    host.stdout.write(`${isDone ? "" : listing(garbage, invocation)}${sentence}\n`);
  }
  host.stderr.write(notes(garbage));
}

function json(
  garbage: Garbage,
  { isDone, invocation: { flags, host } }: {
    readonly isDone: boolean;
    readonly invocation: Invocation;
  },
): string {
  const { runsDir } = locations(flags, host);
  const { runs, data, leftovers, left } = garbage;
  return jsonText({
    schema: 2,
    dry_run: !isDone,
    bytes: bytesOf(garbage),
    runs,
    data: data.map(({ path, bytes }) => ({ hash: `sha256:${basename(path)}`, bytes })),
    leftovers: leftovers.map(({ path, bytes }) => ({ path: relative(runsDir, path), bytes })),
    left_alone: { ...left, data_busy: garbage.isDataBusy },
  });
}

function notes({ left, isDataBusy }: Garbage): string {
  const reasons = {
    elsewhere: "in another folder, or on another machine",
    running: "still running",
    unclear: "with a damaged labels.json: runs:verify --repair mends it",
    damaged: "with an id that is no run's: runs:verify says more",
  };
  const lines = Object.entries(reasons).flatMap(([reason, words]) => {
    const count = left[reason as keyof typeof left];
    return count === 0
      ? []
      : [`Left alone: ${count} deleted run${count === 1 ? "" : "s"} ${words}.`];
  });
  if (isDataBusy) lines.push("Left alone: kept data, as runs were keeping data all the time.");
  return lines.map((line) => `${line}\n`).join("");
}

/** Files that are listed by name. */
const SHOWN = 50;

function listing(garbage: Garbage, { flags, host, style }: Invocation): string {
  const { runsDir } = locations(flags, host);
  const rows = [
    ...garbage.runs.map(({ id, name, deleted_at, bytes }) => [
      "run",
      `${runSuffix(id)}${name === null ? "" : ` ${name}`}`,
      formatTime(deleted_at),
      formatBytes(bytes),
    ]),
    ...garbage.data.map(({ path, bytes }) => [
      "data",
      basename(path).slice(0, 8),
      "",
      formatBytes(bytes),
    ]),
    ...garbage.leftovers.map(({ path, bytes }) => [
      "leftover",
      relative(runsDir, path),
      "",
      formatBytes(bytes),
    ]),
  ];
  if (rows.length === 0) return "";
  const columns = [
    { title: "WHAT" },
    { title: "NAME" },
    { title: "DELETED (UTC)" },
    { title: "SIZE", align: "right" as const },
  ];
  const more = rows.length - SHOWN;
  return table(columns, rows.slice(0, SHOWN), { paintTitle: style.bold }) +
    (more > 0 ? printable(`… and ${more} more`) + "\n" : "") + "\n";
}
