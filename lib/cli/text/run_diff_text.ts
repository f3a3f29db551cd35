/**
 * What `runs:diff` found, for people.
 *
 * @module
 */

import { isoTime } from "../../bars/time/iso_time.ts";
import type { KeyComparison } from "../../compare/config_difference.ts";
import { printable, shortened } from "../../quote.ts";
import type { SignalComparison, SignalDifference } from "../../compare/signal_difference.ts";
import { formatRate } from "./format.ts";
import { labelled } from "./labelled.ts";
import type { Style } from "./style.ts";
import { table, type TableColumn } from "./table.ts";

/** How it is shown. */
export interface RunDiffOptions {
  /** The runs, as people call them. */
  readonly names: readonly [string, string];
  /** Colours. */
  readonly style: Style;
}

/** Characters of a value, as a list of data files can be long. */
const MAX_VALUE = 200;

/** The keys that differ as lines with - and +, or all keys. */
export function configDiffText(
  keys: readonly KeyComparison[],
  { names: [before, after], style, all }: RunDiffOptions & { readonly all: boolean },
): string {
  const equal = keys.filter(({ status }) => status === "equal").length;
  const line = (sign: string, { key }: KeyComparison, value: unknown): string =>
    `${sign} ${printable(key)}: ${shortened(valueText(value), MAX_VALUE)}`;
  const lines = keys.flatMap((key) => {
    if (key.status === "equal") return all ? [line(" ", key, key.before)] : [];
    return [
      ...(key.status === "added" ? [] : [style.red(line("-", key, key.before))]),
      ...(key.status === "removed" ? [] : [style.green(line("+", key, key.after))]),
    ];
  });
  const count = `${equal} ${equal === keys.length ? "" : "other "}key${
    equal === 1 ? " is" : "s are"
  } equal`;
  return [
    `${style.bold("Config")}  ${style.red(`- ${before}`)}  ${style.green(`+ ${after}`)}`,
    ...lines,
    ...(all && equal < keys.length ? [] : [style.dim(`  ${count}`)]),
  ].map((text) => `${text}\n`).join("");
}

/** A value as YAML would have it, in one line. */
function valueText(value: unknown): string {
  const isPlain = typeof value === "string" && /^[a-z./_-][\w./ *-]*$/i.test(value) &&
    !/^(true|false|yes|no|on|off|null|y|n|~|-.*|\..*(inf|nan))$/i.test(value) &&
    !value.endsWith(" ");
  return isPlain ? value : JSON.stringify(value);
}

/** The share of equal positions and the first bars that differ, or why nothing can be said. */
export function signalDiffText(found: SignalDifference, options: RunDiffOptions): string {
  const { style } = options;
  const title = `${style.bold("Signal")}\n`;
  if (found.status === "unknown") return `${title}  ${printable(found.reason)}\n`;
  const summary = labelled(signalLines(found, options), style.dim).replace(/^(?=.)/gm, "  ");
  if (found.first.length === 0) return title + summary;
  const differing = found.bars - found.equal;
  const more = differing - found.first.length;
  const note = more > 0 ? style.dim(`  … and ${more} more; -n N shows more of them\n`) : "";
  return `${title}${summary}\n${barsTable(found, options)}${note}`;
}

type Line = readonly [label: string, text: string];

const ALIGNED = {
  hash: "the same bars",
  bar: "the same bars",
  time: "put side by side by their times",
} as const;

function signalLines(found: SignalComparison, { names }: RunDiffOptions): readonly Line[] {
  const { aligned, bars, alone, equal, changes } = found;
  return [
    ["bars", `${bars}, ${ALIGNED[aligned]}`],
    ...alone.flatMap((only, at): Line[] => only === 0 ? [] : [[`only ${names[at]}`, `${only}`]]),
    [
      "equal",
      bars === equal ? "all positions" : `${formatRate(equal / bars)}  (${equal} of ${bars} bars)`,
    ],
    ...changes.map(({ positions: [before, after], bars }, at): Line => [
      at === 0 ? "different" : "",
      `${before} → ${after}  ${bars} bar${bars === 1 ? "" : "s"}`,
    ]),
  ];
}

function barsTable({ aligned, first }: SignalComparison, { names, style }: RunDiffOptions): string {
  const right = (title: string): TableColumn => ({ title, align: "right" });
  const hasTimes = first.some(({ time }) => time !== null);
  const hasCloses = first.some(({ closes }) => closes[0] !== null);
  const sameCloses = first.every(({ closes: [before, after] }) => before === after);
  const columns: readonly (readonly [TableColumn, (at: number) => string])[] = [
    ...(aligned === "time"
      ? []
      : [[right("BAR"), (at: number) => `${first[at]!.bars[0]}`] as const]),
    ...(hasTimes ? [[{ title: "TIME" }, (at: number) => timeText(first[at]!.time)] as const] : []),
    ...(!hasCloses ? [] : (sameCloses ? [0] : [0, 1]).map((side) =>
      [
        right(sameCloses ? "CLOSE" : `CLOSE ${names[side]}`),
        (at: number) => first[at]!.closes[side] ?? "",
      ] as const
    )),
    ...names.map((name, side) =>
      [right(name), (at: number) => `${first[at]!.positions[side]}`] as const
    ),
  ];
  return table(
    columns.map(([column]) => column),
    first.map((_, at) => columns.map(([, text]) => text(at))),
    { paintTitle: style.bold },
  ).replace(/^(?=.)/gm, "  ");
}

function timeText(time: number | null): string {
  return time === null ? "" : isoTime(time);
}
