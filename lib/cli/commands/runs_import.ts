/**
 * `runs:import`
 *
 * @module
 */

import { basename, resolve } from "node:path";
import { BYTE_SIZE, byteSize } from "../../config/byte_size.ts";
import { EXIT_FAILED, EXIT_OK, EXIT_USAGE, usageError, UserError } from "../../errors.ts";
import type { Input } from "../../host.ts";
import { jsonText } from "../../json_text.ts";
import { printable, quote } from "../../quote.ts";
import { Mirror } from "../../registry/mirror.ts";
import { runSuffix } from "../../run_id.ts";
import { type ImportReport, type Outcome, OUTCOMES } from "../../transfer/import_report.ts";
import { importRuns, type ImportSource } from "../../transfer/import_runs.ts";
import { ARCHIVE_LIMITS } from "../../transfer/stage_archive.ts";
import type { ArchiveLimits } from "../../transfer/tar_reader.ts";
import { type Command, type Invocation, JSON_FLAG, REGISTRY_FLAGS, typed } from "./command.ts";
import { formatBytes } from "../text/format.ts";
import { locations } from "../flags/locations.ts";
import type { Style } from "../text/style.ts";
import { type Cell, table } from "../text/table.ts";

/** The name that stands for standard input. */
const STANDARD_INPUT = "-";

/** Bytes that are read at once: of these a bomb can make no more than some megabytes. */
const PIECE_BYTES = 16 << 10;

/** Imports runs. */
const command: Command = {
  summary: "Imports runs from archives of runs:export, or from folders of runs, such as one that " +
    "rsync\nbrought from a cluster: audited against their manifests, then all of them or none. " +
    "Runs that\nare here already are left as they are, but for labels that are newer.",
  examples: [
    ["runs:import runs.tar.gz", "an archive, of runs:export or of tar"],
    ["runs:import cluster/runs --dry-run", "what would come of a folder of runs"],
    ["runs:import - < runs.tar.gz", "what another program writes, such as ssh before a pipe"],
  ],
  operands: { usage: "FILE|DIR [FILE|DIR …]", takes: ["file"], min: 1, max: 1000 },
  flags: [
    { name: "dry-run", help: "say what would be done, and change nothing" },
    {
      name: "skip-conflicts",
      help: "leave out runs whose id another run has here; without it nothing is imported",
    },
    {
      name: "skip-damaged",
      help: "leave out runs that are not as their manifest says; without it nothing is imported",
    },
    {
      name: "max-size",
      value: "SIZE",
      help: `the most that an archive may unpack to (default ${
        formatBytes(ARCHIVE_LIMITS.totalBytes)
      }, and ${formatBytes(ARCHIVE_LIMITS.fileBytes)} a file)`,
    },
    ...REGISTRY_FLAGS,
    JSON_FLAG,
  ],
  async run(invocation) {
    const { host, flags, operands, style } = invocation;
    const { runsDir, registry: location } = locations(flags, host);
    const limits = limitsOf(invocation);
    const sources: ImportSource[] = [];
    for (const name of operands) sources.push(await sourceOf(name, invocation));
    const dryRun = flags.has("dry-run");
    const interruption = new AbortController();
    const stopListening = host.onEndSignal((signal) => interruption.abort(signal));
    const mirror = await Mirror.open();
    let report: ImportReport;
    try {
      report = await importRuns({
        sources,
        runsDir,
        location,
        mirror,
        limits,
        skipConflicts: flags.has("skip-conflicts"),
        skipDamaged: flags.has("skip-damaged"),
        dryRun,
        now: () => host.now(),
        abort: interruption.signal,
      });
    } finally {
      stopListening();
      mirror.close();
    }
    host.stdout.write(
      flags.has("json")
        ? jsonText(reportJson(report, dryRun))
        : reportText(report, { style, dryRun, showsSource: sources.length > 1 }),
    );
    if (!report.isRefused) return EXIT_OK;
    host.stderr.write(
      `error: Nothing was imported: ids of runs are taken by other runs\n` +
        `hint: Leave those out: ${typed(host, "runs:import")} … --skip-conflicts\n`,
    );
    return EXIT_FAILED;
  },
};

export default command;

function limitsOf({ flags }: Invocation): ArchiveLimits {
  const size = flags.text("max-size");
  if (size === undefined) return ARCHIVE_LIMITS;
  if (!BYTE_SIZE.test(size)) {
    throw usageError(`Cannot use --max-size ${quote(size)}: expected a size`, "For example: 200GB");
  }
  const bytes = byteSize(size);
  return { ...ARCHIVE_LIMITS, totalBytes: bytes, fileBytes: bytes };
}

/** What an operand names. */
async function sourceOf(name: string, { host }: Invocation): Promise<ImportSource> {
  if (name === STANDARD_INPUT) {
    if (host.stdin.isTerminal) {
      throw usageError(
        "Cannot read an archive from standard input: it is a terminal",
        "Pipe one into it, or name a file.",
      );
    }
    return { kind: "archive", name: "standard input", pieces: piecesOf(host.stdin) };
  }
  const path = resolve(host.cwd, name);
  try {
    const { isDirectory, isFile } = await Deno.stat(path);
    // Its real name tells whether it is a run's.
    if (isDirectory) return { kind: "folder", name, path: await Deno.realPath(path) };
    if (!isFile) throw new Error("it is neither a file nor a folder");
    return { kind: "archive", name: basename(name), pieces: filePieces(path) };
  } catch (cause) {
    const reason = cause instanceof Deno.errors.NotFound
      ? "there is no such file or folder"
      : cause instanceof Error
      ? cause.message
      : String(cause);
    throw new UserError(`Cannot import ${printable(path)}: ${reason}`, {
      code: "archive_unreadable",
      exitCode: EXIT_USAGE,
      hint: "Name an archive of runs:export, or a folder of runs.",
      cause,
    });
  }
}

async function* filePieces(path: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  using file = await Deno.open(path);
  yield* piecesOf(file);
}

async function* piecesOf(input: Pick<Input, "read">): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const buffer = new Uint8Array(PIECE_BYTES);
  for (;;) {
    const read = await input.read(buffer);
    if (read === null) return;
    if (read > 0) yield buffer.subarray(0, read);
  }
}

function counts({ runs }: ImportReport): Readonly<Record<string, number>> {
  return Object.fromEntries(
    OUTCOMES.map((wanted) => [
      wanted.replace(" ", "_"),
      runs.filter(({ outcome }) => outcome === wanted).length,
    ]),
  );
}

function reportJson(report: ImportReport, dryRun: boolean): object {
  const { runs, data, isRefused } = report;
  return {
    schema: 1,
    dry_run: dryRun,
    refused: isRefused,
    total: runs.length,
    ...counts(report),
    data_files: data.files,
    data_bytes: data.bytes,
    runs,
  };
}

const PAINTS: Readonly<Partial<Record<Outcome, "green" | "red" | "yellow">>> = {
  imported: "green",
  recorded: "green",
  conflicting: "red",
  damaged: "red",
  unfinished: "yellow",
};

function reportText(
  report: ImportReport,
  { style, dryRun, showsSource }: {
    readonly style: Style;
    readonly dryRun: boolean;
    readonly showsSource: boolean;
  },
): string {
  const columns = ["RUN", "OUTCOME", ...(showsSource ? ["SOURCE"] : []), "DETAIL"]
    .map((title) => ({ title }));
  const rows = report.runs.map(({ id, source, outcome, detail }): (Cell | string)[] => [
    runSuffix(id),
    { text: outcome, paint: style[PAINTS[outcome] ?? "dim"] },
    ...(showsSource ? [source] : []),
    detail ?? "",
  ]);
  const list = rows.length === 0
    ? ""
    : table(columns, rows, { paintTitle: style.bold, maxCell: 100 });
  return `${list}\n${summary(report, dryRun)}\n`;
}

/** `3 runs: 2 imported, 1 already here; 1 file of data (682 KiB)`. */
function summary(report: ImportReport, dryRun: boolean): string {
  const { runs, data, isRefused } = report;
  const found = counts(report);
  const parts = OUTCOMES.flatMap((outcome) => {
    const count = found[outcome.replace(" ", "_")]!;
    return count === 0 ? [] : [`${count} ${outcome}`];
  });
  const files = data.files === 0
    ? ""
    : `; ${data.files} file${data.files === 1 ? "" : "s"} of data (${formatBytes(data.bytes)})`;
  const note = dryRun ? "; nothing was changed" : isRefused ? "; nothing was imported" : "";
  return `${runs.length} run${runs.length === 1 ? "" : "s"}: ${parts.join(", ")}${files}${note}`;
}
