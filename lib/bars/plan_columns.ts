/**
 * Which field of a row is which column: from the titles, and from all rows
 * where these do not say it. Pure.
 *
 * @module
 */

import type { ColumnName } from "../experiment.ts";
import { type ColumnRequest, locate, missingColumn } from "./header.ts";
import { planTime, type TimePlan } from "./plan_time.ts";
import type { Understood } from "./quality/understood.ts";

/** Where the wanted columns are. */
export interface ColumnPlan extends Pick<TimePlan, "time" | "clock"> {
  /** Index of the field of each wanted column, in the order in which they were asked for. */
  readonly fields: readonly { readonly name: ColumnName; readonly field: number }[];
  /** The same in words, and what told it. */
  readonly understood: Understood;
}

/**
 * Finds each wanted column by its name, in any case and order, and the time by
 * all rows where no title says which it is.
 *
 * @throws {UserError} if one is missing or there twice; it says which columns
 * there are and which is nearest
 */
export function planColumns(header: readonly string[], request: ColumnRequest): ColumnPlan {
  const { wanted, optional = [], overrides } = request;
  const fields = [...wanted, ...optional].flatMap((name) => {
    const field = locate(header, name, request);
    if (field !== null) return [{ name, field }];
    if (optional.includes(name)) return [];
    throw missingColumn(header, { column: name, name, path: request.path });
  });
  const { time, clock, told } = planTime(header, request);
  const close = fields.find(({ name }) => name === "close")?.field ?? null;
  const understood = {
    close: close === null ? null : {
      title: header[close]!,
      by: overrides.close === undefined ? "title" as const : "config" as const,
      why: null,
    },
    time: time === null ? null : { title: header[time]!, ...told },
    timeOfDay: clock === null ? null : { title: header[clock.field]!, ...told },
    symbol: null,
  };
  return { time, clock, fields, understood };
}
