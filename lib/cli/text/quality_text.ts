/**
 * What is noteworthy about the bars of a file, as people read it.
 *
 * @module
 */

import type { QualityFields } from "../../bars/quality/quality_fields.ts";
import { formatNumber, formatTime } from "./format.ts";

/** A line: what it is about, and the finding. */
export type QualityLine = readonly [label: string, text: string];

/** A finding on one field. */
type Finding = (fields: QualityFields) => string | null;

/** The lines, in order; a finding of null is left out. */
const LINES: readonly (readonly [label: string, finding: Finding])[] = [
  ["rows", rows],
  ["dropped", dropped],
  ["columns", ({ columns }) => text(columns)],
  ["order", order],
  ["first", ({ first_time }) => time(first_time)],
  ["last", ({ last_time }) => time(last_time)],
  ["interval", interval],
  ["gaps", gaps],
  ["repeated times", repeatedTimes],
  ["zero prices", ({ zero_prices }) => text(zero_prices)],
  ["negative prices", ({ negative_prices }) => text(negative_prices)],
  ["high below low", ({ high_below_low }) => text(high_below_low)],
  ["close outside high-low", ({ close_outside_range }) => text(close_outside_range)],
  ["unchanged closes", unchangedCloses],
  ["largest move", largestMove],
];

/**
 * The lines of a report from its fields, so that a recorded one can be shown
 * as well as a fresh one. What could not be told is left out.
 */
export function qualityLines(fields: QualityFields): readonly QualityLine[] {
  return LINES.flatMap(([label, finding]): QualityLine[] => {
    const found = finding(fields);
    return found === null ? [] : [[label, found]];
  });
}

function rows({ rows_read, bars }: QualityFields): string | null {
  return text(rows_read === bars ? rows_read : `${rows_read}, of which ${bars} are bars`);
}

function dropped(fields: QualityFields): string | null {
  const { dropped_missing, dropped_repeated, dropped_lines, columns } = fields;
  if (dropped_missing === undefined) return null;
  const lines = text(dropped_lines);
  // A name before the line is that of one of several files, and may have a comma in it.
  const shown = lines?.split(/(?<=(?:^|, |:)\d+), /) ?? [];
  const more = shown.length < Number(dropped_missing) ? ", …" : "";
  const noun = shown.length > 1 ? "lines" : "line";
  const where = shown.every((line) => /^\d+$/.test(line)) ? `${noun} ${lines}` : `at ${lines}`;
  const reasons = [
    ...(dropped_missing === 0 ? [] : [
      `${dropped_missing} without ${list(text(columns) ?? "a value")}` +
      (lines === null ? "" : ` (${where}${more})`),
    ]),
    ...(dropped_repeated ? [`${dropped_repeated} with a repeated time`] : []),
  ];
  return reasons.length === 0 ? "none" : reasons.join(", ");
}

/** `open, high or low` of `open, high, low`. */
function list(names: string): string {
  return names.replace(/, ([^,]*)$/, " or $1");
}

function order({ order }: QualityFields): string | null {
  switch (order) {
    case "ascending":
      return "oldest first";
    case "descending":
      return "newest first: reversed";
    case "unsorted":
      return "unsorted: sorted by time";
    case "unknown":
      return "no time column: taken as they stand in the file";
    default:
      return text(order);
  }
}

function interval({ interval_ms, gaps, first_time }: QualityFields): string | null {
  if (typeof interval_ms === "number") return formatInterval(interval_ms);
  return gaps === null && typeof first_time === "string" ? "none that is common" : null;
}

function gaps(fields: QualityFields): string | null {
  const { gaps, missing_bars, longest_gap_ms, longest_gap_from } = fields;
  if (typeof gaps !== "number") return null;
  if (gaps === 0) return "none";
  return `${gaps}, ${missing_bars} bar${missing_bars === 1 ? "" : "s"} missing; ` +
    `the longest is ${formatInterval(Number(longest_gap_ms))} from ${time(longest_gap_from)}`;
}

function repeatedTimes(fields: QualityFields): string | null {
  const { repeated_identical, repeated_conflicting, repeated_at } = fields;
  if (typeof repeated_identical !== "number") return null;
  const kinds = [
    ...(repeated_identical === 0 ? [] : [`${repeated_identical} identical`]),
    ...(repeated_conflicting ? [`${repeated_conflicting} conflicting`] : []),
  ];
  if (kinds.length === 0) return "none";
  const times = text(repeated_at)?.split(", ") ?? [];
  // The times are those of the conflicting ones if there are any.
  const all = repeated_conflicting ? repeated_conflicting : repeated_identical;
  const shown = times.map((iso) => time(iso)).join(", ");
  return `${kinds.join(", ")} (${shown}${times.length < Number(all) ? ", …" : ""})`;
}

function unchangedCloses({ unchanged_closes, bars }: QualityFields): string | null {
  if (typeof unchanged_closes !== "number") return null;
  const share = Number(bars) > 1 ? unchanged_closes / (Number(bars) - 1) : 0;
  return `${unchanged_closes} (${percent(share)})`;
}

function largestMove(fields: QualityFields): string | null {
  const { largest_move, largest_move_bar, largest_move_time } = fields;
  if (typeof largest_move !== "number") return null;
  const at = time(largest_move_time) ?? `bar ${largest_move_bar}`;
  return `${largest_move > 0 ? "+" : ""}${percent(largest_move)} at ${at}`;
}

/** A share in percent, to four digits. */
function percent(share: number): string {
  return `${formatNumber(Number((share * 100).toPrecision(4)))} %`;
}

/** A recorded time to the second, or finer where it is. */
function time(iso: number | string | null | undefined): string | null {
  if (typeof iso !== "string") return text(iso);
  const fraction = /\.(\d+?)0*Z$/.exec(iso)?.[1] ?? "0";
  return formatTime(iso) + (fraction === "0" ? "" : `.${fraction}`);
}

function text(value: number | string | null | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}

/** A time between bars: `1 min`, `4 h 30 min`, `1 d`. */
export function formatInterval(ms: number): string {
  const units = [["d", 86_400_000], ["h", 3_600_000], ["min", 60_000], ["s", 1000]] as const;
  const parts: string[] = [];
  let rest = ms;
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  if (rest > 0) parts.push(`${formatNumber(rest)} ms`);
  return parts.length === 0 ? "0 ms" : parts.join(" ");
}
