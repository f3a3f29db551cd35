/**
 * A comparison of runs as a page: side by side where that fits, else a line
 * for each run.
 *
 * @module
 */

import stringWidth from "string-width";
import { printable } from "../../quote.ts";
import type { Comparison, ComparisonRow } from "../../compare/compare.ts";
import type { RunRecord } from "../../record.ts";
import type { CodeDifference } from "../../compare/code_difference.ts";
import { runSuffix } from "../../run_id.ts";
import { absoluteText, comparedValue, relativeText } from "./comparison_cells.ts";
import { labelled } from "./labelled.ts";
import type { Style } from "./style.ts";
import { type Cell, table, type TableColumn } from "./table.ts";

/** Runs, and in what they differ. */
export interface ComparedRuns {
  /** The runs; the first is the baseline. */
  readonly runs: readonly RunRecord[];
  /** Their comparison. */
  readonly comparison: Comparison;
  /** The rows to show. */
  readonly shown: readonly ComparisonRow[];
  /** In what the code of each differs from the baseline's. */
  readonly code: readonly CodeDifference[];
}

/** How it is shown. */
export interface ComparisonTextOptions {
  /** Colours. */
  readonly style: Style;
  /** Absolute path of the working directory, for short paths. */
  readonly cwd: string;
  /** Absolute path of the program's own repository; null where that is not known. */
  readonly repository: string | null;
  /** Columns of the terminal; null where nothing is cut, as in a file. */
  readonly columns: number | null;
}

/** Runs beside each other where there is no terminal to say what fits. */
const SIDE_BY_SIDE = 5;

/** With fewer runs, a line for each is no shorter. */
const FEW_RUNS = 3;

/** The verdict, what differs, and how to see in what the code differs. */
export function comparisonText(compared: ComparedRuns, options: ComparisonTextOptions): string {
  const { comparison, shown } = compared;
  const { style } = options;
  const body = shown.length === 0 ? [] : [differences(compared, options)];
  const code = codeLines(compared, options);
  return [`${style.bold(printable(comparison.verdict))}\n`, ...body, ...code].join("\n");
}

function differences(compared: ComparedRuns, options: ComparisonTextOptions): string {
  const { runs } = compared;
  const { columns } = options;
  if (columns === null) {
    return runs.length <= SIDE_BY_SIDE ? sideBySide(compared, options) : lines(compared, options);
  }
  const text = sideBySide(compared, options);
  if (runs.length <= FEW_RUNS || widthOf(text) <= columns) return text;
  return lines(compared, options);
}

function widthOf(text: string): number {
  return Math.max(...text.split("\n").map((line) => stringWidth(line)));
}

/** Runs as columns. Of two, the changes of metrics are columns, too; of more, they are lines. */
function sideBySide(
  { runs, comparison, shown }: ComparedRuns,
  { style, cwd }: ComparisonTextOptions,
): string {
  const hasColumns = runs.length === 2 &&
    shown.some(({ differs, changes }) => differs && changes !== undefined);
  const columns: TableColumn[] = [
    { title: "" },
    { title: "" },
    ...runs.map(({ id }): TableColumn => ({ title: runSuffix(id), align: "right" })),
    ...(hasColumns ? ["change", "relative"] : [])
      .map((title): TableColumn => ({ title, align: "right" })),
  ];
  const isPartial = shown.length < comparison.rows.length;
  const cells = shown.flatMap((row, at): (readonly (Cell | string)[])[] => {
    const paint = row.differs && !isPartial ? { paint: style.yellow } : {};
    const [absolute, relative] = changeTexts(row);
    const hasLines = runs.length > 2 && absolute.some((text) => text !== "");
    return [
      [
        { text: shown[at - 1]?.kind === row.kind ? "" : row.kind, paint: style.dim },
        row.name,
        ...row.values.map((value) => ({ text: comparedValue(row, { value, cwd }), ...paint })),
        ...(hasColumns ? [absolute[1]!, relative[1]!] : []),
      ],
      ...(hasLines ? [["", "  change", ...absolute], ["", "  relative", ...relative]] : [])
        .map((texts) => texts.map((text): Cell => ({ text, paint: style.dim }))),
    ];
  });
  return table(columns, cells, { paintTitle: style.bold });
}

/** The changes of each run but the baseline; nothing where none of them is any. */
function changeTexts({ changes = [], differs, values }: ComparisonRow): readonly [
  absolute: readonly string[],
  relative: readonly string[],
] {
  const of = (text: typeof absoluteText): string[] =>
    values.map((_, at) => at === 0 || !differs ? "" : text(changes[at]));
  return [of(absoluteText), of(relativeText)];
}

/** Runs as lines, in as many blocks of columns as the terminal makes necessary. */
function lines(
  { runs, shown }: ComparedRuns,
  { style, cwd, columns }: ComparisonTextOptions,
): string {
  const names = Map.groupBy(shown, ({ name }) => name);
  const groups = shown.map((row): readonly (readonly string[])[] => {
    const [absolute, relative] = changeTexts(row);
    const title = names.get(row.name)!.length === 1 ? row.name : `${row.kind}.${row.name}`;
    const values = row.values.map((value) => comparedValue(row, { value, cwd }));
    const hasChanges = absolute.some((text) => text !== "");
    return [
      [title, ...values],
      ...(hasChanges ? [["change", ...absolute], ["relative", ...relative]] : []),
    ];
  });
  const draw = (group: readonly (readonly string[])[]): string =>
    table(
      [{ title: "RUN" }, ...group.map(([title]) => ({ title: title!, align: "right" as const }))],
      runs.map(({ id }, at) => [runSuffix(id), ...group.map((column) => column[at + 1]!)]),
      { paintTitle: style.bold },
    );
  const blocks: (readonly string[])[][] = [];
  for (const group of groups) {
    const last = blocks.at(-1);
    const fits = last !== undefined &&
      (columns === null || widthOf(draw([...last, ...group])) <= columns);
    if (fits) last.push(...group);
    else blocks.push([...group]);
  }
  return blocks.map(draw).join("\n");
}

function codeLines(
  { code }: ComparedRuns,
  { style, cwd, repository }: ComparisonTextOptions,
): readonly string[] {
  const there = repository === null || repository === cwd ? "" : `-C ${shellWord(repository)} `;
  const texts = codeTexts(code)
    .map((text) => text.replace(/^git diff /, () => printable(`git ${there}diff `)));
  if (texts.length === 0) return [];
  return [labelled(texts.map((text, at) => [at === 0 ? "code" : "", text]), style.dim)];
}

/** A path as one word for a shell. */
function shellWord(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

/** How to see in what the code of runs differs, a line for each command and each caution. */
export function codeTexts(code: readonly CodeDifference[]): readonly string[] {
  const commands = new Set(code.flatMap(({ git_diff }) => git_diff ?? []));
  const uncommitted = [...new Set(code.flatMap(({ uncommitted }) => uncommitted))].map(runSuffix);
  const untold = code.filter((difference) =>
    difference.git_diff === null && difference.uncommitted.length === 0
  ).map(({ run }) => runSuffix(run));
  return [
    ...commands,
    ...(uncommitted.length === 0 ? [] : [
      `${uncommitted.join(", ")} ran with changes that no commit has, which git cannot show`,
    ]),
    ...(untold.length === 0 ? [] : [
      `${untold.join(", ")}: git does not tell what is different, as commits are the same or ` +
      "unknown; an experiment given by path is part of the code, too",
    ]),
  ].map(printable);
}
