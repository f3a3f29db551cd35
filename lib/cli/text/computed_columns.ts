/**
 * Columns of a list of runs that are in no table: they are computed of the runs
 * on a page and what else the registry knows, when they are asked for.
 *
 * @module
 */

import { deflatedSharpes } from "../../registry/deflated_sharpe.ts";
import type { Registry } from "../../registry/open.ts";
import type { RunRecord } from "../../record.ts";
import { formatValue } from "./format.ts";
import type { RunColumn } from "./run_columns.ts";

/**
 * The column of a name that is computed.
 *
 * @throws {UserError} if the registry cannot be read
 */
export async function computedColumn(
  name: ComputedName,
  { registry, runs }: { readonly registry: Registry; readonly runs: readonly RunRecord[] },
): Promise<RunColumn> {
  return await COMPUTED[name](registry, runs);
}

/** The names of columns that are computed. */
export type ComputedName = "deflated_sharpe";

type Compute = (registry: Registry, runs: readonly RunRecord[]) => Promise<RunColumn>;

const COMPUTED: Readonly<Record<ComputedName, Compute>> = {
  async deflated_sharpe(registry, runs) {
    const found = await deflatedSharpes(registry, runs);
    const value = ({ id }: RunRecord): number | null => found.get(id)?.value ?? null;
    return {
      name: "deflated_sharpe",
      title: "deflated_sharpe",
      align: "right",
      isComputed: true,
      value,
      cell: (run) => ({ text: formatValue(value(run)) }),
    };
  },
};
