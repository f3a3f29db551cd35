/**
 * The folder of runs: whether it can be written to, what it is on, whether
 * locks hold there, and how much room there is.
 *
 * @module
 */

import { join } from "node:path";
import { printable } from "../quote.ts";
import { RUN_LOG } from "../store/run_directory.ts";
import { startOfRunId } from "../run_id.ts";
import { locksExclude, nearestExisting, whyUnwritable } from "./access.ts";
import { type FileSystem, fileSystemOf } from "./file_system.ts";
import { type Finding, fine, problem, warning } from "./finding.ts";

/** Less room than this is told. */
const LITTLE_BYTES = 1024 ** 3;

/** With less room than this hardly a run can be recorded. */
const NO_BYTES = 16 * 1024 ** 2;

const ELSEWHERE = "Name a folder on a local disk: --runs-dir DIR, or SIGRUN_RUNS_DIR.";

/** How sizes are written. */
export interface PlaceOptions {
  /** The operating system, as `Deno.build.os` says it. */
  readonly os: string;
  /** Bytes as people read them. */
  readonly formatBytes: (bytes: number) => string;
}

/** What there is to say about the folder of runs, which may not be there yet. */
export async function placeFindings(
  runsDir: string,
  { os, formatBytes }: PlaceOptions,
): Promise<readonly Finding[]> {
  const existing = await nearestExisting(runsDir);
  const isFolder = (await Deno.stat(existing).catch(() => undefined))?.isDirectory === true;
  if (!isFolder) {
    return [
      problem("runs folder", `${printable(existing)} is no folder`, { advice: ELSEWHERE }),
    ];
  }
  const system = await fileSystemOf(existing, os);
  return [
    await writableFinding(runsDir, existing),
    ...(system === undefined ? [] : [
      fileSystemFinding(system),
      spaceFinding(system, formatBytes),
    ]),
    await lockFinding(existing),
  ];
}

async function writableFinding(runsDir: string, existing: string): Promise<Finding> {
  const why = await whyUnwritable(existing);
  const isThere = existing === runsDir;
  if (why === undefined) {
    return fine("runs folder", isThere ? "there" : "not there yet: the first run makes it");
  }
  if (why === null) {
    return fine(
      "runs folder",
      isThere ? "can be written to" : "not there yet: the first run makes it",
    );
  }
  return problem("runs folder", `${printable(existing)} cannot be written to: ${why}`, {
    advice: "Change its permissions, or name another folder: --runs-dir DIR.",
  });
}

function fileSystemFinding({ name, kind }: FileSystem): Finding {
  const shown = name ?? "of a kind that is not known here";
  switch (kind) {
    case "local":
      return fine("file system", shown);
    case "memory":
      return warning("file system", `${shown}, in memory: runs are gone after a restart`, {
        advice: ELSEWHERE,
      });
    case "network":
    case "perhaps network":
      return warning(
        "file system",
        kind === "network"
          ? `${shown}, over a network, where SQLite is known to lose data`
          : `${shown}, which may be a network's (sshfs, rclone)`,
        {
          advice:
            "Keep the registry on a local disk (--registry file:PATH), or several machines on " +
            "one server: --registry http://HOST:PORT.",
        },
      );
  }
}

function spaceFinding(
  { freeBytes }: FileSystem,
  formatBytes: PlaceOptions["formatBytes"],
): Finding {
  const found = `${formatBytes(freeBytes)} free`;
  if (freeBytes >= LITTLE_BYTES) return fine("disk space", found);
  const advice = "Make room, or name a folder on another disk: --runs-dir DIR.";
  return freeBytes < NO_BYTES
    ? problem("disk space", found, { advice })
    : warning("disk space", found, { advice });
}

/** A run's log is what runs lock; where there is none, the folder has to do. */
async function lockFinding(existing: string): Promise<Finding> {
  const works = await locksExclude(await someLog(existing) ?? existing);
  if (works === true) return fine("file locks", "keep others out");
  return problem(
    "file locks",
    works === false ? "do not keep others out" : `cannot be taken: ${works}`,
    { advice: `Runs that are going on cannot be told from crashed ones. ${ELSEWHERE}` },
  );
}

async function someLog(runsDir: string): Promise<string | undefined> {
  try {
    for await (const { name } of Deno.readDir(runsDir)) {
      if (startOfRunId(name) === undefined) continue;
      const log = join(runsDir, name, RUN_LOG);
      if ((await Deno.stat(log).catch(() => undefined))?.isFile === true) return log;
    }
  } catch {
    // What cannot be listed is found so where it is asked whether it can be written to.
  }
  return undefined;
}
