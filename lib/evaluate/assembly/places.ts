/** Where things stand in memory, so that no two stand in one place. */

/** Sums of a sample, and the lengths of blocks; see `resampling.ts`. */
export const RESAMPLING: usize = 64;
/** A piece of a track and what is summed up of it; see `ledger.ts`. */
export const LEDGER: usize = RESAMPLING + 64 + 4 * 512 + 8 * (1 << 16);
/** What grows with the bars that are resampled. */
export const GROWING: usize = (LEDGER + 8 * 32 + 9 * ((1 << 16) + 64) + 63) & ~63;
