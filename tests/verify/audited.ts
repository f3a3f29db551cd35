/**
 * Runs of every kind, and the audit of them.
 *
 * @module
 */

import { join } from "node:path";
import { isWrong } from "../../lib/verify/check.ts";
import { verifyAndRepair } from "../../lib/verify/repair.ts";
import { verify } from "../../lib/verify/verify.ts";
import { isIntact, type VerifyReport } from "../../lib/verify/verify_report.ts";
import { type RunReport, runReport } from "../../lib/verify/run_report.ts";
import { runHeads } from "../../lib/registry/audit.ts";
import { registryLocation } from "../../lib/registry/location.ts";
import type { Labels } from "../../lib/registry/labels.ts";
import { Mirror } from "../../lib/registry/mirror.ts";
import { changeLabels, type LabelsChange } from "../../lib/store/change_labels.ts";
import { withWorkspace, type Workspace } from "../run/workspace.ts";

/** A workspace, and the audit of its runs. */
export interface Audited extends Workspace {
  /** Absolute path of the registry. */
  readonly registryPath: string;
  /** Audits the runs that are named, or all. */
  verify(...references: readonly string[]): Promise<VerifyReport>;
  /** Calls `use` with the audit of one run again and again, and of the registry not at all. */
  reports<T>(id: string, use: (report: () => Promise<RunReport>) => Promise<T>): Promise<T>;
  /** Changes the labels of a run, as a user would after its end. */
  label(id: string, labels: Partial<Labels>): Promise<LabelsChange>;
  /** Audits as {@linkcode verify} does, with repairs. */
  repair(...references: readonly string[]): Promise<VerifyReport>;
}

/** Calls `use` with a new workspace. */
export function withAudited<T>(use: (audited: Audited) => Promise<T>): Promise<T> {
  return withWorkspace(async (workspace) => {
    const mirror = await Mirror.open();
    const registryPath = workspace.path("runs/registry.db");
    const request = (references: readonly string[]) => ({
      runsDir: workspace.path("runs"),
      location: registryLocation(registryPath, "/"),
      hostname: "test",
      references,
      mirror,
    });
    try {
      return await use({
        ...workspace,
        registryPath,
        reports: (id, use) =>
          workspace.registry(async (registry) => {
            const [head] = await runHeads(registry, id);
            const known = { id, head, mark: undefined };
            return await use(() => runReport(known, { ...request([]), registry }));
          }),
        label: (id, labels) =>
          workspace.registry((registry) =>
            changeLabels(registry, {
              id,
              runsDir: workspace.path("runs"),
              now: () => new Date("2026-11-24T00:00:00.000Z"),
              hostname: "test",
              change: (before) => ({ ...before, ...labels }),
            })
          ),
        verify: (...references) => verify(request(references)),
        repair: (...references) => verifyAndRepair(request(references)),
      });
    } finally {
      mirror.close();
    }
  });
}

/** An experiment of the user's own, with a position of each kind. */
const OWN = `import { defineExperiment, z } from "sigrun";
export default defineExperiment({
  name: "own", version: 7, summary: "up, down or not",
  params: {
    list: z.array(z.number()).default([1, 2.5]), text: z.string().default("a: 'b' #c"),
    none: z.null().default(null), n7: z.int().default(7), flag: z.boolean().default(false),
  },
  columns: ["close"],
  signal({ bars }) {
    const positions = Int8Array.from({ length: bars.length }, (_, t) => t % 3 - 1);
    positions[0] = 0;
    return { positions, warmup: 1, metrics: { turns: 1e-7, zero: -0, large: 1e300 } };
  },
});`;

/** A run of each kind: finished ones, failed ones early and late, an interrupted one. */
export async function runAll(workspace: Workspace): Promise<void> {
  await workspace.run({ name: "first", tags: ["b", "a", "\u{1f3b2}", "\uffee"] });
  await workspace.run({ set: ["signals=parquet", "columns.close=close", "max_missing=1e-7"] });
  await workspace.run({ set: ["signals=none", "version='2024-01-01'"], name: "a\0b\u202e\n" });
  await workspace.write("own.ts", OWN);
  const own = await workspace.write("own.yaml", "version: 'no'\nseed: 1\nexperiment: ./own.ts\n");
  await workspace.run({ configPath: own });
  await workspace.run({ set: ["window=6"], tags: ["failed"] });
  await workspace.run({ set: ["window=100"] });
  await workspace.run({
    experiments: { "rolling-mean": () => Promise.reject(new TypeError("no function")) },
  });
  await workspace.run({ machine: interrupting });
}

const interrupting = {
  onEndSignal: (handler: (signal: "SIGINT") => void) => {
    handler("SIGINT");
    return () => {};
  },
};

/** What an audit found wrong: run by its position, what, and how. */
export function wrongOf({ registry, runs }: VerifyReport): readonly string[] {
  return [
    ...registry.filter(isWrong).map(({ check, status }) => `${check} ${status}`),
    ...runs.flatMap(({ checks }, at) =>
      checks.filter(isWrong).map(({ check, status }) => `${at} ${check} ${status}`)
    ),
  ];
}

/** Whether an audit found nothing wrong. */
export { isIntact };

/** The files of a directory, by name, sorted. */
export function filesIn(directory: string): ReadonlyMap<string, Uint8Array<ArrayBuffer>> {
  return new Map(
    [...Deno.readDirSync(directory)].map(({ name }) => name).sort()
      .map((name) => [name, Deno.readFileSync(join(directory, name))]),
  );
}
