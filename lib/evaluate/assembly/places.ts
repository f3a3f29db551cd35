/**
 * Where things stand in memory, so that no two stand in one place. Deno reads no
 * types of a module that exports a number in whose LEB128 form there is a byte 11.
 */

/** What was found by resampling, and shifts to look at; see `shifts.ts` and `blocks.ts`. */
export const RESAMPLING: usize = 64;
/** A piece of a track and what is summed up of it; see `ledger.ts`. */
export const LEDGER: usize = RESAMPLING + 64 + 4 * 512;
/** What grows with the bars that are resampled; see `track.ts`. */
export const GROWING: usize = (LEDGER + 8 * 32 + 9 * ((1 << 16) + 64) + 63) & ~63;
