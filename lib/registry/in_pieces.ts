/**
 * Long lists, asked of a server in pieces: there is a limit to what it
 * answers, some ten megabytes. A file answers at once.
 *
 * @module
 */

import type { Registry } from "./open.ts";

/**
 * What is asked about many ids, piece by piece where the registry is on a
 * server; an answer that is too large is asked for in halves.
 *
 * @param registry what is asked
 * @param ids about what
 * @param options `size`: how many at a time; `ask`: asks about some of them
 */
export async function inPieces<T>(
  { location }: Pick<Registry, "location">,
  ids: readonly string[],
  { size, ask }: {
    readonly size: number;
    readonly ask: (ids: readonly string[]) => Promise<readonly T[]>;
  },
): Promise<readonly T[]> {
  if (location.kind === "local") return await ask(ids);
  const found: T[] = [];
  for (let from = 0; from < ids.length; from += size) {
    for (const one of await inHalves(ids.slice(from, from + size), ask)) found.push(one);
  }
  return found;
}

async function inHalves<T>(
  ids: readonly string[],
  ask: (ids: readonly string[]) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  try {
    return await ask(ids);
  } catch (error) {
    if (ids.length < 2 || !isTooLarge(error)) throw error;
    const middle = ids.length >> 1;
    return [
      ...await inHalves(ids.slice(0, middle), ask),
      ...await inHalves(ids.slice(middle), ask),
    ];
  }
}

function isTooLarge(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ((at as { readonly code?: unknown }).code === "RESPONSE_TOO_LARGE") return true;
  }
  return false;
}
