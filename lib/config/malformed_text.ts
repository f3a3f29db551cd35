/**
 * Text that is not Unicode: half of a surrogate pair, as an escape such as
 * `"\uD800"` makes it. It can be neither hashed nor stored.
 *
 * @module
 */

/** A place in a config whose key or value is not well-formed. */
export interface MalformedText {
  /** The keys on the way to it. */
  readonly path: readonly string[];
  /** The value; undefined if it is the key that is not well-formed. */
  readonly value: string | undefined;
}

/** All such places in the values of a config, however deep they are. */
export function malformedText(
  values: object,
  around: readonly string[] = [],
): readonly MalformedText[] {
  return Object.entries(values).flatMap(([key, value]: [string, unknown]) => {
    const path = [...around, key];
    if (!key.isWellFormed()) return [{ path, value: undefined }];
    if (typeof value === "string") return value.isWellFormed() ? [] : [{ path, value }];
    return typeof value === "object" && value !== null ? malformedText(value, path) : [];
  });
}
