/**
 * The answer of a server, which may be anything: it is read within limits on
 * its size and on the number of its values.
 *
 * @module
 */

/** More than any libsql server answers at once: sqld's limit is 10 MB, before JSON and base64. */
const MOST_BYTES = 16 << 20;

/** The most objects and lists in an answer; each takes many times the bytes that it has in JSON. */
const MOST_VALUES = 1_000_000;

/** An answer that is larger than any that is asked for. */
export class AnswerTooLarge extends Error {
  /** As sqld calls it; what was asked is then asked in pieces. */
  readonly code: string = "RESPONSE_TOO_LARGE";

  /** Of a server that is not to be told more. */
  constructor() {
    super(`its answer is larger than ${MOST_BYTES >> 20} MiB, or has too many values`);
  }
}

/**
 * The text of a response.
 *
 * @throws {AnswerTooLarge} once it is beyond the limits, of which no more is read
 */
export async function answerText(response: Response): Promise<string> {
  const declared = Number(response.headers.get("content-length") ?? 0);
  if (declared > MOST_BYTES) {
    await response.body?.cancel();
    throw new AnswerTooLarge();
  }
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let [bytes, values] = [0, 0];
  for await (const piece of response.body ?? []) {
    bytes += piece.length;
    for (const byte of piece) if (byte === OBJECT || byte === LIST) values++;
    // To leave the loop lets go of the connection.
    if (bytes > MOST_BYTES || values > MOST_VALUES) throw new AnswerTooLarge();
    pieces.push(piece);
  }
  return await new Blob(pieces).text();
}

const OBJECT = "{".charCodeAt(0);
const LIST = "[".charCodeAt(0);
