/**
 * The directory of one run: reserved first, filled file by file, sealed by its
 * manifest.
 *
 * @module
 */

import { join } from "node:path";
import { UserError } from "../errors.ts";
import type { Artifact } from "../record.ts";
import { sha256 } from "../sha256.ts";
import { type Content, syncFolder, writeWhole } from "./files.ts";
import { hintFor, reasonOf } from "../system_error.ts";

/** The log, whose lock tells whether the run's process lives. */
export const RUN_LOG = "run.log";
/** The result. */
export const METRICS_JSON = "metrics.json";
/** The resolved config. */
export const CONFIG_YAML = "config.yaml";
/** The table of contents; the last file to appear. */
export const MANIFEST_JSON = "manifest.json";

/** What was said about the run after its end; without it, nothing was. */
export const LABELS_JSON = "labels.json";

/** The signal, of a run whose config asks for it. */
export const SIGNALS_FILES: readonly string[] = ["signals.csv", "signals.parquet"];

/** Names of all files that a run writes: an import takes no other. */
export const RUN_FILES: readonly string[] = [
  RUN_LOG,
  METRICS_JSON,
  CONFIG_YAML,
  MANIFEST_JSON,
  LABELS_JSON,
  ...SIGNALS_FILES,
];

/** A run directory that this process owns. */
export class RunDirectory {
  /** Its absolute path. */
  readonly path: string;
  readonly #log: Deno.FsFile;
  readonly #artifacts = new Map<string, Artifact>();
  #logFailure: unknown;
  #isSealed = false;

  private constructor(path: string, log: Deno.FsFile) {
    this.path = path;
    this.#log = log;
  }

  /**
   * Makes the directory and takes its lock, which the kernel lets go of when
   * this process ends, however it ends.
   *
   * @throws {UserError} if the directory cannot be made
   */
  static async reserve(path: string): Promise<RunDirectory> {
    try {
      // Not recursive: it fails if another process has the same name.
      await Deno.mkdir(path);
      const log = await Deno.open(join(path, RUN_LOG), { write: true, createNew: true });
      await log.lock(true);
      return new RunDirectory(path, log);
    } catch (cause) {
      throw unusableRunsDir(path, cause);
    }
  }

  /** Adds text to `run.log`; that it cannot be written is told when it is sealed. */
  appendLog(text: string): void {
    const bytes = new TextEncoder().encode(text);
    try {
      for (let done = 0; done < bytes.length;) done += this.#log.writeSync(bytes.subarray(done));
    } catch (error) {
      this.#logFailure ??= error;
    }
  }

  /**
   * Writes a file, complete or not at all.
   *
   * @throws {UserError} if it cannot be written
   */
  async publish(name: string, content: Content): Promise<Artifact> {
    const artifact = await this.#write(name, content);
    this.#artifacts.set(name, artifact);
    return artifact;
  }

  /**
   * Removes what was published: a run that fails after all is not half published.
   *
   * @throws {UserError} if a file cannot be removed
   */
  async withdraw(): Promise<void> {
    for (const name of [...this.#artifacts.keys()]) {
      const path = join(this.path, name);
      try {
        await Deno.remove(path);
      } catch (cause) {
        if (!(cause instanceof Deno.errors.NotFound)) throw unwritable(path, cause);
      }
      this.#artifacts.delete(name);
    }
  }

  /**
   * Flushes `run.log`, to which nothing is added from here on, and lists all files.
   *
   * @throws {UserError} if a line of the log could not be written, or it cannot be read again
   */
  async sealLog(): Promise<readonly Artifact[]> {
    if (this.#logFailure !== undefined) {
      throw unwritable(join(this.path, RUN_LOG), this.#logFailure);
    }
    const path = join(this.path, RUN_LOG);
    let bytes: Uint8Array;
    try {
      await this.#log.sync();
      bytes = await Deno.readFile(path);
    } catch (cause) {
      throw unwritable(path, cause);
    }
    const hash = await sha256(bytes);
    const log = { path: RUN_LOG, sha256: hash, bytes: bytes.length };
    return [...this.#artifacts.values(), log].sort((a, b) => a.path < b.path ? -1 : 1);
  }

  /**
   * Publishes the manifest, after which the directory is complete.
   *
   * @throws {UserError} if it cannot be written
   */
  async sealManifest(json: string): Promise<void> {
    await this.#write(MANIFEST_JSON, json);
    this.#isSealed = true;
    await syncFolder(this.path);
  }

  /** Whether the directory is complete, so that nothing in it may change. */
  get isSealed(): boolean {
    return this.#isSealed;
  }

  async #write(name: string, content: Content): Promise<Artifact> {
    const path = join(this.path, name);
    try {
      return await writeWhole(path, content);
    } catch (cause) {
      throw unwritable(path, cause);
    }
  }

  /** Lets go of the lock. */
  close(): void {
    // Not by closing alone: a process that is just being started still has the file open.
    this.#log.unlockSync();
    this.#log.close();
  }
}

/** A runs directory in which no run can be made. */
export function unusableRunsDir(path: string, cause: unknown): UserError {
  const reason = reasonOf(cause);
  return new UserError(`Cannot make the run directory ${path}: ${reason}`, {
    code: "runs_dir_unusable",
    hint: hintFor(cause, "Name a folder that you can write to: --runs-dir DIR."),
    cause,
  });
}

function unwritable(path: string, cause: unknown): UserError {
  const reason = reasonOf(cause);
  return new UserError(`Cannot write ${path}: ${reason}`, {
    code: "runs_dir_unusable",
    hint: hintFor(cause, "Name another folder: --runs-dir DIR."),
    cause,
  });
}
