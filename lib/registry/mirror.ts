/**
 * What recording a run leaves in a registry, found out by recording it in one
 * that is kept in memory. So no table and no column can be forgotten.
 *
 * @module
 */

import { sql } from "drizzle-orm";
import { openMemoryRegistry, type Registry } from "./open.ts";
import { runById } from "./queries.ts";
import { type RawRows, rawRows, type RunTable, runTables } from "./raw_rows.ts";
import type { RunRecord } from "../record.ts";
import { commitRun, type StorableRun } from "./store.ts";

/** A run as a registry has it. */
export interface Mirrored {
  /** All its rows. */
  readonly rows: RawRows;
  /** The run that is read from them. */
  readonly run: RunRecord;
}

/** A registry in memory, for one run at a time. */
export class Mirror {
  /** The registry, without a run. */
  readonly registry: Registry;
  /** Its tables. */
  readonly tables: readonly RunTable[];
  // A repair looks at a run several times.
  #last: { readonly json: string; readonly mirrored: Mirrored } | undefined;

  private constructor(registry: Registry, tables: readonly RunTable[]) {
    this.registry = registry;
    this.tables = tables;
  }

  /** Opens one. */
  static async open(): Promise<Mirror> {
    const registry = await openMemoryRegistry();
    return new Mirror(registry, await runTables(registry));
  }

  /**
   * What a registry holds once this run is recorded.
   *
   * @throws if what is given is no run
   */
  async of(run: StorableRun): Promise<Mirrored> {
    const json = JSON.stringify(run);
    if (this.#last?.json === json) return this.#last.mirrored;
    try {
      await commitRun(this.registry, run);
      const rows = await rawRows(this.registry, { id: run.id, tables: this.tables });
      const mirrored = { rows, run: (await runById(this.registry, run.id))! };
      this.#last = { json, mirrored };
      return mirrored;
    } finally {
      await this.registry.database.run(sql`DELETE FROM runs`);
    }
  }

  /** Lets go of the memory. */
  close(): void {
    this.registry.close();
  }
}
