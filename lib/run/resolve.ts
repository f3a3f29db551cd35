/**
 * What a run is asked to do, understood before there is a run: a mistake in it
 * leaves none behind.
 *
 * @module
 */

import type { Config } from "../config/config.ts";
import { readConfigDocument } from "../config/document.ts";
import type { Override } from "../config/overrides.ts";
import { reservedValues } from "../config/reserved_values.ts";
import { resolveConfig } from "../config/resolve.ts";
import { EXIT_USAGE, type UserError } from "../errors.ts";
import type { ExperimentTable } from "../experiment.ts";
import { asUserError } from "../failure.ts";

/** Where the config of a run comes from. */
export interface ConfigRequest {
  /** Absolute path of the config file. */
  readonly configPath: string;
  /** Values laid over the config's. */
  readonly overrides: readonly Override[];
  /** Absolute paths and patterns of the data files, in place of the config's. */
  readonly data?: readonly string[] | undefined;
  /** Hashes of experiments that are executed though somebody else's config names them. */
  readonly trusted?: readonly string[] | undefined;
}

/** A config that can be run; or why it cannot, though it has no mistake: a failed run. */
export type Resolution =
  | { readonly config: Config; readonly version: string; readonly failure?: undefined }
  | { readonly config?: undefined; readonly version: string | null; readonly failure: UserError };

/**
 * Resolves the config of a run.
 *
 * @throws {UserError} with exit status 2 if the config has a mistake
 */
export async function resolveRun(
  { configPath, overrides, data, trusted }: ConfigRequest,
  experiments: ExperimentTable,
): Promise<Resolution> {
  const document = await readConfigDocument(configPath);
  try {
    const config = await resolveConfig({ document, overrides, data, experiments, trusted });
    return { config, version: config.version };
  } catch (error) {
    const failure = asUserError(error);
    if (failure.exitCode === EXIT_USAGE) throw failure;
    const { version } = reservedValues(document);
    const isLabel = typeof version === "string" && version.isWellFormed();
    return { version: isLabel ? version : null, failure };
  }
}
