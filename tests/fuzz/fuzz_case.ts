/**
 * The input of a case: made from a seed, the case's number and the samples,
 * and from nothing else.
 *
 * @module
 */

import { bytesOf, textOf } from "./byte_text.ts";
import { fileOf, type Sample } from "./corpus.ts";
import { MUTATIONS } from "./mutations.ts";
import { packed, PACKINGS } from "./packing.ts";
import { Random } from "./random.ts";

/** What is read in a case. */
export interface FuzzCase {
  /** Its number, from 0. */
  readonly number: number;
  /** The file. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** How it was made, step by step. */
  readonly steps: readonly string[];
  /** The sample that it is, if nothing was changed. */
  readonly sample: Sample | null;
}

/** Where cases come from. */
export interface CaseSource {
  readonly seed: number;
  readonly samples: readonly Sample[];
}

/** The case of that number. The first ones are the samples as they are. */
export function fuzzCase({ seed, samples }: CaseSource, number: number): FuzzCase {
  const first = samples[number];
  if (first !== undefined) {
    return { number, bytes: fileOf(first), steps: [first.name], sample: first };
  }
  const random = new Random(seed, number);
  const sample = random.pick(samples);
  const steps = [sample.name];
  if (sample.packing === null) {
    const bytes = flipped(sample.content, { random, steps });
    return { number, bytes, steps, sample: null };
  }
  const texts = samples.filter(({ packing }) => packing !== null);
  let text = textOf(sample.content);
  for (let left = random.pick([1, 1, 1, 2, 2, 3, 5]); left > 0; left--) {
    const { name, apply } = random.pick(MUTATIONS);
    text = apply(text, random, textOf(random.pick(texts).content));
    steps.push(name);
  }
  const packing = random.once(6) ? random.pick(PACKINGS) : sample.packing;
  let bytes = packed(bytesOf(text), packing);
  if (packing !== sample.packing) steps.push(packing);
  if (packing !== "plain" && packing !== "bom" && random.once(3)) {
    bytes = flipped(bytes, { random, steps });
  }
  return { number, bytes, steps, sample: null };
}

/** Some bytes of a file changed, or its end cut off. */
function flipped(
  bytes: Uint8Array<ArrayBuffer>,
  { random, steps }: { readonly random: Random; readonly steps: string[] },
): Uint8Array<ArrayBuffer> {
  const changed = bytes.slice();
  if (bytes.length === 0) return changed;
  if (random.once(6)) {
    const length = random.int(0, bytes.length);
    steps.push(`cut to ${length} bytes`);
    return changed.slice(0, length);
  }
  for (let left = random.int(1, 3); left > 0; left--) {
    const at = random.int(0, bytes.length - 1);
    changed[at] = random.int(0, 255);
    steps.push(`byte ${at} is ${changed[at]}`);
  }
  return changed;
}
