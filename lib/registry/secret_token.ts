/**
 * The token of a server. Whatever prints it, by mistake or for debugging,
 * prints `[token]`.
 *
 * @module
 */

import { usageError } from "../errors.ts";

/** What a server asks for before it answers. */
export class SecretToken {
  readonly #text: string;

  /**
   * A token without the blanks around it.
   *
   * @throws {UserError} if it has characters that no header can hold
   */
  constructor(text: string) {
    this.#text = text.trim();
    if (!/^[\x21-\x7e]+$/.test(this.#text)) {
      throw usageError(
        "Cannot use the token in SIGRUN_REGISTRY_TOKEN: it has characters that no token has",
        "A token is one word of ASCII letters, digits and signs. Is there a line break in it?",
      );
    }
  }

  /** The token, for the request's header and nothing else. */
  reveal(): string {
    return this.#text;
  }

  /** Not the token. */
  toString(): string {
    return "[token]";
  }

  /** Not the token. */
  toJSON(): string {
    return "[token]";
  }
}
