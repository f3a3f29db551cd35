/**
 * Local times of a time zone, to UTC. Pure: the rules of zones are those of
 * Temporal, not of the machine.
 *
 * @module
 */

/** A span of local times with one offset. */
interface Period {
  /** First local time, in milliseconds as if it were UTC. */
  readonly from: number;
  /** First local time after it. */
  readonly to: number;
  /** First local time of those before `to` that happen twice, or that the clock skips. */
  readonly edge: number;
  /** By how much the clock is set forward at the end; negative if it is set back. */
  readonly shiftMs: number;
  readonly offsetMs: number;
}

const NEVER: Period = { from: NaN, to: NaN, edge: NaN, shiftMs: 0, offsetMs: NaN };

/** `UTC`, `Z`, `America/New_York`, `Etc/GMT+5`; Temporal takes whole timestamps, too. */
const NAME = /^[a-z][\w+-]*(\/[a-z][\w+-]*)*$/i;
const OFFSET = /^[+-]\d\d(:?\d\d)?$/;

/** Whether `text` is the name of a zone, such as America/New_York, or an offset, such as +02:00. */
export function isTimeZone(text: string): boolean {
  if (!NAME.test(text) && !OFFSET.test(text)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(canonical(text));
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function canonical(text: string): string {
  return text.toUpperCase() === "Z" ? "UTC" : text;
}

/**
 * A time zone. Where the clock was set forward, times that it skipped are taken
 * as if it had not been set yet, so 02:30 is 03:30; where it was set back, the
 * first of two equal times is meant. That is `compatible` of Temporal. Either is said.
 */
export class TimeZone {
  readonly #id: string;
  /** In order, as found. */
  readonly #periods: Period[] = [];
  #current: Period = NEVER;

  /** Whether the local time of the last {@linkcode toUtc} was skipped. */
  isSkipped: boolean = false;
  /** The second UTC time that this local time has, as the clock was set back; else NaN. */
  laterMs: number = NaN;

  /**
   * The zone of this name or offset.
   *
   * @throws {RangeError} if there is none
   */
  constructor(zone: string) {
    if (!isTimeZone(zone)) throw new RangeError(`there is no time zone ${JSON.stringify(zone)}`);
    this.#id = canonical(zone);
  }

  /** The UTC milliseconds of a local time given as if it were UTC; NaN if that is NaN. */
  toUtc(localMs: number): number {
    this.isSkipped = false;
    this.laterMs = NaN;
    if (Number.isNaN(localMs)) return NaN;
    const { from, edge } = this.#current;
    if (localMs >= from && localMs < edge) return localMs - this.#current.offsetMs;
    this.#current = this.#periodAt(localMs);
    const { offsetMs, shiftMs } = this.#current;
    if (localMs >= this.#current.edge) {
      this.isSkipped = shiftMs > 0;
      if (shiftMs < 0) this.laterMs = localMs - offsetMs - shiftMs;
    }
    return localMs - offsetMs;
  }

  /** The offsets, in milliseconds, that a local time may have: two where it happens twice. */
  offsetsAt(localMs: number): readonly number[] {
    if (Number.isNaN(localMs)) return [];
    const local = Temporal.Instant.fromEpochMilliseconds(localMs).toZonedDateTimeISO("UTC")
      .toPlainDateTime();
    return [
      ...new Set(
        (["earlier", "later"] as const).map((disambiguation) =>
          offsetOf(local.toZonedDateTime(this.#id, { disambiguation }))
        ),
      ),
    ];
  }

  #periodAt(localMs: number): Period {
    const periods = this.#periods;
    let low = 0;
    let high = periods.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (periods[middle]!.to <= localMs) low = middle + 1;
      else high = middle;
    }
    const known = periods[low];
    if (known !== undefined && known.from <= localMs) return known;
    const found = this.#find(localMs);
    periods.splice(low, 0, found);
    return found;
  }

  #find(localMs: number): Period {
    let at = Temporal.Instant.fromEpochMilliseconds(localMs)
      .toZonedDateTimeISO("UTC")
      .toPlainDateTime()
      .toZonedDateTime(this.#id, { disambiguation: "compatible" });
    for (;;) {
      const offsetMs = offsetOf(at);
      // The transition at this very moment, if there is one, begins the period.
      const begin = at.add({ milliseconds: 1 }).getTimeZoneTransition("previous");
      const before = begin?.subtract({ milliseconds: 1 });
      const from = begin === null || before === undefined
        ? -Infinity
        : begin.epochMilliseconds + Math.max(offsetMs, offsetOf(before));
      if (localMs < from && before !== undefined) {
        // A skipped time: it goes by the offset before.
        at = before;
        continue;
      }
      const next = at.getTimeZoneTransition("next");
      if (next === null) return { from, to: Infinity, edge: Infinity, shiftMs: 0, offsetMs };
      const offsets = [offsetMs, offsetOf(next)];
      return {
        from,
        to: next.epochMilliseconds + Math.max(...offsets),
        edge: next.epochMilliseconds + Math.min(...offsets),
        shiftMs: offsetOf(next) - offsetMs,
        offsetMs,
      };
    }
  }
}

function offsetOf(time: Temporal.ZonedDateTime): number {
  return time.offsetNanoseconds / 1e6;
}
