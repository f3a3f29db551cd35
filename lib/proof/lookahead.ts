/**
 * Whether a signal looks ahead: the position at bar *t* may depend on bars 0
 * to *t* only.
 *
 * Two tests at each cut. Truncation: the signal of the bars before the cut
 * alone must be the beginning of the whole signal. Perturbation: it must stay
 * that beginning when every bar from the cut on is noise. The first finds what
 * depends on there being later bars, the second what depends on their values.
 * Neither can prove that there is no bias at a bar that no cut follows
 * closely; a cut after every bar comes nearest to it. Pure.
 *
 * @module
 */

import { EXIT_NOT_PROVED, UserError } from "../errors.ts";
import type { Bars, Signal } from "../experiment.ts";
import { randomStreams } from "../random.ts";
import { chooseCuts } from "./cuts.ts";
import { type NoisyBars, noisyBars } from "./noise.ts";
import { columnsOf, sliceBars, type Source, watchedBars } from "./partial_bars.ts";

/** Cuts, if nobody says how many. */
export const DEFAULT_CUTS = 32;

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

/** How thoroughly to look. */
export interface LookaheadOptions {
  /** Cuts, from 1; `all`: after every bar. */
  readonly cuts: number | "all";
  /** Seed of the noise and of the random cuts. */
  readonly seed: number;
  /** Called before each computation; it may take its time, or throw to end the check. */
  readonly pause?: (() => Promise<void>) | undefined;
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

/** What was found. */
export interface LookaheadReport {
  /** Name of the experiment. */
  readonly experiment: string;
  /** Bars of the data. */
  readonly bars: number;
  /** Leading bars that were compared at one cut or more. */
  readonly barsChecked: number;
  /** How many cuts were made. */
  readonly cuts: number;
  /** Bars whose position, or whose being warm-up, was seen to depend on later bars. */
  readonly biasedBars: number;
  /** The first of those bars, from 0; null if there is none. */
  readonly firstBiasedBar: number | null;
  /** Its time, milliseconds since 1970-01-01 UTC; null without times. */
  readonly firstBiasedTime: number | null;
  /**
   * Through what the future leaks. Empty for a biased signal: as far as was
   * found it depends on how many bars there are, whatever they hold.
   */
  readonly leaks: readonly Source[];
  /** For each test, at how many cuts it could be made and at how many it found bias. */
  readonly tests: {
    readonly [T in LookaheadTest]: { readonly compared: number; readonly biased: number };
  };
  /** Cuts at which the experiment failed. */
  readonly uncompared: readonly UncomparedCuts[];
  /** What it cost, in computations of the signal of all bars. */
  readonly computations: number;
}

/**
 * Looks for look-ahead bias.
 *
 * @throws {UserError} if the experiment fails on the bars themselves, or gives
 * another signal for the same bars, in which case nothing can be told
 */
export async function checkLookahead(
  subject: ProofSubject,
  { cuts: count, seed, pause }: LookaheadOptions,
): Promise<LookaheadReport> {
  const { experiment, bars } = subject;
  const streams = randomStreams(seed);
  const random = (stream: string) => streams(`look-ahead: ${stream}`);
  const read = new Set<Source>();
  const search = new Search(subject, read);
  const cuts = chooseCuts(search.full, { count, random: random("cuts") });
  const noisy = noisyBars(bars, random);
  const columns = new Set(columnsOf(bars));
  for (const cut of cuts) {
    await pause?.();
    search.test("truncation", cut, sliceBars(bars, 0, cut));
    await pause?.();
    search.test("perturbation", cut, noisy(cut, columns));
  }
  if (search.isBiased) search.confirm();
  const leaks = await search.leaks(read, { noisy, pause });
  const first = search.isBiased ? search.biased.indexOf(1) : null;
  return {
    experiment,
    bars: bars.length,
    barsChecked: search.barsChecked,
    cuts: cuts.length,
    biasedBars: search.biased.reduce((sum, flag) => sum + flag, 0),
    firstBiasedBar: first,
    firstBiasedTime: first === null ? null : bars.times?.[first] ?? null,
    leaks,
    tests: {
      truncation: search.tally("truncation"),
      perturbation: search.tally("perturbation"),
    },
    uncompared: [...search.uncompared.values()],
    computations: search.computations,
  };
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
class Search {
  /** The signal of all bars. */
  readonly full: Signal;
  /** 1 for each bar that was found to depend on later ones. */
  readonly biased: Uint8Array;
  readonly uncompared = new Map<LookaheadTest, UncomparedCuts>();
  barsChecked = 0;
  computations = 0;
  readonly #subject: ProofSubject;
  /** Biased bars found at each cut, by test. */
  readonly #found: Readonly<Record<LookaheadTest, Map<number, number>>> = {
    truncation: new Map(),
    perturbation: new Map(),
  };

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

  get isBiased(): boolean {
    return this.tally("truncation").biased + this.tally("perturbation").biased > 0;
  }

  tally(test: LookaheadTest): { readonly compared: number; readonly biased: number } {
    return { compared: this.#found[test].size, biased: this.#biasedCuts(test).length };
  }

  /** A signal that differs by itself is not biased, it is something else. */
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
    { noisy, pause }: { readonly noisy: NoisyBars } & Pick<LookaheadOptions, "pause">,
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
