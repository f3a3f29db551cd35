/**
 * The bundled experiments. A new one is a file in this folder and its line
 * here; the imports are literal, so that they need no permission and
 * `deno compile` embeds them.
 *
 * @module
 */

import type { ExperimentTable } from "../lib/experiment.ts";

/** Experiments by name. */
export const experiments: ExperimentTable = {
  "rolling-mean": () => import("./rolling_mean.ts"),
};
