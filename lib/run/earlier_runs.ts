/**
 * A result held against those of earlier runs.
 *
 * @module
 */

import type { Registry } from "../registry/open.ts";
import { firstWithFingerprint, latestWithInputs } from "../registry/run_queries.ts";
import type { StorableRun } from "../registry/store.ts";
import type { RunLog } from "../store/run_log.ts";

/** A result against that of an earlier run. */
export interface EarlierResult {
  /** Id of the earlier run. */
  readonly of: string;
  /** Whether the results are the same. */
  readonly identical: boolean;
}

/** A result against those of the earlier runs that it can be held against. */
export interface EarlierResults {
  /** Against the first finished run with the same config, data and code: the results must be the same. */
  readonly reproduction: EarlierResult | null;
  /** If there is none: against the latest finished run with the same config and data, and other code. */
  readonly otherCode: EarlierResult | null;
}

/** Without any earlier run. */
export const NO_EARLIER: EarlierResults = { reproduction: null, otherCode: null };

/** Holds the result of a run against those of earlier ones, and logs how that came out. */
export async function compareWithEarlier(
  run: StorableRun,
  { registry, log }: { readonly registry: Registry; readonly log: RunLog },
): Promise<EarlierResults> {
  const { config, data, fingerprint, result } = run.hashes;
  const same = await firstWithFingerprint(registry, fingerprint!);
  if (same !== undefined) {
    const reproduction = { of: same.id, identical: same.result === result };
    if (reproduction.identical) log.info("reproduces an earlier run", { run: same.id });
    else {
      log.error("result differs from an earlier run with equal config, data and code", {
        run: same.id,
        expected: same.result,
        actual: result,
      });
    }
    return { reproduction, otherCode: null };
  }
  const other = await latestWithInputs(registry, { config: config!, data: data! });
  if (other === undefined) return NO_EARLIER;
  const otherCode = { of: other.id, identical: other.result === result };
  if (otherCode.identical) log.info("other code gave the same result", { run: other.id });
  else {
    log.warn("other code gave another result", {
      run: other.id,
      expected: other.result,
      actual: result,
    });
  }
  return { reproduction: null, otherCode };
}
