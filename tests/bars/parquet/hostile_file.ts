/**
 * Parquet files that are damaged on purpose.
 *
 * @module
 */

import { parquetWriteBuffer } from "hyparquet-writer";

/** Five closes as differences. */
function written(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(parquetWriteBuffer({
    columnData: [{
      name: "close",
      data: [5n, 6n, 8n, 9n, 11n],
      type: "INT64",
      encoding: "DELTA_BINARY_PACKED",
    }],
    codec: "UNCOMPRESSED",
  }));
}

/** A file whose one page is decoded without end: its header ends early, and its blocks are empty. */
export function endlessParquet(): Uint8Array<ArrayBuffer> {
  const file = written();
  file[21] = 0;
  return file;
}
