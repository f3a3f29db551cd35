/**
 * The registry: whether it can be used, and what it says of the runs.
 *
 * @module
 */

import { dirname } from "node:path";
import {
  isKnownSchema,
  registryHeader,
  type RegistryHealth,
  registryHealth,
} from "../registry/health.ts";
import type { LocalRegistry } from "../registry/location.ts";
import { SCHEMA_VERSION } from "../registry/migrate.ts";
import { type RegistryView, sealedRun, standingOf, type Viewpoint } from "../store/liveness.ts";
import { reasonOf, whyFileUnwritable } from "./access.ts";
import { fileSystemOf } from "./file_system.ts";
import { type Finding, fine, problem, warning } from "./finding.ts";
import { hintFor } from "../system_error.ts";

/** What was found, and what the registry says if it could be asked. */
export interface RegistryFindings {
  /** The findings. */
  readonly findings: readonly Finding[];
  /** What the registry says of itself. */
  readonly health: RegistryHealth | undefined;
}

const REPAIR = "runs:verify --repair keeps it aside and makes a new one from the run directories.";

/** Looks at the registry, without changing it. */
export async function registryFindings(
  location: LocalRegistry,
  { os, ...view }: RegistryView & { readonly os: string },
): Promise<RegistryFindings> {
  const { path } = location;
  let found: Deno.FileInfo;
  try {
    found = await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      return only(fine("registry", "not there yet: the first run makes it"));
    }
    return only(problem("registry", `cannot be looked at: ${reasonOf(error)}`, {
      advice: hintFor(error, "Name another one: --registry file:PATH."),
    }));
  }
  if (!found.isFile || found.size === 0) {
    return only(problem("registry", found.isFile ? "an empty file" : "no file", {
      advice: found.isFile ? REPAIR : "Name another one: --registry file:PATH.",
    }));
  }
  const findings: Finding[] = [];
  const why = await whyFileUnwritable(path);
  findings.push(
    why === null
      ? fine("registry", "can be written to")
      : problem("registry", `cannot be written to: ${why}`, {
        advice: "Change its permissions, or name another one: --registry file:PATH.",
      }),
  );
  const system = await fileSystemOf(path, os);
  if (system?.kind === "network") {
    findings.push(warning("registry file system", `${system.name}, over a network`, {
      advice: `SQLite needs locks that hold: keep ${dirname(path)} on a local disk.`,
    }));
  }
  try {
    return await asked({ ...view, registry: location }, findings);
  } catch (error) {
    findings.push(problem("registry health", reasonOf(error), { advice: REPAIR }));
    return { findings, health: undefined };
  }
}

function only(finding: Finding): RegistryFindings {
  return { findings: [finding], health: undefined };
}

async function asked(
  from: Viewpoint & { readonly registry: LocalRegistry },
  before: readonly Finding[],
): Promise<RegistryFindings> {
  const location = from.registry;
  const header = await registryHeader(location.path);
  const refused = (finding: Finding): RegistryFindings => ({
    findings: [...before, finding],
    health: undefined,
  });
  const { isDatabase, isRegistry, schemaVersion, isWal } = header;
  if (!isDatabase) return refused(problem("database", "no SQLite database", { advice: REPAIR }));
  if (!isRegistry) {
    return refused(
      problem("application id", "another program's database", {
        advice: "Name another file: --registry file:PATH.",
      }),
    );
  }
  if (!isKnownSchema(schemaVersion)) {
    return refused(
      problem("schema", `version ${schemaVersion}; this sigrun knows up to ${SCHEMA_VERSION}`, {
        advice: "Update sigrun, or name another registry: --registry.",
      }),
    );
  }
  const schema = fine(
    "schema",
    schemaVersion === SCHEMA_VERSION
      ? `version ${schemaVersion}`
      : `version ${schemaVersion}; the next command makes it ${SCHEMA_VERSION}`,
  );
  const journal = isWal
    ? warning("journal mode", "wal", {
      advice: "The next command sets it to delete, which this version of SQLite is sound in.",
    })
    : fine("journal mode", "delete");
  const findings = [...before, fine("application id", "sigrun's"), schema, journal];
  // Reading would write: a file beside it, or what is to be rolled back.
  if (isWal) return { findings, health: undefined };
  if (await exists(`${location.path}-journal`)) {
    const found = "a write is under way, or was interrupted";
    const advice = "Look again. If it stays, the next command rolls it back.";
    return {
      findings: [...findings, warning("journal", found, { advice })],
      health: undefined,
    };
  }
  const health = await registryHealth(location, header);
  return {
    findings: [...findings, integrityFinding(health), ...await runFindings(health, from)],
    health,
  };
}

async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}

function integrityFinding({ problems }: RegistryHealth): Finding {
  if (problems.length === 0) return fine("integrity", "quick check passed");
  const [first] = problems;
  const more = problems.length === 1 ? "" : `, and ${problems.length - 1} more`;
  return problem("integrity", `${first}${more}`, { advice: REPAIR });
}

async function runFindings(
  { counts, deleted, damaged, running }: RegistryHealth,
  from: Viewpoint,
): Promise<readonly Finding[]> {
  let [alive, complete, crashed, left] = [0, 0, 0, 0];
  for (const { isDeleted, ...run } of running) {
    if (await standingOf(run, from) !== "dead") alive++;
    else if (await sealedRun(run, from) !== undefined) complete++;
    else {
      crashed++;
      // Of one that is deleted there is nothing left to say.
      if (!isDeleted) left++;
    }
  }
  const stored = { ...counts, running: alive, crashed };
  const parts = Object.entries(stored).filter(([, n]) => n > 0).map(([name, n]) => `${n} ${name}`);
  return [
    fine(
      "runs",
      (parts.length === 0 ? "none" : parts.join(", ")) +
        (deleted === 0 ? "" : `; ${deleted} of them deleted`),
    ),
    ...(left === 0 ? [] : [
      warning("crashed runs", `${left} stored as running, whose process is gone`, {
        advice: "runs:list --status crashed shows them, runs:delete --crashed deletes them.",
      }),
    ]),
    ...(complete === 0 ? [] : [
      warning("unrecorded ends", `${complete} complete on disk, not yet in the registry`, {
        advice: "The next run records them.",
      }),
    ]),
    damaged === 0
      ? fine("damaged runs", "none marked")
      : problem("damaged runs", `${damaged} marked by an audit`, {
        advice: "runs:verify says what is wrong with them.",
      }),
  ];
}
