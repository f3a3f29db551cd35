/**
 * The hashes that say whether two runs came out the same: of the signal, of
 * the result, and of all that went in.
 *
 * @module
 */

import canonicalize from "canonicalize";
import { sha256 } from "./sha256.ts";

/** SHA-256 of the positions, as `sha256:…`. */
export function signalHash(positions: Int8Array): Promise<string> {
  return sha256(new Uint8Array(positions.buffer, positions.byteOffset, positions.byteLength));
}

/** SHA-256 over the canonical JSON of metrics and signal hash, as `sha256:…`. */
export function resultHash(
  metrics: Readonly<Record<string, number>>,
  signal: string,
): Promise<string> {
  return sha256(canonicalize({ metrics, signal })!);
}

/** SHA-256 over the hashes of all inputs: equal inputs must give equal results. */
export function fingerprint(
  inputs: { readonly config: string; readonly data: string; readonly code: string },
): Promise<string> {
  return sha256(canonicalize(inputs)!);
}
