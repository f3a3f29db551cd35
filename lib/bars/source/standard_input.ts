/**
 * Data from standard input, read like a file; loaded where it is asked for.
 *
 * @module
 */

import { UserError } from "../../errors.ts";
import type { Input } from "../../host.ts";

/** Standard input as blocks are filled from it. */
export interface OpenInput extends Pick<Input, "read"> {
  /** Bytes that were read so far. */
  readonly bytesRead: number;
}

/**
 * Begins to read standard input. Whoever writes to it may take any time, so
 * that an abort ends the waiting.
 *
 * @throws {UserError} if it is a terminal
 */
export function openStandardInput(
  stdin: Input | undefined,
  { abort }: { readonly abort?: AbortSignal },
): OpenInput {
  if (stdin === undefined) throw new TypeError("Cannot read standard input: none was passed in");
  if (stdin.isTerminal) {
    throw new UserError("Cannot read data from standard input: it is a terminal", {
      code: "data_unreadable",
      hint: "Pipe the data into it, as in: zcat bars.csv.gz | …, or name a file in place of -.",
    });
  }
  let bytesRead = 0;
  return {
    async read(buffer) {
      const read = await untilAborted(stdin.read(buffer), abort);
      bytesRead += read ?? 0;
      return read;
    },
    get bytesRead() {
      return bytesRead;
    },
  };
}

function untilAborted<T>(work: Promise<T>, abort: AbortSignal | undefined): Promise<T> {
  if (abort === undefined) return work;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(abort.reason);
    if (abort.aborted) stop();
    abort.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => abort.removeEventListener("abort", stop));
  });
}

/**
 * Standard input for several readings, each from its beginning. What was read
 * is held in memory.
 */
export function rereadable(stdin: Input): () => Input {
  const pieces: Uint8Array[] = [];
  let ended = false;
  const pull = async (): Promise<void> => {
    const buffer = new Uint8Array(1 << 16);
    const read = await stdin.read(buffer);
    if (read === null) ended = true;
    else pieces.push(buffer.slice(0, read));
  };
  return () => {
    let piece = 0;
    let from = 0;
    return {
      isTerminal: stdin.isTerminal,
      async read(buffer) {
        while (piece === pieces.length || from === pieces[piece]!.length) {
          if (piece < pieces.length) {
            piece++;
            from = 0;
          } else if (ended) return null;
          else await pull();
        }
        const taken = pieces[piece]!.subarray(from, from + buffer.length);
        buffer.set(taken);
        from += taken.length;
        return taken.length;
      },
    };
  };
}
