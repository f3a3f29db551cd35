/**
 * Which field of a row is which column: from the titles, and from all rows
 * where these do not say it. Pure.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import type { ColumnName } from "../experiment.ts";
import { type ColumnRequest, locate, missingColumn } from "./header.ts";
import { severalHidden, type SymbolColumn, symbolColumns } from "./instruments.ts";
import { planPrices } from "./plan_prices.ts";
import { planTime, type TimePlan } from "./plan_time.ts";
import { hiddenInstruments } from "./survey/instrument_rule.ts";
import type { PriceFields } from "./survey/layout_rule.ts";
import type { Understood } from "./quality/understood.ts";

/** Where the wanted columns are. */
export interface ColumnPlan extends Pick<TimePlan, "time" | "clock"> {
  /** The columns that identify an instrument. */
  readonly symbols: readonly SymbolColumn[];
  /** Index of the field of each wanted column, in the order in which they were asked for. */
  readonly fields: readonly { readonly name: ColumnName; readonly field: number }[];
  /** Index of the field of each column that is read for checks alone. */
  readonly checks: readonly { readonly name: ColumnName; readonly field: number }[];
  /** The prices that the first rows tell, of a file without titles; the others have to agree. */
  readonly prices: PriceFields | null;
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
  const { wanted, optional = [], overrides, survey, hasTitles = true, path } = request;
  const { time, clock, told } = planTime(header, request);
  const isUntold = !hasTitles && wanted.some((name) => overrides[name] === undefined);
  const told4 = isUntold && survey !== undefined ? planPrices(survey, { time, path }) : null;
  const byRows: Partial<Record<ColumnName, number | null>> = told4 === null
    ? {}
    : { ...told4.prices, volume: told4.volume };
  const fields = [...wanted, ...optional].flatMap((name) => {
    const field = locate(header, name, request) ?? byRows[name] ?? null;
    if (field !== null) return [{ name, field }];
    if (optional.includes(name)) return [];
    throw missingColumn(header, { column: name, name, path });
  });
  const checks = (request.checks ?? []).flatMap((name) => {
    const field = fields.some((known) => known.name === name)
      ? null
      : checkField(header, name, request);
    return field === null ? [] : [{ name, field }];
  });
  const close = fields.find(({ name }) => name === "close")?.field ?? null;
  const closeTold = overrides.close !== undefined
    ? { by: "config" as const, why: null }
    : hasTitles
    ? { by: "title" as const, why: null }
    : { by: "rows" as const, why: told4?.why ?? null };
  const understood = {
    close: close === null ? null : { title: header[close]!, ...closeTold },
    time: time === null ? null : { title: header[time]!, ...told },
    timeOfDay: clock === null ? null : { title: header[clock.field]!, ...told },
    symbol: null,
  };
  const symbols = symbolColumns(header, request);
  if (
    survey !== undefined && time !== null && symbols.length === 0 && overrides.symbol === undefined
  ) {
    const known = [...fields, ...checks].map(({ field }) => field);
    const hidden = hiddenInstruments(survey, { time, known });
    if (hidden !== null) throw severalHidden(header, { hidden, path });
  }
  return {
    time,
    clock,
    symbols,
    fields,
    checks,
    prices: told4?.prices ?? null,
    understood,
  };
}

/** The field of a column that is read for checks; null also where its title is not the only one. */
function checkField(
  header: readonly string[],
  name: ColumnName,
  request: ColumnRequest,
): number | null {
  try {
    return locate(header, name, request);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}
