/**
 * `runs:export`
 *
 * @module
 */

import { resolve } from "node:path";
import { EXIT_OK, EXIT_USAGE, usageError, UserError } from "../../errors.ts";
import { jsonText } from "../../json_text.ts";
import { printable } from "../../quote.ts";
import type { RunRecord } from "../../record.ts";
import { withLiveness } from "../../store/liveness.ts";
import { linkedPath } from "../../store/linked_path.ts";
import { ownFile } from "../../store/own_files.ts";
import { locateRun } from "../../store/place.ts";
import { runSuffix } from "../../run_id.ts";
import { abortable } from "../../transfer/abortable.ts";
import { gzipped, refuseTaken, streamArchive, writeArchive } from "../../transfer/archive_file.ts";
import {
  packableData,
  type PackableRun,
  packableRun,
  packedFiles,
} from "../../transfer/export_runs.ts";
import { tarPieces } from "../../transfer/tar_writer.ts";
import { type Command, type Invocation, JSON_FLAG, REGISTRY_FLAGS, typed } from "./command.ts";
import { formatBytes, shortPath } from "../text/format.ts";
import { labelled } from "../text/labelled.ts";
import { locations } from "../flags/locations.ts";
import { checkSelection, selectedRuns } from "../flags/selected_runs.ts";
import { WHERE_FLAG, WHERE_POINTER, withWhere } from "../flags/where_flag.ts";

/** The name that stands for standard output. */
const STANDARD_OUTPUT = "-";

/** Packs runs into an archive. */
const command: Command = {
  summary: "Packs runs into an archive that runs:import reads on another machine: their " +
    "directories with\nmanifests and labels, and with --with-data the data that was kept.",
  examples: [
    ["runs:export latest -o run.tar.gz", "the last run"],
    ["runs:export --all --with-data -o runs.tar.gz", "everything, so that it can be reproduced"],
    ["runs:export --where 'tag = paper' -o paper.tar.gz", "all that fit"],
    ["runs:export k3f9x2 -o - | ssh host sigrun runs import -", "to another machine"],
  ],
  operands: { usage: "[REF …]", takes: ["run"], min: 0, max: 10_000 },
  flags: [
    {
      name: "output",
      alias: "o",
      value: "FILE",
      takes: "file",
      help: "the archive; - is standard output",
    },
    { ...WHERE_FLAG, help: `${WHERE_FLAG.help}; those that ended` },
    { name: "all", help: "every run that ended" },
    { name: "with-data", help: "pack kept data, too" },
    { name: "force", help: "replace the archive if it is there" },
    ...REGISTRY_FLAGS,
    JSON_FLAG,
  ],
  notes: WHERE_POINTER,
  async run(invocation) {
    const { host, flags } = invocation;
    const target = await targetOf(invocation);
    const { runs, skipped } = await runsToPack(invocation);
    const data = flags.has("with-data") ? await packableData(runs) : { files: [], withoutData: [] };
    const interruption = new AbortController();
    // A second time ends the process, which is over soon either way.
    host.onEndSignal((signal) => interruption.abort(signal));
    const tar = abortable(
      tarPieces(packedFiles({ runs, data: data.files })),
      interruption.signal,
    );
    const pieces = target?.endsWith(".tar") ? tar : gzipped(tar);
    const summary = {
      schema: 1,
      file: target ?? null,
      runs: runs.map(({ id }) => id),
      files: runs.reduce((sum, { files }) => sum + files, 0),
      data_files: data.files.length,
      without_data: data.withoutData,
      skipped,
    };
    if (target === undefined) {
      const bytes = await streamArchive(host.stdout, pieces);
      host.stderr.write(report({ ...summary, bytes, sha256: null }, invocation));
      return EXIT_OK;
    }
    const { bytes, sha256 } = await writeArchive(target, { pieces, replace: flags.has("force") });
    const written = { ...summary, bytes, sha256 };
    host.stdout.write(flags.has("json") ? jsonText(written) : report(written, invocation));
    return EXIT_OK;
  },
};

export default command;

/** What was packed. */
interface Exported {
  readonly file: string | null;
  readonly bytes: number;
  readonly sha256: string | null;
  readonly runs: readonly string[];
  readonly files: number;
  readonly data_files: number;
  readonly without_data: readonly string[];
  readonly skipped: readonly SkippedRun[];
}

/** Why a run cannot be packed, and how that is said of it. */
const REASONS = {
  running: "it is still running",
  crashed: "it crashed, and left nothing that is complete",
  "without files": "it left no files",
  elsewhere: "its directory is not here",
} as const;

/** A run that was left out, as it was not asked for by its name. */
interface SkippedRun {
  readonly id: string;
  readonly reason: keyof typeof REASONS;
}

/** Absolute path of the archive; undefined for standard output. */
async function targetOf({ flags, host }: Invocation): Promise<string | undefined> {
  const name = flags.text("output");
  if (name === undefined) {
    throw usageError("Expected the archive to write", "For example: --output runs.tar.gz");
  }
  if (name !== STANDARD_OUTPUT) {
    const path = resolve(host.cwd, name);
    const kept = await ownFile(await linkedPath(path), locations(flags, host).runsDir);
    if (kept !== undefined) {
      throw usageError(`Cannot write the archive to ${path}: ${kept}`, "Name another path.");
    }
    await refuseTaken(path, { replace: flags.has("force") });
    return path;
  }
  if (host.stdout.isTerminal) {
    throw usageError(
      "Cannot write an archive to a terminal",
      "Name a file, as in --output runs.tar.gz, or pipe it to another program.",
    );
  }
  if (flags.has("json")) {
    throw usageError(
      "Cannot print both an archive and JSON to standard output",
      "Leave out --json, or name a file: --output runs.tar.gz",
    );
  }
  return undefined;
}

/** The runs to pack, oldest first, and those of them all that cannot be. */
async function runsToPack(
  invocation: Invocation,
): Promise<{ readonly runs: readonly PackableRun[]; readonly skipped: readonly SkippedRun[] }> {
  const { flags, host, operands: references } = invocation;
  checkSelection(invocation, {
    references,
    flags: [WHERE_FLAG.name, "all"],
    ifNeither: "Expected runs, --where or --all",
    hint: "For example: runs:export latest --output run.tar.gz",
  });
  const places = locations(flags, host);
  return await withWhere(invocation, async (registry, where) => {
    const found = await selectedRuns(registry, {
      references,
      query: { where },
      keep: (run) => withLiveness(run, places),
    });
    const runs: PackableRun[] = [];
    const skipped: SkippedRun[] = [];
    for (const run of found) {
      const directory = await locateRun(run, places);
      const reason = obstacle(run, directory);
      if (reason === undefined) runs.push(await packableRun(run, directory!));
      else if (references.length === 0) skipped.push({ id: run.id, reason });
      else throw unpackable(run.id, reason);
    }
    if (runs.length === 0) throw nothingToPack();
    return { runs: runs.sort((a, b) => a.id < b.id ? -1 : 1), skipped };
  });
}

/** Why a run cannot be packed, if there is a reason that is no damage. */
function obstacle(
  { status, artifacts }: RunRecord,
  directory: string | null,
): keyof typeof REASONS | undefined {
  if (status === "running" || status === "crashed") return status;
  if (artifacts.length === 0) return "without files";
  return directory === null ? "elsewhere" : undefined;
}

function unpackable(id: string, reason: keyof typeof REASONS): UserError {
  return new UserError(`Cannot export run ${runSuffix(id)}: ${REASONS[reason]}`, {
    code: reason === "running" ? "run_running" : "run_damaged",
    exitCode: EXIT_USAGE,
    hint: reason === "running"
      ? "Wait until it has ended."
      : reason === "elsewhere"
      ? "runs:show says where it ran: export it there."
      : "Export the others without it.",
  });
}

function nothingToPack(): UserError {
  return new UserError("There is no run to export", {
    code: "run_not_found",
    exitCode: EXIT_USAGE,
    hint: "Runs that are running, crashed, left no files or are elsewhere cannot be exported.",
  });
}

function report(exported: Exported, { host }: Invocation): string {
  const { file, bytes, runs, files, data_files, without_data, skipped } = exported;
  const many = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;
  const data = data_files === 0 ? "" : `, ${many(data_files, "data file")}`;
  const lines: [string, string][] = [
    ["exported", `${many(runs.length, "run")} (${many(files, "file")}${data})`],
    [
      "archive",
      `${file === null ? "standard output" : shortPath(file, host.cwd)} (${formatBytes(bytes)})`,
    ],
    ...(skipped.length === 0 ? [] : [[
      "skipped",
      `${many(skipped.length, "run")}: ${reasonsText(skipped)}`,
    ] as [string, string]]),
    ...(without_data.length === 0 ? [] : [[
      "no data",
      `of ${many(without_data.length, "run")} not all data was kept: ` +
      without_data.slice(0, 5).map(runSuffix).join(", ") + (without_data.length > 5 ? ", …" : ""),
    ] as [string, string]]),
    ...(file === null ? [] : [[
      "next",
      typed(host, `runs:import ${shortPath(file, host.cwd)}`),
    ] as [string, string]]),
  ];
  return labelled(lines.map(([label, text]) => [label, printable(text)]));
}

/** `1 running, 2 elsewhere`. */
function reasonsText(skipped: readonly SkippedRun[]): string {
  return Object.entries(Object.groupBy(skipped, ({ reason }) => reason))
    .map(([reason, runs]) => `${runs.length} ${reason}`).join(", ");
}
