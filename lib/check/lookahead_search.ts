/**
 * A search for look-ahead bias: the signal of all bars, the same signal of
 * other bars, and where the two differ. Pure.
 *
 * @module
 */

import { EXIT_NOT_PROVED, UserError } from "../errors.ts";
import type { Bars, Signal } from "../experiment.ts";
import type { NoisyBars } from "./noise.ts";
import { columnsOf, sliceBars, type Source, watchedBars } from "./partial_bars.ts";

/** Signal computations, at most, to tell through which columns the future leaks. */
const ATTRIBUTION_COMPUTATIONS = 6;

/** The tests, in the order in which they are made. */
export const LOOKAHEAD_TESTS = ["truncation", "perturbation"] as const;

/** One of {@linkcode LOOKAHEAD_TESTS}. */
export type LookaheadTest = typeof LOOKAHEAD_TESTS[number];

/** A signal that can be computed again, on other bars. */
export interface ProofSubject {
  /** Name of the experiment. */
  readonly experiment: string;
  /** The bars. */
  readonly bars: Bars;
  /** Computes the signal; it throws where the experiment does. */
  readonly compute: (bars: Bars) => Signal;
}

/** Cuts at which the experiment failed, so that nothing could be compared. */
export interface UncomparedCuts {
  /** The test. */
  readonly test: LookaheadTest;
  /** How many cuts. */
  readonly cuts: number;
  /** The first of them: how many bars were kept. */
  readonly firstCut: number;
  /** The experiment's message there. */
  readonly message: string;
}

/** A cut, and which noise follows it. */
interface NoiseAt {
  readonly cut: number;
  readonly draw: number;
}

/** The noise that was there when all columns were replaced. */
function same(cuts: readonly number[]): readonly NoiseAt[] {
  return cuts.map((cut) => ({ cut, draw: 0 }));
}

/** A search under way: the signal of all bars, and what was found against it. */
export class Search {
  /** The signal of all bars. */
  readonly full: Signal;
  /** 1 for each bar that was found to depend on later ones. */
  readonly biased: Uint8Array;
  /** Cuts at which the experiment failed, by test. */
  readonly uncompared: Map<LookaheadTest, UncomparedCuts> = new Map();
  /** Leading bars that were compared at one cut or more. */
  barsChecked = 0;
  /** Computations so far, each by its share of all bars. */
  computations = 0;
  readonly #subject: ProofSubject;
  /** Biased bars found at each cut, by test. */
  readonly #found: Readonly<Record<LookaheadTest, Map<number, number>>> = {
    truncation: new Map(),
    perturbation: new Map(),
  };

  /** Computes the signal of all bars, noting in `read` what the experiment looks at. */
  constructor(subject: ProofSubject, read: Set<Source>) {
    this.#subject = subject;
    this.full = this.#compute(watchedBars(this.#allBars(), read));
    this.biased = new Uint8Array(this.full.positions.length);
  }

  /** Compares the signal of other bars with the whole one before the cut. */
  test(test: LookaheadTest, cut: number, bars: Bars): void {
    let signal: Signal;
    try {
      signal = this.#compute(bars);
    } catch (error) {
      this.#note(test, cut, error);
      return;
    }
    // On bars that end within the warm-up, how much of them is warm-up can mean anything.
    const comparesWarmup = test === "perturbation" || cut > this.full.warmup;
    const mark = (t: number): void => void (this.biased[t] = 1);
    const found = this.#differences(signal, { cut, comparesWarmup, mark });
    this.#found[test].set(cut, found);
    this.barsChecked = Math.max(this.barsChecked, cut);
  }

  /** Whether any test found bias. */
  get isBiased(): boolean {
    return this.tally("truncation").biased + this.tally("perturbation").biased > 0;
  }

  /** At how many cuts a test could be made, and at how many it found bias. */
  tally(test: LookaheadTest): { readonly compared: number; readonly biased: number } {
    return { compared: this.#found[test].size, biased: this.#biasedCuts(test).length };
  }

  /**
   * Computes the signal of all bars again: one that differs by itself is not
   * biased, it is something else.
   *
   * @throws {UserError} if it differs
   */
  confirm(): void {
    const again = this.#compute(this.#allBars());
    const { length } = again.positions;
    if (this.#differences(again, { cut: length, comparesWarmup: true }) === 0) return;
    throw new UserError(
      `Cannot check experiment ${this.#subject.experiment} for look-ahead: ` +
        "it gives another signal for the same bars",
      {
        code: "not_reproduced",
        exitCode: EXIT_NOT_PROVED,
        hint: "It depends on something besides its bars, parameters and seed: a clock, " +
          "Math.random, a file, or what an earlier call left behind.",
      },
    );
  }

  /** Through which of the sources that the experiment reads the future leaks. */
  async leaks(
    read: ReadonlySet<Source>,
    { noisy, pause }: {
      readonly noisy: NoisyBars;
      readonly pause?: (() => Promise<void>) | undefined;
    },
  ): Promise<readonly Source[]> {
    if (!this.isBiased) return [];
    const byValue = this.#biasedCuts("perturbation");
    const columns = [...read].filter((source) => source !== "time");
    const leaks = new Set<Source>();
    // All columns at once leaked, and there is no other.
    if (byValue.length > 0 && columns.length === 1) leaks.add(columns[0]!);
    let left = ATTRIBUTION_COMPUTATIONS;
    for (const { cut, draw } of byValue.length > 0 ? same(byValue) : this.#otherNoise()) {
      for (const source of read) {
        if (leaks.has(source) || left-- <= 0) continue;
        await pause?.();
        if (this.#leaksAt(cut, noisy(cut, new Set([source]), draw))) leaks.add(source);
      }
    }
    return [...columnsOf(this.#subject.bars), "time" as const].filter((name) => leaks.has(name));
  }

  /**
   * Noise to try where none has shown anything: other noise, at the last bar
   * and at the cuts that truncation found.
   */
  #otherNoise(): readonly NoiseAt[] {
    const last = this.full.positions.length - 1;
    const cuts = this.#biasedCuts("truncation");
    return Array.from(
      { length: ATTRIBUTION_COMPUTATIONS },
      (_, at) => ({ cut: at % 2 === 0 ? last : cuts[(at >> 1) % cuts.length]!, draw: at + 1 }),
    );
  }

  #leaksAt(cut: number, bars: Bars): boolean {
    try {
      return this.#differences(this.#compute(bars), { cut, comparesWarmup: true }) > 0;
    } catch {
      // It was told of cuts with all columns replaced; one alone need not make sense.
      return false;
    }
  }

  /** Cuts that found bias, ascending. */
  #biasedCuts(test: LookaheadTest): readonly number[] {
    return [...this.#found[test]].filter(([, found]) => found > 0)
      .map(([cut]) => cut);
  }

  #differences(
    { positions, warmup }: Signal,
    { cut, comparesWarmup, mark }: {
      readonly cut: number;
      readonly comparesWarmup: boolean;
      readonly mark?: (t: number) => void;
    },
  ): number {
    let found = 0;
    for (let t = 0; t < cut; t++) {
      const isSame = positions[t] === this.full.positions[t] &&
        (!comparesWarmup || (t < warmup) === (t < this.full.warmup));
      if (isSame) continue;
      found++;
      mark?.(t);
    }
    return found;
  }

  #compute(bars: Bars): Signal {
    this.computations += bars.length / Math.max(1, this.#subject.bars.length);
    return this.#subject.compute(bars);
  }

  /** A copy, so that an experiment that changes its bars changes no other's. */
  #allBars(): Bars {
    return sliceBars(this.#subject.bars, 0, this.#subject.bars.length);
  }

  #note(test: LookaheadTest, cut: number, error: unknown): void {
    const before = this.uncompared.get(test);
    this.uncompared.set(
      test,
      before === undefined
        ? {
          test,
          cuts: 1,
          firstCut: cut,
          message: error instanceof Error ? error.message : String(error),
        }
        : { ...before, cuts: before.cuts + 1 },
    );
  }
}
