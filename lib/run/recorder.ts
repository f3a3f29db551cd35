/**
 * The registry as a run uses it. That of a team may be out of reach, and one
 * in a file be locked by another process, which stops no run: its directory
 * holds all that there is to record, and `runs:sync` does so later. Without a
 * file that can be written, though, there is no run.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import { type RegistryLocation, registryName } from "../registry/location.ts";
import { isBusy, openRegistry, type Registry } from "../registry/open.ts";
import { sqliteVersion } from "../registry/run_queries.ts";
import { isRefusal } from "../registry/server_failure.ts";
import { commitRun, reserveRun, type StorableRun } from "../registry/store.ts";
import { compareWithEarlier, type EarlierResults, NO_EARLIER } from "./earlier_runs.ts";
import { asUserError } from "../failure.ts";
import { type RegistryView, rollForward } from "../store/liveness.ts";
import type { RunLog } from "../store/run_log.ts";

/** What takes as long is no work, but waiting for others. */
const WAIT_MS = 1000;

/** The registry of one run. */
export class Recorder {
  readonly #location: RegistryLocation;
  #registry: Registry | undefined;
  #failure: UserError | undefined;
  /** Whether the server was out of reach once the work was done: it was asked often enough. */
  #isGivenUp = false;
  #waitedMs = 0;

  private constructor(location: RegistryLocation) {
    this.#location = location;
  }

  /**
   * Opens the registry, and records what earlier runs of this machine left unrecorded.
   *
   * @throws {UserError} if it is a file and cannot be opened, but for a lock, or is of another
   * program or version
   */
  static async open(
    location: RegistryLocation,
    view: RegistryView,
  ): Promise<Recorder> {
    const recorder = new Recorder(location);
    await recorder.#attempt((registry) => rollForward(registry, view));
    return recorder;
  }

  /** The version of the SQLite behind the registry; null if it is out of reach. */
  async sqliteVersion(): Promise<string | null> {
    if (this.#failure !== undefined) return null;
    return await this.#attempt(sqliteVersion) ?? null;
  }

  /**
   * Records that a run begins.
   *
   * @throws {UserError} if the registry is a file that cannot be written, or has a run of that id
   */
  async reserve(run: StorableRun): Promise<void> {
    if (this.#failure !== undefined) return;
    await this.#attempt((registry) => reserveRun(registry, run));
  }

  /** Says in the log of a run why it is not in the registry, if it is not. */
  logFailure(log: RunLog): void {
    if (this.#failure === undefined) return;
    log.warn("registry out of reach", {
      registry: registryName(this.#location),
      reason: this.#failure.message,
    });
  }

  /**
   * Holds the result of a run against those of earlier ones; without a server
   * there are none.
   *
   * @throws {UserError} if the registry is a file that cannot be read
   */
  async compare(run: StorableRun, log: RunLog): Promise<EarlierResults> {
    const earlier = await this.#attempt((registry) => compareWithEarlier(run, { registry, log }));
    if (earlier !== undefined) return earlier;
    this.#isGivenUp = true;
    this.logFailure(log);
    return NO_EARLIER;
  }

  /**
   * Records a run that ended. On a server it may have been recorded although
   * the answer was lost; doing it again changes nothing.
   *
   * @returns why it is not recorded, if the registry is on a server or locked
   * @throws {UserError} if the registry is a file that cannot be written
   */
  async commit(run: StorableRun): Promise<UserError | undefined> {
    if (!this.#isGivenUp) await this.#attempt((registry) => commitRun(registry, run));
    return this.#failure;
  }

  /** How long a registry was waited for that was locked, or gave no answer, in milliseconds. */
  get waitedMs(): number {
    return this.#waitedMs;
  }

  /** Lets go of the registry. */
  close(): void {
    this.#registry?.close();
    this.#registry = undefined;
  }

  async #attempt<T>(use: (registry: Registry) => Promise<T>): Promise<T | undefined> {
    const begunMs = performance.now();
    try {
      this.#registry ??= await openRegistry(this.#location);
      const result = await use(this.#registry);
      this.#failure = undefined;
      return result;
    } catch (error) {
      if (!this.#isOutOfReach(error)) throw error;
      this.close();
      this.#failure = asUserError(error);
      return undefined;
    } finally {
      const tookMs = performance.now() - begunMs;
      if (tookMs >= WAIT_MS) this.#waitedMs += tookMs;
    }
  }

  /** Whether an error is one of a server or of a lock, and not of what was asked for. */
  #isOutOfReach(error: unknown): boolean {
    if (this.#location.kind === "local") return isBusy(error);
    return error instanceof UserError && error.code === "registry_unavailable" && !isRefusal(error);
  }
}
