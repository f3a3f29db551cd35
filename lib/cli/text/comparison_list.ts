/**
 * A comparison of runs as a list, a line for each run, for CSV.
 *
 * @module
 */

import type { ComparedRuns } from "./comparison_text.ts";
import type { ListCell, ListContent, ListTitle } from "./list_format.ts";

/** A column for what was compared, and of metrics two more for their changes. Values are in full. */
export function comparisonList({ runs, shown }: ComparedRuns): ListContent {
  const columns = shown.flatMap(({ kind, name, values, changes }) => {
    const whole = { title: `${kind}.${name}`, values };
    if (changes === undefined) return [whole];
    return [
      whole,
      { title: `${whole.title}.change`, values: changes.map((change) => change?.absolute) },
      { title: `${whole.title}.relative`, values: changes.map((change) => change?.relative) },
    ];
  });
  return {
    columns: ["id", ...columns.map(({ title }) => title)]
      .map((title): ListTitle => ({ title, name: title })),
    rows: runs.map(({ id }, at): readonly ListCell[] => [
      { value: id },
      ...columns.map(({ values }) => ({ value: values[at] })),
    ]),
  };
}
