/**
 * What a process holds for the runs that it makes: the registry, the identity
 * of the code, and the signals and stray errors that end a run.
 *
 * @module
 */

import type { ExperimentTable } from "../experiment.ts";
import { interrupted } from "../failure.ts";
import type { Host } from "../host.ts";
import type { RegistryLocation } from "../registry/location.ts";
import { unusableRunsDir } from "../store/run_directory.ts";
import { type CodeIdentity, codeIdentity } from "./code_identity.ts";
import { Recorder } from "./recorder.ts";
import { experimentFailed } from "./signal.ts";

/** What the runs of a session share. */
export interface SessionRequest {
  /** Absolute path of the folder of run directories. */
  readonly runsDir: string;
  /** Where the registry is. */
  readonly registry: RegistryLocation;
  /** The bundled experiments. */
  readonly experiments: ExperimentTable;
}

/** Runs of one process, one after the other. */
export class Session {
  /** The machine. */
  readonly host: Host;
  /** Absolute path of the folder of run directories. */
  readonly runsDir: string;
  /** The bundled experiments. */
  readonly experiments: ExperimentTable;
  readonly #registry: RegistryLocation;
  readonly #stops: readonly (() => void)[];
  readonly #code: Promise<CodeIdentity>;
  #recorder: Promise<Recorder> | undefined;
  #ended: Error | undefined;
  #current = new AbortController();

  /** Touches neither the folder nor the registry until a run needs them. */
  constructor({ runsDir, registry, experiments }: SessionRequest, host: Host) {
    this.host = host;
    this.runsDir = runsDir;
    this.experiments = experiments;
    this.#registry = registry;
    this.#stops = [
      host.onEndSignal((signal) => this.#end(interrupted(signal))),
      // Sigrun awaits what it does itself, so that a stray error comes from the experiment.
      host.onStrayError((error) => this.#current.abort(experimentFailed(error))),
    ];
    // Asked for first, as git answers while other things are done.
    this.#code = codeIdentity(host);
    this.#code.catch(() => {});
  }

  /** The identity of the code; the same for all runs. */
  code(): Promise<CodeIdentity> {
    return this.#code;
  }

  /**
   * The registry; opened when it is asked for first.
   *
   * @throws {UserError} if it is a file that cannot be opened, or the folder cannot be made
   */
  recorder(): Promise<Recorder> {
    return this.#recorder ??= this.#openRecorder();
  }

  /** What ends the next run: a signal to the process, or a stray error of its experiment. */
  beginRun(): AbortSignal {
    this.#current = new AbortController();
    if (this.#ended !== undefined) this.#current.abort(this.#ended);
    return this.#current.signal;
  }

  /** Lets go of the registry and of the signals. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const stop of this.#stops) stop();
    const recorder = await this.#recorder?.catch(() => undefined);
    recorder?.close();
  }

  #end(reason: Error): void {
    this.#ended = reason;
    this.#current.abort(reason);
  }

  async #openRecorder(): Promise<Recorder> {
    try {
      await Deno.mkdir(this.runsDir, { recursive: true });
    } catch (cause) {
      throw unusableRunsDir(this.runsDir, cause);
    }
    const { hostname } = this.host.system();
    return await Recorder.open(this.#registry, { runsDir: this.runsDir, hostname });
  }
}
