/**
 * The loops of the evaluation. They run in a process that has just begun, some
 * million times, and are not to wait for a compiler to notice them.
 *
 * This is AssemblyScript, a TypeScript that compiles to WebAssembly; `deno task
 * wasm` makes `loops.wasm` of it.
 */

export * from "./ledger";
export * from "./resampling";
