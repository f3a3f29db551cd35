/**
 * What sigrun needs of the machine, as an interface: `main.ts` builds the real
 * one, tests hand in another. What a run
 * computes depends on no other clock, entropy, environment or stream.
 *
 * @module
 */

/** A standard stream to write text to. */
export interface Output {
  /**
   * Writes text as it is; nothing if nobody reads it.
   *
   * @throws {UserError} if standard output cannot be written, as on a full disk
   */
  write(text: string): void;
  /**
   * Writes bytes as they are.
   *
   * @throws {Deno.errors.BrokenPipe} if nobody reads them
   */
  writeBytes(bytes: Uint8Array): void;
  /** Whether a person reads it. */
  readonly isTerminal: boolean;
  /** Columns of the terminal; a guess without one. */
  readonly columns: number;
}

/** A standard stream to read bytes from. */
export interface Input {
  /** Fills some of `buffer`: the result is how many bytes, or null at the end. */
  read(buffer: Uint8Array): Promise<number | null>;
  /** Whether a person types it. */
  readonly isTerminal: boolean;
}

/** The signals that end a run. */
export type EndSignal = "SIGINT" | "SIGTERM";

/** What is known about the machine and the program. */
export interface System {
  /** Version of sigrun. */
  readonly sigrun: string;
  /** Version of Deno. */
  readonly deno: string;
  /** Version of V8. */
  readonly v8: string;
  /** Operating system, for example `linux`. */
  readonly os: string;
  /** Release of the operating system's kernel. */
  readonly osRelease: string;
  /** CPU architecture, for example `x86_64`. */
  readonly arch: string;
  /** The machine's name. */
  readonly hostname: string;
}

/** The machine. */
export interface Host {
  /** Words of the command line, without the program. */
  readonly args: readonly string[];
  /** Absolute path of the working directory. */
  readonly cwd: string;
  /** Absolute path of the folder that holds main.ts. */
  readonly programRoot: string;
  /** Whether this is the compiled binary. */
  readonly standalone: boolean;
  /** Whether the process serves this command alone, so that all of it may be limited. */
  readonly ownsProcess: boolean;
  /** Standard input: data, where a config or a command asks for it. */
  readonly stdin: Input;
  /** Standard output: results only. */
  readonly stdout: Output;
  /** Standard error: everything else. */
  readonly stderr: Output;
  /** An environment variable; an empty one counts as unset. */
  env(name: string): string | undefined;
  /** The wall clock. */
  now(): Date;
  /** Milliseconds on a clock that only goes forward. */
  monotonicMs(): number;
  /** Fresh entropy, for run ids only. */
  randomBytes(count: number): Uint8Array;
  /** Versions and names. */
  system(): System;
  /** Calls `handler` when the process is told to end; the result stops listening. */
  onEndSignal(handler: (signal: EndSignal) => void): () => void;
  /**
   * Calls `handler` with an error that nobody caught, which would end the
   * process; the result stops listening.
   */
  onStrayError(handler: (error: unknown) => void): () => void;
}
