/**
 * The loops of the evaluation. They run in a process that has just begun, some
 * million times, and are not to wait for a compiler to notice them.
 *
 * This is AssemblyScript, a TypeScript that compiles to WebAssembly; `deno task
 * wasm` makes `loops.wasm` of it.
 */

export * from "./ledger";
export { DRAWN, FOUND, MOST_DRAWN, countAll, countDrawn, prepareDrawn, prepareShifts } from "./shifts";
export { ESTIMATES, drawSamples, prepareBlocks, samplesAt, seed } from "./blocks";
export { PRICES, reserve } from "./track";
