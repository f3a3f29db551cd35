/**
 * A comparison of runs as GitHub Markdown, for a pull request.
 *
 * @module
 */

import { runSuffix } from "../../run_id.ts";
import { absoluteText, comparedValue, relativeText } from "./comparison_cells.ts";
import { codeTexts, type ComparedRuns } from "./comparison_text.ts";
import { markdownTable, markdownText } from "./markdown.ts";
import type { TableColumn } from "./table.ts";

/** With more runs than these, each is a line of the table. */
const SIDE_BY_SIDE = 5;

/** The verdict, a table of what differs, and how to see in what the code differs. */
export function comparisonMarkdown(
  compared: ComparedRuns,
  { cwd }: { readonly cwd: string },
): string {
  const { runs, comparison, shown, code } = compared;
  const columns = shown.map((row) => ({
    ...row,
    cells: row.values.map((value, at) => {
      const text = comparedValue(row, { value, cwd });
      const changes = [absoluteText(row.changes?.[at]), relativeText(row.changes?.[at])]
        .filter((change) => change !== "");
      return at === 0 || !row.differs || changes.length === 0
        ? text
        : `${text} (${changes.join(", ")})`;
    }),
  }));
  const title = ({ id }: { readonly id: string }, at: number): string =>
    `${runSuffix(id)}${at === 0 ? " (baseline)" : ""}`;
  const right = (title: string): TableColumn => ({ title, align: "right" });
  const body = shown.length === 0 ? [] : runs.length <= SIDE_BY_SIDE
    ? [markdownTable(
      [{ title: "" }, { title: "" }, ...runs.map((run, at) => right(title(run, at)))],
      columns.map(({ kind, name, cells }, at) => [
        columns[at - 1]?.kind === kind ? "" : kind,
        name,
        ...cells,
      ]),
    )]
    : [markdownTable(
      [{ title: "run" }, ...columns.map(({ kind, name }) => right(`${kind} ${name}`))],
      runs.map((run, at) => [title(run, at), ...columns.map(({ cells }) => cells[at]!)]),
    )];
  // A command is made here, of nothing that would end its quotes.
  const hints = codeTexts(code).map((text) =>
    text.startsWith("git diff ") ? `\`${text}\`` : markdownText(text)
  );
  return [
    `**${markdownText(comparison.verdict)}**\n`,
    ...body,
    ...(hints.length === 0 ? [] : [`Code: ${hints.join("; ")}\n`]),
  ].join("\n");
}
