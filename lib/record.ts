/**
 * A run as the registry knows it: a plain record, the same in the registry,
 * in a manifest and in `--json`.
 *
 * @module
 */

/** What the registry stores as the status of a run. */
export const STORED_STATUSES = ["running", "finished", "failed", "interrupted"] as const;

/** How a run stands. `crashed` is never stored: it is a `running` one whose process is gone. */
export const RUN_STATUSES = [...STORED_STATUSES, "crashed"] as const;

/** One of {@linkcode RUN_STATUSES}. */
export type RunStatus = typeof RUN_STATUSES[number];

/** The hashes of a run, each `sha256:…` or null where the run did not get that far. */
export interface RunHashes {
  /** Of the resolved config, without paths. */
  readonly config: string | null;
  /** Of the data file's bytes. */
  readonly data: string | null;
  /** Of the parsed columns. */
  readonly rows: string | null;
  /** Of the program's source. */
  readonly code: string | null;
  /** Of the positions. */
  readonly signal: string | null;
  /** Of the deterministic metrics and the signal hash. */
  readonly result: string | null;
  /** Of the config, data and code hashes: equal fingerprints must give equal results. */
  readonly fingerprint: string | null;
}

/** The hashes of a run that has none yet. */
export const NO_HASHES: RunHashes = {
  config: null,
  data: null,
  rows: null,
  code: null,
  signal: null,
  result: null,
  fingerprint: null,
};

/** The names of the hashes. */
export const HASH_NAMES = [
  "config",
  "data",
  "rows",
  "code",
  "signal",
  "result",
  "fingerprint",
] as const satisfies readonly (keyof RunHashes)[];

/** A file of a run directory. */
export interface Artifact {
  /** Its name in the run directory. */
  readonly path: string;
  /** SHA-256 of its bytes, as `sha256:…`. */
  readonly sha256: string;
  /** Its size. */
  readonly bytes: number;
}

/** A run. */
export interface RunRecord {
  /** `20261123-085501-k3f9x2`. */
  readonly id: string;
  /** The user's name for it. */
  readonly name: string | null;
  /** Name of the experiment; null if the config did not get that far. */
  readonly experiment: string | null;
  /** Version of the experiment. */
  readonly experiment_version: number | null;
  /** The config's label. */
  readonly config_version: string | null;
  /** The seed. */
  readonly seed: number | null;
  /** How it stands. */
  readonly status: RunStatus;
  /** When it began, ISO 8601 in UTC. */
  readonly started_at: string;
  /** From its beginning to its published files, milliseconds. */
  readonly duration_ms: number | null;
  /** From its beginning to its metrics, milliseconds. */
  readonly latency_ms: number | null;
  /** Data rows read, dropped ones included. */
  readonly rows_processed: number | null;
  /** Share of valid bars at position 1. */
  readonly signal_rate: number | null;
  /** The data as it was named: an absolute path or pattern, `-`, or a JSON list of several. */
  readonly data_path: string | null;
  /** The resolved config, flat as in its file; null if it did not resolve. */
  readonly config: Readonly<Record<string, unknown>> | null;
  /** What was noteworthy about the bars; null if they were not read. */
  readonly quality: Readonly<Record<string, number | string | null>> | null;
  /** How its signal was evaluated, beyond the numbers in `metrics`; null if it was not. */
  readonly evaluation: Readonly<Record<string, unknown>> | null;
  /** Stable word for what went wrong. */
  readonly error_code: string | null;
  /** What went wrong. */
  readonly error_message: string | null;
  /** Absolute path of the run directory. */
  readonly directory: string;
  /** Versions, machine, git commit. */
  readonly environment: Readonly<Record<string, unknown>>;
  /** The experiment's parameters. */
  readonly params: Readonly<Record<string, unknown>>;
  /** All metrics. */
  readonly metrics: Readonly<Record<string, number>>;
  /** All hashes. */
  readonly hashes: RunHashes;
  /** The user's tags. */
  readonly tags: readonly string[];
  /** The user's note. */
  readonly note: string | null;
  /** When it was deleted, ISO 8601 in UTC; its directory is there until garbage is collected. */
  readonly deleted_at: string | null;
  /** When name, tags, note or deletion last changed after its end, ISO 8601 in UTC. */
  readonly labels_at: string | null;
  /** The files of the run directory. */
  readonly artifacts: readonly Artifact[];
}

/** A run as it was read from a registry. */
export interface RecordedRun extends RunRecord {
  /** What is unreadable about it, or what an audit found; left out where there is nothing. */
  readonly damage?: string;
}
