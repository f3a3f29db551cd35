/**
 * A machine for tests: its streams are kept, its clock and entropy are the
 * same every time.
 *
 * @module
 */

import type { Host, Input, Output, System } from "../lib/host.ts";

/** What a fake machine is told; the rest is fixed. */
export interface FakeMachine {
  /** Words of the command line. */
  readonly args: readonly string[];
  /** Absolute path of the working directory. */
  readonly cwd: string;
  /** Absolute path of the folder that holds main.ts; default `cwd`. */
  readonly programRoot?: string;
  /** Environment variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** What comes from standard input; default nothing. */
  readonly stdin?: string | Uint8Array;
  /** Whether the streams are a terminal. */
  readonly isTerminal?: boolean;
  /** Whether this is the compiled binary. */
  readonly standalone?: boolean;
  /** Versions and names that are not the usual ones. */
  readonly system?: Partial<System>;
  /** Clock and entropy, shared by machines that come one after the other. */
  readonly time?: FakeTime;
}

/** A machine whose output can be read. */
export interface FakeHost extends Host {
  /** All that went to standard output. */
  readonly out: string;
  /** All bytes that went there as such. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** All that went to standard error. */
  readonly err: string;
}

/** A clock that goes on by a second for each command, a stopwatch by 1.25 ms and entropy at every look. */
export class FakeTime {
  #seconds = -1;
  #ms = 0;
  #draws = 0;

  /** Lets a second go by: between two commands, as the clock stands still during one. */
  tick(): void {
    this.#seconds++;
  }

  /** The wall clock. */
  now(): Date {
    return new Date(Date.UTC(2026, 10, 23, 8, 55, this.#seconds));
  }

  /** The stopwatch. */
  monotonicMs(): number {
    return this.#ms += 1.25;
  }

  /** Bytes that are new at every draw. */
  randomBytes(count: number): Uint8Array {
    const draw = ++this.#draws;
    return Uint8Array.from({ length: count }, (_, at) => draw * (7 + 2 * at) + at);
  }
}

/** A machine that does what it is told. */
export function fakeHost(machine: FakeMachine): FakeHost {
  const { cwd, env = {}, isTerminal = false, time = new FakeTime() } = machine;
  time.tick();
  const written = { out: "", err: "" };
  const bytes: number[] = [];
  const output = (stream: "out" | "err"): Output => ({
    write: (text) => void (written[stream] += text),
    writeBytes: (piece) => void piece.forEach((byte) => bytes.push(byte)),
    isTerminal,
    columns: 80,
  });
  return {
    args: machine.args,
    cwd,
    programRoot: machine.programRoot ?? cwd,
    standalone: machine.standalone ?? false,
    ownsProcess: false,
    stdin: inputOf(machine.stdin ?? "", isTerminal),
    stdout: output("out"),
    stderr: output("err"),
    env: (name) => (Object.hasOwn(env, name) && env[name]) || undefined,
    now: () => time.now(),
    monotonicMs: () => time.monotonicMs(),
    randomBytes: (count) => time.randomBytes(count),
    system: () => ({
      sigrun: "0.0.0-test",
      deno: "2.0.0",
      v8: "13.0.0",
      os: "linux",
      osRelease: "6.0.0",
      arch: "x86_64",
      hostname: "test",
      ...machine.system,
    }),
    onEndSignal: () => () => {},
    onStrayError: () => () => {},
    get out() {
      return written.out;
    },
    get err() {
      return written.err;
    },
    get bytes() {
      return new Uint8Array(bytes);
    },
  };
}

/** A stream that gives `content` in small pieces. */
export function inputOf(content: string | Uint8Array, isTerminal = false): Input {
  let left = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return {
    isTerminal,
    read(buffer) {
      if (left.length === 0) return Promise.resolve(null);
      const taken = left.subarray(0, Math.min(buffer.length, 1000));
      buffer.set(taken);
      left = left.subarray(taken.length);
      return Promise.resolve(taken.length);
    },
  };
}
