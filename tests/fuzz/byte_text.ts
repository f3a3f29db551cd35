/**
 * Bytes as text of one character each, so that text can be changed by
 * whatever means and nothing is lost, be it UTF-8 or not.
 *
 * @module
 */

/** One character for each byte. */
export function textOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** The bytes again; characters beyond a byte are written as UTF-8. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  // deno-lint-ignore no-control-regex -- every byte
  if (!/[^\x00-\xff]/.test(text)) return Uint8Array.from(text, (c) => c.charCodeAt(0));
  return new TextEncoder().encode(text);
}
