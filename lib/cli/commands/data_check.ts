/**
 * `data:check`
 *
 * @module
 */

import { decimalText } from "../../bars/number/decimal_text.ts";
import { isoTime } from "../../bars/time/iso_time.ts";
import { loadBars, type LoadedBars, type LoadRequest } from "../../bars/load.ts";
import { type QualityWarning, qualityWarnings } from "../../bars/quality/warnings.ts";
import { type QualityFields, qualityFields } from "../../bars/quality/quality_fields.ts";
import type { QualityReport } from "../../bars/quality/quality.ts";
import { conflictError } from "../../bars/quality/repeated_times.ts";
import { dataPath, mayBePattern, shownPath, STANDARD_INPUT } from "../../bars/source/data_file.ts";
import { EXIT_FAILED, EXIT_OK, UserError } from "../../errors.ts";
import { type Bars, COLUMN_NAMES, type ColumnName } from "../../experiment.ts";
import type { Host, Input } from "../../host.ts";
import { jsonText } from "../../json_text.ts";
import { printable } from "../../quote.ts";
import { type Command, type Invocation, JSON_FLAG } from "./command.ts";
import { DATA_SET_FLAG, type DataOptions, dataOptions } from "../flags/data_flags.ts";
import { labelled } from "../text/labelled.ts";
import { dataReport } from "../text/data_text.ts";
import { renderError } from "../text/render_error.ts";
import { styleFor } from "../text/style.ts";
import { table } from "../text/table.ts";

/** Checks data files. */
const command: Command = {
  summary: "Shows what is understood of data files, and what is noteworthy about their bars.",
  examples: [
    ["data:check data.csv", "form, gaps, repeated times, odd prices"],
    ["data:check data.csv --head 5", "the first bars, too, as they were understood"],
    ["data:check data.csv --set columns.close=Last", "with another column as the close"],
    ["data:check - < data.csv", "standard input"],
    ["data:check data.csv --strict", "with exit status 1 if there is anything to warn of"],
    ["data:check *.csv --json", "several files, for scripts"],
  ],
  operands: { usage: "FILE…", takes: ["file"], min: 1, max: Infinity },
  flags: [
    { name: "head", value: "N", help: "show the first N bars" },
    { name: "strict", help: "fail if there is a warning" },
    DATA_SET_FLAG,
    JSON_FLAG,
  ],
  async run(invocation) {
    const { host, operands, flags } = invocation;
    const options = dataOptions(flags);
    const head = flags.count("head") ?? 0;
    const asJson = flags.has("json");
    const stdin = await stdinFor(operands, host);
    const files: Record<string, unknown>[] = [];
    let exit = EXIT_OK;
    const found = await Promise.all(operands.map((operand) => filesOf(operand, host)));
    for (const [at, { path, error }] of found.flat().entries()) {
      const checked = error === undefined
        ? await check(() => ({ path, stdin: stdin() }), options)
        : { error };
      const isDoubtful = flags.has("strict") && checked.understood !== undefined &&
        warningsOf(checked.understood).length > 0;
      if (checked.error !== undefined || isDoubtful) exit = EXIT_FAILED;
      if (asJson) files.push(fileJson(path, { ...checked, head }));
      else print(path, checked, { invocation, head, isFirst: at === 0 });
    }
    if (asJson) {
      host.stdout.write(
        jsonText({ schema: 1, total: files.length, files }),
      );
    }
    return exit;
  },
};

export default command;

/** What became of a file: understood, refused, or both. */
interface Checked {
  readonly understood?: Understood;
  readonly error?: UserError;
}

/** Bars with whichever columns the file has. */
type ShownBars = Pick<Bars, "length" | "times"> & Partial<Pick<Bars, ColumnName>>;

interface Understood {
  readonly bars: ShownBars;
  readonly form: string;
  /** Columns that more rows lack than may be dropped. */
  readonly leftOut: readonly ColumnName[];
  /** Why columns other than the close cannot be read; null if they can. */
  readonly unreadable: string | null;
  readonly dataHash: string;
  readonly rowsHash: string;
  readonly bytes: number;
  readonly quality: QualityReport;
}

/** What is to be checked. */
type Source = Pick<LoadRequest, "path" | "stdin">;

/** Standard input from its beginning, as often as it is wanted. */
async function stdinFor(operands: readonly string[], { stdin }: Host): Promise<() => Input> {
  if (!operands.includes(STANDARD_INPUT)) return () => stdin;
  const { rereadable } = await import("../../bars/source/standard_input.ts");
  return rereadable(stdin);
}

/** The files of an operand that may be a pattern, or why there are none. */
async function filesOf(
  operand: string,
  { cwd }: Host,
): Promise<readonly { readonly path: string; readonly error?: UserError }[]> {
  const path = dataPath(operand, cwd);
  if (!mayBePattern(path)) return [{ path }];
  const { findDataFiles } = await import("../../bars/source/find_data_files.ts");
  try {
    return (await findDataFiles([path])).paths.map((path) => ({ path }));
  } catch (error) {
    if (error instanceof UserError) return [{ path, error }];
    throw error;
  }
}

async function check(source: () => Source, options: DataOptions): Promise<Checked> {
  try {
    const { loaded, leftOut, unreadable } = await load(source, options);
    const { bars, quality, form, dataHash, rowsHash, bytes } = loaded;
    const understood = { bars, form, leftOut, unreadable, dataHash, rowsHash, bytes, quality };
    const conflicting = quality.repeats?.conflicting;
    return options.duplicates !== undefined || !conflicting?.count
      ? { understood }
      : { understood, error: conflictError(shownPath(source().path), { bars, conflicting }) };
  } catch (error) {
    if (error instanceof UserError) return { error };
    throw error;
  }
}

/**
 * All columns that the file has, but for those that too many rows lack: what
 * few experiments read must not hide what is true of the close.
 */
async function load(
  source: () => Source,
  { columns: overrides, ...options }: DataOptions,
): Promise<{ readonly loaded: LoadedBars } & Pick<Understood, "leftOut" | "unreadable">> {
  const others = COLUMN_NAMES.filter((name) => name !== "close");
  const request = {
    ...options,
    columns: ["close"],
    overrides,
    conflicts: "report",
    keepLines: false,
  } as const;
  let tooSparse: UserError | undefined;
  for (const without of [[], ["volume" as const], others]) {
    try {
      const optional = others.filter((name) => !without.includes(name));
      const loaded = await loadBars({ ...request, ...source(), optional });
      if (without.length === 0) return { loaded, leftOut: [], unreadable: null };
      const all = { ...request, ...source(), optional: others, maxMissing: 1 };
      const whole = await loadBars(all);
      const present = keptNames(whole.bars);
      return {
        loaded,
        leftOut: without.filter((name) => present.includes(name)),
        unreadable: null,
      };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (error.code === "data_invalid") {
        // Experiments that read nothing but the close can have the file.
        const loaded = await loadBars({ ...request, ...source() }).catch(() => {
          throw error;
        });
        return { loaded, leftOut: [], unreadable: error.message };
      }
      if (error.code !== "data_missing_values") throw error;
      tooSparse = error;
    }
  }
  throw tooSparse;
}

function warningsOf({ quality }: Understood): readonly QualityWarning[] {
  return qualityWarnings(qualityFields(quality));
}

function fileJson(
  path: string,
  { understood, error, head }: Checked & { readonly head: number },
): Record<string, unknown> {
  return {
    path,
    status: error === undefined ? "ok" : "error",
    ...(error === undefined ? {} : { error_code: error.code, error_message: error.message }),
    ...(understood === undefined ? {} : {
      form: understood.form,
      left_out: understood.leftOut,
      unreadable: understood.unreadable,
      bytes: understood.bytes,
      hash: understood.dataHash,
      rows_hash: understood.rowsHash,
      quality: qualityFields(understood.quality),
      warnings: warningsOf(understood),
      ...(head === 0 ? {} : { head: headRows(understood.bars, head) }),
    }),
  };
}

function print(
  path: string,
  { understood, error }: Checked,
  { invocation, head, isFirst }: {
    readonly invocation: Invocation;
    readonly head: number;
    readonly isFirst: boolean;
  },
): void {
  const { host, flags, style } = invocation;
  if (understood !== undefined) {
    const { bars, form, leftOut, unreadable, quality } = understood;
    const fields: QualityFields = qualityFields(quality);
    const lines: (readonly [string, string])[] = [
      ["form", form],
      ...(leftOut.length === 0 ? [] : [
        [
          "left out",
          `${leftOut.join(", ")}: missing in more rows than max_missing allows`,
        ] as const,
      ]),
      ...(unreadable === null
        ? []
        : [["not read", `columns besides the close: ${unreadable}`] as const]),
      ...dataReport(fields),
    ];
    host.stdout.write(
      (isFirst ? "" : "\n") + `${style.bold(shownPath(path))}\n` +
        indented(labelled(lines.map(([label, text]) => [label, printable(text)]), style.dim)) +
        (head === 0 ? "" : `\n${indented(headTable(bars, { head, paintTitle: style.dim }))}`),
    );
  }
  if (error !== undefined) {
    const errorStyle = styleFor(host.stderr, host, flags.has("no-color"));
    host.stderr.write(renderError(error, { style: errorStyle, debug: flags.has("debug") }));
  }
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}

function headTable(
  bars: ShownBars,
  { head, paintTitle }: {
    readonly head: number;
    readonly paintTitle: (text: string) => string;
  },
): string {
  const names = keptNames(bars);
  const rows = headRows(bars, head);
  return table(
    [
      { title: "BAR", align: "right" },
      { title: "TIME (UTC)" },
      ...names.map((name) => ({ title: name.toUpperCase(), align: "right" as const })),
    ],
    rows.map((row) => [String(row.bar), row.time ?? "", ...names.map((name) => row[name]!)]),
    { paintTitle, maxCell: Infinity },
  );
}

/** A bar as it was understood, its values exact. */
type HeadRow =
  & { readonly bar: number; readonly time: string | null }
  & { readonly [K in ColumnName]?: string };

function headRows(bars: ShownBars, head: number): readonly HeadRow[] {
  const names = keptNames(bars);
  return Array.from({ length: Math.min(head, bars.length) }, (_, bar) => ({
    bar,
    time: bars.times === null ? null : isoTime(bars.times[bar]!),
    ...Object.fromEntries(names.map((name) => {
      const { units, decimals } = bars[name]!;
      return [name, decimalText(units[bar]!, decimals)];
    })),
  }));
}

function keptNames(bars: ShownBars): readonly ColumnName[] {
  return COLUMN_NAMES.filter((name) => bars[name] !== undefined);
}
