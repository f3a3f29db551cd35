/**
 * Times of many bars, as runs of equal steps where there are few: a year of
 * minutes without a gap is three numbers. Pure.
 *
 * @module
 */

/** Times of bars, in milliseconds since 1970-01-01 UTC. */
export interface Times {
  /** How many there are. */
  readonly length: number;
  /** The time at *t*, from 0 to `length - 1`. */
  at(t: number): number;
  /** All of them; made when first asked for. */
  readonly values: Float64Array;
  /** Whether all are whole milliseconds, so that the steps between them are exact. */
  readonly areIntegers: boolean;
  /** Fills `into` with those from *t* on. */
  fill(into: Float64Array, t: number): void;
  /**
   * Goes through the steps between neighbours, in order: `count` equal ones,
   * the first of them after bar `after`.
   */
  eachStep(use: (step: number, count: number, after: number) => void): void;
}

/** Any times, kept one by one. */
export class SingleTimes implements Times {
  /** All of them. */
  readonly values: Float64Array;

  /** Takes the array as it is. */
  constructor(values: Float64Array) {
    this.values = values;
  }

  get length(): number {
    return this.values.length;
  }

  get areIntegers(): boolean {
    return this.values.every(Number.isSafeInteger);
  }

  at(t: number): number {
    return this.values[t]!;
  }

  fill(into: Float64Array, t: number): void {
    into.set(this.values.subarray(t, t + into.length));
  }

  eachStep(use: (step: number, count: number, after: number) => void): void {
    const { values } = this;
    let after = 0;
    while (after + 1 < values.length) {
      const step = values[after + 1]! - values[after]!;
      let t = after + 2;
      while (t < values.length && values[t]! - values[t - 1]! === step) t++;
      use(step, t - 1 - after, after);
      after = t - 1;
    }
  }
}

/**
 * Times as runs of equal steps. All are integers, so that a time is its run's
 * first one and a multiple of its step, exactly.
 */
export class RunTimes implements Times {
  readonly areIntegers: boolean = true;

  /** Of each run its first bar, the time of that, and the step to the next ones. */
  readonly #bars: number[] = [];
  readonly #times: number[] = [];
  readonly #steps: number[] = [];
  #length = 0;
  /** The time that would go on with the last run; NaN if any would, or none was added. */
  #expected = NaN;
  #values: Float64Array | undefined;

  get length(): number {
    return this.#length;
  }

  /** How many runs there are. */
  get runs(): number {
    return this.#bars.length;
  }

  /** Adds a time, a safe integer. */
  push(ms: number): void {
    const last = this.#bars.length - 1;
    if (ms === this.#expected) {
      this.#expected += this.#steps[last]!;
    } else if (last >= 0 && this.#bars[last] === this.#length - 1) {
      // The second of a run says what its step is.
      const step = ms - this.#times[last]!;
      this.#steps[last] = step;
      this.#expected = ms + step;
    } else {
      this.#bars.push(this.#length);
      this.#times.push(ms);
      this.#steps.push(0);
      this.#expected = NaN;
    }
    this.#length++;
  }

  /** Adds the first of these times that go on with the last run; returns how many. */
  continueWith(times: Float64Array): number {
    const step = this.#steps.at(-1)!;
    let expected = this.#expected;
    let count = 0;
    for (; count < times.length && times[count] === expected; count++) expected += step;
    this.#expected = expected;
    this.#length += count;
    return count;
  }

  at(t: number): number {
    let low = 0;
    for (let high = this.#bars.length - 1; low < high;) {
      const middle = (low + high + 1) >> 1;
      if (this.#bars[middle]! <= t) low = middle;
      else high = middle - 1;
    }
    return this.#times[low]! + (t - this.#bars[low]!) * this.#steps[low]!;
  }

  get values(): Float64Array {
    if (this.#values?.length !== this.#length) {
      this.#values = new Float64Array(this.#length);
      this.fill(this.#values, 0);
    }
    return this.#values;
  }

  fill(into: Float64Array, t: number): void {
    let run = this.#bars.findLastIndex((bar) => bar <= t);
    for (let write = 0; write < into.length; run++) {
      const bar = this.#bars[run]!;
      const end = Math.min(into.length, (this.#bars[run + 1] ?? this.#length) - t);
      const step = this.#steps[run]!;
      const first = this.#times[run]! - (bar - t) * step;
      for (; write < end; write++) into[write] = first + write * step;
    }
  }

  eachStep(use: (step: number, count: number, after: number) => void): void {
    let step = NaN;
    let count = 0;
    let after = 0;
    // Between two runs there may be the step of either.
    const add = (next: number, times: number, from: number): void => {
      if (times === 0) return;
      if (next === step) {
        count += times;
        return;
      }
      if (count > 0) use(step, count, after);
      step = next;
      count = times;
      after = from;
    };
    for (let run = 0; run < this.#bars.length; run++) {
      const bar = this.#bars[run]!;
      const last = (this.#bars[run + 1] ?? this.#length) - 1;
      const inside = this.#steps[run]!;
      if (run > 0) {
        const before = this.#bars[run - 1]!;
        const end = this.#times[run - 1]! + (bar - 1 - before) * this.#steps[run - 1]!;
        add(this.#times[run]! - end, 1, bar - 1);
      }
      add(inside, last - bar, bar);
    }
    if (count > 0) use(step, count, after);
  }
}
