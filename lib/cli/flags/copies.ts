/**
 * `--output` and `--log-file`: further copies of a run's files.
 *
 * @module
 */

import { dirname, join, resolve } from "node:path";
import { EXIT_USAGE, usageError, UserError } from "../../errors.ts";
import type { Host } from "../../host.ts";
import { writeWhole } from "../../store/files.ts";
import { linkedPath } from "../../store/linked_path.ts";
import { ownFile } from "../../store/own_files.ts";
import { RUN_LOG } from "../../store/run_directory.ts";
import type { Flags } from "../commands/command.ts";
import { reasonOf } from "../../system_error.ts";

/** Where a copy goes: the absolute path of a file, or a standard stream. */
export type CopyTarget =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "stdout" | "stderr" };

/** The copies that are wanted. */
export interface CopyTargets {
  /** Of metrics.json. */
  readonly output: CopyTarget | undefined;
  /** Of run.log. */
  readonly logFile: CopyTarget | undefined;
}

/** No copies at all. */
export const NO_COPIES: CopyTargets = { output: undefined, logFile: undefined };

type CopyFlag = "output" | "log-file";

/** The standard streams by their names; Deno opens them by none. */
const STREAMS: ReadonlyMap<string, "stdout" | "stderr"> = new Map([
  ["-", "stdout"],
  ["/dev/stdout", "stdout"],
  ["/dev/fd/1", "stdout"],
  ["/proc/self/fd/1", "stdout"],
  ["/dev/stderr", "stderr"],
  ["/dev/fd/2", "stderr"],
  ["/proc/self/fd/2", "stderr"],
]);

/**
 * The copies that the flags ask for, checked before anything runs.
 *
 * @throws {UserError} if one is a directory, would overwrite a file that is
 * needed or that sigrun keeps, or would be mixed with what else goes to standard output
 */
export async function copyTargets(
  flags: Flags,
  { cwd, runsDir, needed }: {
    readonly cwd: string;
    /** Absolute path of the folder of runs. */
    readonly runsDir: string;
    /** Absolute paths of the files that the run needs. */
    readonly needed: () => Promise<readonly string[]>;
  },
): Promise<CopyTargets> {
  const target = async (flag: CopyFlag): Promise<CopyTarget | undefined> => {
    const value = flags.text(flag);
    if (value === undefined) return undefined;
    const kind = STREAMS.get(value);
    if (kind === "stdout" && flags.has("json")) {
      throw usageError(
        `Cannot print both --${flag} ${value} and --json to standard output`,
        `Leave out --json, or name a file: --${flag} ${flag === "output" ? "run.json" : RUN_LOG}`,
      );
    }
    if (kind !== undefined) return { kind };
    const path = resolve(cwd, value);
    await refuseTarget(path, { flag, runsDir, needed: await needed() });
    return { kind: "file", path };
  };
  const targets = { output: await target("output"), logFile: await target("log-file") };
  const { output, logFile } = targets;
  if (output !== undefined && logFile !== undefined && await isSameTarget(output, logFile)) {
    throw unusable(`Cannot write both metrics.json and run.log to ${shownTarget(output)}`);
  }
  return targets;
}

/**
 * Refuses the flags where there will be nothing to copy.
 *
 * @throws {UserError} if one is given
 */
export function refuseCopies(flags: Flags): void {
  const flag = ["output", "log-file"].find((name) => flags.text(name) !== undefined);
  if (flag === undefined) return;
  throw usageError(
    `Cannot use both --dry-run and --${flag}: a dry run leaves nothing behind`,
    "Leave out one of them; --dry-run --json prints what would run as JSON.",
  );
}

async function isSameTarget(a: CopyTarget, b: CopyTarget): Promise<boolean> {
  if (a.kind !== "file" || b.kind !== "file") return a.kind === b.kind;
  return await linkedPath(a.path) === await linkedPath(b.path);
}

function shownTarget(target: CopyTarget): string {
  if (target.kind === "file") return target.path;
  return target.kind === "stdout" ? "standard output" : "standard error";
}

async function refuseTarget(
  path: string,
  { flag, runsDir, needed }: {
    readonly flag: CopyFlag;
    readonly runsDir: string;
    readonly needed: readonly string[];
  },
): Promise<void> {
  const found = await Deno.stat(path).catch((error) => {
    if (!(error instanceof Deno.errors.NotCapable)) return undefined;
    throw unusable(`Cannot write --${flag} to ${path}: Deno does not open this device`, error);
  });
  if (found?.isDirectory) {
    throw unusable(`Cannot write --${flag} to ${path}: it is a directory`);
  }
  const linked = await linkedPath(path);
  for (const file of needed) {
    if (file === path || file === linked || found !== undefined && await isSameFile(path, file)) {
      throw unusable(`Cannot write --${flag} to ${path}: the run needs that file`);
    }
  }
  const kept = await ownFile(linked, runsDir);
  if (kept !== undefined) throw unusable(`Cannot write --${flag} to ${path}: ${kept}`);
}

async function isSameFile(a: string, b: string): Promise<boolean> {
  try {
    return await Deno.realPath(a) === await Deno.realPath(b);
  } catch {
    return false;
  }
}

/**
 * Writes the copies.
 *
 * @throws {UserError} if one cannot be written
 */
export async function writeCopies(
  { output, logFile }: CopyTargets,
  { metricsJson, directory, host }: {
    readonly metricsJson: string;
    readonly directory: string | undefined;
    readonly host: Pick<Host, "stdout" | "stderr">;
  },
): Promise<void> {
  try {
    if (output !== undefined) {
      await writeCopy(output, { host, content: () => Promise.resolve(metricsJson) });
    }
  } finally {
    if (logFile !== undefined && directory !== undefined) {
      await writeCopy(logFile, {
        host,
        content: () => Deno.readTextFile(join(directory, RUN_LOG)),
      });
    }
  }
}

async function writeCopy(
  target: CopyTarget,
  { content, host }: {
    readonly content: () => Promise<string>;
    readonly host: Pick<Host, "stdout" | "stderr">;
  },
): Promise<void> {
  try {
    const text = await content();
    if (target.kind === "file") await writeFile(target.path, text);
    else host[target.kind].write(text);
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw unusable(
      `Cannot write ${shownTarget(target)}: ${reasonOf(cause)}`,
      cause,
    );
  }
}

/** What is no regular file, as a FIFO or a device, is written to and not replaced. */
async function writeFile(path: string, text: string): Promise<void> {
  const found = await Deno.stat(path).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  if (found !== undefined && !found.isFile) {
    return await Deno.writeTextFile(path, text, { create: false });
  }
  const linked = await linkedPath(path);
  await Deno.mkdir(dirname(linked), { recursive: true });
  await writeWhole(linked, text);
}

function unusable(message: string, cause?: unknown): UserError {
  return new UserError(message, {
    code: "output_unwritable",
    exitCode: EXIT_USAGE,
    hint: "The run directory has these files in any case; name another path for the copy.",
    cause,
  });
}
