/**
 * Decodes Parquet files, one after the other, and says what came of each: as
 * the program's own worker does, but without a start for every file.
 *
 * @module
 */

import { parentPort } from "node:worker_threads";
import { parquetRows } from "../../../lib/bars/parquet/parquet.ts";
import { UserError } from "../../../lib/errors.ts";

/** What came of a file: how many lines it has, or how it was refused. */
export type Outcome =
  | { readonly kind: "rows"; readonly lines: number }
  | { readonly kind: "refused"; readonly code: string; readonly message: string }
  | { readonly kind: "defect"; readonly message: string };

async function outcomeOf(file: Uint8Array<ArrayBuffer>): Promise<Outcome> {
  try {
    let lines = 0;
    const { blocks } = await parquetRows(file, { path: "bars.parquet" });
    for await (const block of blocks) lines += block.filter((byte) => byte === 0x0a).length;
    return { kind: "rows", lines };
  } catch (error) {
    if (!(error instanceof UserError)) return { kind: "defect", message: String(error) };
    return { kind: "refused", code: error.code, message: error.message };
  }
}

parentPort!.on("message", (buffer: ArrayBuffer) => {
  outcomeOf(new Uint8Array(buffer)).then((outcome) => parentPort!.postMessage(outcome));
});
