/**
 * Texts as cells of CSV, in bytes. Pure.
 *
 * @module
 */

const COMMA = 0x2c;
const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;

/** Two cells with a comma between them, in quotes where they would read as something else without. */
export function csvLine(first: Uint8Array, second: Uint8Array): Uint8Array {
  const line = new Uint8Array(2 * (first.length + second.length) + 5);
  let at = writeCell(line, 0, first);
  line[at++] = COMMA;
  at = writeCell(line, at, second);
  return line.subarray(0, at);
}

function writeCell(line: Uint8Array, start: number, cell: Uint8Array): number {
  let at = start;
  if (!cell.some(needsQuotes)) {
    line.set(cell, at);
    return at + cell.length;
  }
  line[at++] = QUOTE;
  for (const byte of cell) {
    if (byte === QUOTE) line[at++] = QUOTE;
    line[at++] = byte;
  }
  line[at++] = QUOTE;
  return at;
}

function needsQuotes(byte: number): boolean {
  return byte === COMMA || byte === QUOTE || byte === LF || byte === CR;
}
