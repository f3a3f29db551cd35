/**
 * A registry on a server: whether it answers, how fast, and what it says.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import type { Host } from "../host.ts";
import { type RemoteRegistry, TOKEN_VARIABLE } from "../registry/location.ts";
import { SCHEMA_VERSION } from "../registry/migrate.ts";
import { openExisting } from "../registry/open.ts";
import { listRuns } from "../registry/list_runs.ts";
import { sqliteVersion } from "../registry/run_queries.ts";
import { reasonOf } from "./access.ts";
import { type Finding, fine, problem } from "./finding.ts";

/** Looks at the registry on a server, without changing it. */
export async function serverFindings(
  location: RemoteRegistry,
  { monotonicMs }: Pick<Host, "monotonicMs">,
): Promise<readonly Finding[]> {
  const token = fine(
    "token",
    location.token === null ? "none" : `from ${TOKEN_VARIABLE}`,
  );
  try {
    const registry = await openExisting(location);
    if (registry === undefined) {
      return [token, fine("registry", "an empty database: the first run makes its tables")];
    }
    try {
      const asked = monotonicMs();
      const sqlite = await sqliteVersion(registry);
      const answered = Math.round(monotonicMs() - asked);
      const { total } = await listRuns(registry, { limit: 1 });
      return [
        token,
        fine("registry", `answers in ${answered} ms`),
        fine("schema", `version ${SCHEMA_VERSION}`),
        fine("sqlite of the server", sqlite),
        fine("runs", `${total}`),
      ];
    } finally {
      registry.close();
    }
  } catch (error) {
    const advice = error instanceof UserError ? error.hint : undefined;
    return [
      token,
      problem("registry", reasonOf(error), { advice: advice ?? "Try again later." }),
    ];
  }
}
