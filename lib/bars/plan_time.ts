/**
 * Which column is the time of the bars: the one that the config names, or a
 * title, or all rows. Pure.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import { quote } from "../quote.ts";
import {
  bareName,
  columnName,
  columnOption,
  type ColumnRequest,
  knownRole,
  locate,
  missingColumn,
  named,
} from "./header.ts";
import type { UnderstoodColumn } from "./quality/understood.ts";
import type { ColumnFacts, Survey } from "./survey/survey.ts";
import { findTime, type TimeCandidate } from "./survey/time_rule.ts";
import { isoTime } from "./time/iso_time.ts";

/** The time, and what told it. */
export interface TimePlan {
  /** Index of the field that holds the time, or its date; null if there is none. */
  readonly time: number | null;
  /** Where the time of day stands, if it is apart from the date, and how it is written. */
  readonly clock: TimeCandidate["clock"];
  /** What told it. */
  readonly told: Omit<UnderstoodColumn, "title">;
}

/** Titles of a column that may have the date alone. */
const DATE_TITLES = /^(trade_?|trading ?)?(date|day|datum|fecha|data|日期|день|дата)$/i;

/** Titles of a column that may have the time of day alone. */
const CLOCK_TITLES =
  /^(time|clock|hour|time ?_?of ?_?day|bar ?time|uhrzeit|zeit|heure|hora|ora|时间|время)$/i;

const NONE: TimePlan = { time: null, clock: null, told: { by: "config", why: null } };

/** Whether titles and the first row leave it to all rows which column is the time. */
export function needsSurvey(
  { header, known, hasHeader }: {
    readonly header: readonly string[];
    readonly hasHeader: boolean;
    readonly known?: { readonly firstRow: readonly string[] } | undefined;
  },
  request: ColumnRequest,
): boolean {
  const { wanted, overrides } = request;
  const { time } = overrides;
  if (!hasHeader && wanted.some((name) => overrides[name] === undefined)) return true;
  if (time !== undefined) {
    return time.toLowerCase() !== "none" && twoNames(header, time, request) !== null;
  }
  if (locate(header, "time", request) === null) return true;
  return apart(header).length > 1 ||
    (known?.firstRow.some((cell) => /^\d{1,2}:\d{2}(:\d{2})?$/.test(cell)) ?? false);
}

/**
 * Finds the time.
 *
 * @throws {UserError} if it cannot be told which column it is
 */
export function planTime(header: readonly string[], request: ColumnRequest): TimePlan {
  const { overrides, path, survey } = request;
  if (overrides.time?.toLowerCase() === "none") return NONE;
  if (overrides.time !== undefined) return namedTime(header, overrides.time, request);
  const titled = locate(header, "time", request);
  if (survey === undefined) {
    if (titled === null) throw noTime(header, path);
    return { time: titled, clock: null, told: { by: "title", why: null } };
  }
  if (titled !== null) return titledTime(header, { titled, survey });
  const free = header.flatMap((title, field) => knownRole(title) === null ? [field] : []);
  const finding = findTime(survey, free);
  if (finding.kind === "none") throw noTime(header, path);
  if (finding.kind === "several") {
    throw severalTimes(header, { candidates: finding.candidates, survey, path });
  }
  return { ...finding.found, told: { by: "rows", why: finding.why } };
}

/** The time under a known title, with the time of day beside it, if all rows have one there. */
function titledTime(
  header: readonly string[],
  { titled, survey: { columns } }: { readonly titled: number; readonly survey: Survey },
): TimePlan {
  const alone: TimePlan = { time: titled, clock: null, told: { by: "title", why: null } };
  const titledApart = apart(header);
  // Of a date and a time of day either may be the one with the better known title.
  const isClock = columns[titled]!.clock !== null && columns[titled]!.times === null;
  const dates = (isClock ? titledApart : [titled]).filter((field) =>
    columns[field]!.times?.areDates
  );
  const clocks = columns.filter(({ field, clock }) =>
    clock !== null && !dates.includes(field) && (!clock.isConstant || titledApart.includes(field))
  );
  if (dates.length !== 1 || clocks.length !== 1) return alone;
  const [{ field, clock }] = clocks as [ColumnFacts];
  return {
    time: dates[0]!,
    clock: { field, form: clock!.form },
    told: { by: "title", why: "a date and a time of day" },
  };
}

function namedTime(header: readonly string[], name: string, request: ColumnRequest): TimePlan {
  const { path, survey } = request;
  const told = { by: "config", why: null } as const;
  const two = twoNames(header, name, request);
  if (two === null) {
    const time = named(header, name, { column: "time", path });
    if (time === null) throw missingColumn(header, { column: "time", name, path });
    return { time, clock: null, told };
  }
  const form = survey?.columns[two.clock]?.clock?.form ?? null;
  if (form === null) {
    const title = columnName(header, two.clock);
    throw new UserError(
      `Cannot read the times of ${path}: the cells of ${quote(title)} are not all times of day`,
      {
        code: "data_invalid",
        hint: `Name the column of the times alone: ${
          columnOption(header, { column: "time", field: two.date })
        }`,
      },
    );
  }
  return { time: two.date, clock: { field: two.clock, form }, told };
}

/** The two columns that `Date + Time` names; null if it is one name. */
function twoNames(
  header: readonly string[],
  name: string,
  { path }: Pick<ColumnRequest, "path">,
): { readonly date: number; readonly clock: number } | null {
  if (header.some((title) => bareName(title) === bareName(name))) return null;
  const parts = name.split("+");
  if (parts.length !== 2) return null;
  const [date, clock] = parts.map((part) => named(header, part, { column: "time", path }));
  return date == null || clock == null ? null : { date, clock };
}

/** The fields whose titles may mean a date or a time of day alone. */
function apart(header: readonly string[]): readonly number[] {
  return header.flatMap((title, field) =>
    DATE_TITLES.test(bareName(title)) || CLOCK_TITLES.test(bareName(title)) ? [field] : []
  );
}

/** How many columns are listed. */
const SHOWN = 8;

function severalTimes(
  header: readonly string[],
  { candidates, survey, path }: {
    readonly candidates: readonly TimeCandidate[];
    readonly survey: Survey;
    readonly path: string;
  },
): UserError {
  const shown = candidates.slice(0, SHOWN).map(({ time, clock }) => {
    const name = quote(columnName(header, time), 40);
    if (clock !== null) return `${name} with ${quote(columnName(header, clock.field), 40)}`;
    const { ms } = survey.columns[time]!.times!;
    return `${name} (${isoTime(ms[0]!)} to ${isoTime(ms.at(-1)!)})`;
  });
  const options = candidates.slice(0, SHOWN).map(({ time, clock }) =>
    clock === null
      ? columnOption(header, { column: "time", field: time })
      : `--set ${
        JSON.stringify(
          `columns.time=${columnName(header, time)} + ${columnName(header, clock.field)}`,
        )
      }`
  );
  return new UserError(
    `Cannot tell which column of ${path} is the time of its bars: ${shown.join(", ")}`,
    { code: "data_invalid", hint: `Name it: ${options.join(" or ")}` },
  );
}

function noTime(header: readonly string[], path: string): UserError {
  const shown = header.slice(0, 20).map((title) => quote(title, 40)).join(", ");
  return new UserError(
    `Cannot find the times of ${path}: no column has a title for them, and in none are all ` +
      `cells times in one direction; it has ${shown}`,
    {
      code: "data_column_missing",
      hint: "If one of them has the times, name it: --set columns.time=NAME. If the rows are in " +
        "order, the oldest first: --set columns.time=none",
    },
  );
}
