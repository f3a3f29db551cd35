/**
 * Registries that live for one test, and runs to put into them.
 *
 * @module
 */

import { join } from "node:path";
import { registryLocation } from "../../lib/registry/location.ts";
import { openRegistry, type Registry } from "../../lib/registry/open.ts";
import { NO_HASHES } from "../../lib/record.ts";
import { commitRun, type StorableRun } from "../../lib/registry/store.ts";
import { withTempDir } from "../temp_dir.ts";

/** Opens the registry in the file `path`, and closes it when `use` is done. */
export async function withRegistryAt<T>(
  path: string,
  use: (registry: Registry) => Promise<T>,
): Promise<T> {
  const registry = await openRegistry(registryLocation(path, "/"));
  try {
    return await use(registry);
  } finally {
    registry.close();
  }
}

/** Calls `use` with a new registry that holds `runs`. */
export function withRegistry<T>(
  runs: readonly StorableRun[],
  use: (registry: Registry) => Promise<T>,
): Promise<T> {
  return withTempDir((path) =>
    withRegistryAt(join(path, "registry.db"), async (registry) => {
      for (const run of runs) await commitRun(registry, run);
      return await use(registry);
    })
  );
}

/** A finished run as the registry knows it, but for what `changes` say. */
export function sampleRun(changes: Partial<StorableRun> = {}): StorableRun {
  const id = changes.id ?? "20260102-030405-k3f9x2";
  return {
    id,
    name: null,
    experiment: "rolling-mean",
    experiment_version: 1,
    config_version: "v1",
    seed: 42,
    status: "finished",
    started_at: "2026-01-02T03:04:05.000Z",
    duration_ms: 72.982,
    latency_ms: 58.295,
    rows_processed: 10_000,
    signal_rate: 0.5,
    data_path: "/data/bars.csv",
    config: { version: "v1", seed: 42, data: "/data/bars.csv", window: 5 },
    quality: { rows_read: 10, order: "ascending", gaps: null },
    evaluation: null,
    error_code: null,
    error_message: null,
    directory: `/runs/${id}`,
    environment: { sigrun: "0.1.0", git: null },
    params: { window: 5 },
    metrics: { ones: 5, signal_rate: 0.5 },
    hashes: { ...NO_HASHES, config: "sha256:c0", data: "sha256:d0", fingerprint: "sha256:f0" },
    tags: [],
    note: null,
    deleted_at: null,
    labels_at: null,
    artifacts: [{ path: "metrics.json", sha256: "sha256:a0", bytes: 12 }],
    ...changes,
  };
}
