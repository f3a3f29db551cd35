/**
 * Conditions joined by AND or OR. SQLite limits how deep an expression may be
 * nested, and to its parser a list of conditions is as deep as it is long.
 *
 * @module
 */

import { type SQL, sql } from "drizzle-orm";

/** A condition, and how much room it takes on the stack of SQLite's parser. */
export interface Nested {
  /** The condition. */
  readonly condition: SQL;
  /** The symbols on the stack, beyond those of a simple condition. */
  readonly depth: number;
}

/** The depth up to which there is room: 100 symbols in all, some of them for what is around. */
export const MAX_SQL_DEPTH = 60;

/** How conditions are joined. */
export type Junction = "AND" | "OR";

/**
 * All or any of the conditions, in an order of their own: the deepest comes
 * first and is nested least, like the rarest letter of a Huffman code.
 */
export function joined(parts: readonly Nested[], junction: Junction): Nested {
  const singles = parts.toSorted((a, b) => a.depth - b.depth);
  const pairs: Nested[] = [];
  let [single, pair] = [0, 0];
  const takeLeast = (): Nested => {
    const isPair = pair < pairs.length &&
      (single === singles.length || pairs[pair]!.depth < singles[single]!.depth);
    return isPair ? pairs[pair++]! : singles[single++]!;
  };
  for (let count = parts.length; count > 1; count--) {
    const [second, first] = [takeLeast(), takeLeast()];
    pairs.push({
      condition: sql`(${first.condition}${SIGNS[junction]}${second.condition})`,
      // In front of the second one are a parenthesis, the first one and the word.
      depth: Math.max(first.depth + 1, second.depth + 3),
    });
  }
  return takeLeast();
}

const SIGNS: Readonly<Record<Junction, SQL>> = { AND: sql` AND `, OR: sql` OR ` };
