/**
 * Text from outside, as it can be stored: libsql cuts text off at a NUL, so
 * that is kept as U+FFFF, no character at all. Half a surrogate pair becomes U+FFFD.
 *
 * @module
 */

/** Text as it is stored. */
export function storedText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\uffff");
}

/** Text as it was before it was stored. */
export function originalText(stored: string): string {
  return stored.replaceAll("\uffff", "\0");
}
