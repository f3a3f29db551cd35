/**
 * The directory of one run: reserved first, filled file by file, sealed by its
 * manifest.
 *
 * @module
 */

import { join } from "node:path";
import { UserError } from "../errors.ts";
import type { Artifact } from "../registry/record.ts";
import { sha256 } from "../sha256.ts";
import { type Content, syncFolder, writeWhole } from "./files.ts";

/** The log, whose lock tells whether the run's process lives. */
export const RUN_LOG = "run.log";
/** The result. */
export const METRICS_JSON = "metrics.json";
/** The resolved config. */
export const CONFIG_YAML = "config.yaml";
/** The table of contents; the last file to appear. */
export const MANIFEST_JSON = "manifest.json";

/** A run directory that this process owns. */
export class RunDirectory {
  /** Its absolute path. */
  readonly path: string;
  readonly #log: Deno.FsFile;
  readonly #artifacts = new Map<string, Artifact>();

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

  /** Adds text to `run.log`. */
  appendLog(text: string): void {
    const bytes = new TextEncoder().encode(text);
    for (let done = 0; done < bytes.length;) done += this.#log.writeSync(bytes.subarray(done));
  }

  /** Writes a file, complete or not at all. */
  async publish(name: string, content: Content): Promise<Artifact> {
    const artifact = await writeWhole(join(this.path, name), content);
    this.#artifacts.set(name, artifact);
    return artifact;
  }

  /** Flushes `run.log`, to which nothing is added from here on, and lists all files. */
  async sealLog(): Promise<readonly Artifact[]> {
    await this.#log.sync();
    const bytes = await Deno.readFile(join(this.path, RUN_LOG));
    const hash = await sha256(bytes);
    this.#artifacts.set(RUN_LOG, { path: RUN_LOG, sha256: hash, bytes: bytes.length });
    return [...this.#artifacts.values()].sort((a, b) => a.path < b.path ? -1 : 1);
  }

  /** Publishes the manifest, after which the directory is complete. */
  async sealManifest(json: string): Promise<void> {
    await writeWhole(join(this.path, MANIFEST_JSON), json);
    await syncFolder(this.path);
  }

  /** Lets go of the lock. */
  close(): void {
    this.#log.close();
  }
}

/** A runs directory in which no run can be made. */
export function unusableRunsDir(path: string, cause: unknown): UserError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new UserError(`Cannot make the run directory ${path}: ${reason}`, {
    code: "runs_dir_unusable",
    hint: "Name a folder that you can write to: --runs-dir DIR.",
    cause,
  });
}
