/**
 * What a command of the command line is.
 *
 * @module
 */

import type { ExperimentTable } from "../../experiment.ts";
import type { Host } from "../../host.ts";
import type { Style } from "../text/style.ts";

/** What a value is, so that it can be completed; a list of words has these and no others. */
export type ValueKind =
  | "file"
  | "folder"
  | "run"
  | "tag"
  | "status"
  | "experiment"
  | "key"
  | "name"
  | "names"
  | "metric"
  | "topic"
  | readonly string[];

/** A flag of a command. */
export interface Flag {
  /** Its name, without the dashes. */
  readonly name: string;
  /** One letter, or another spelling. */
  readonly alias?: string;
  /** What its value is called in the help; without it, the flag is a switch. */
  readonly value?: string;
  /** What its value is; left out where nothing can be offered. */
  readonly takes?: ValueKind;
  /** Whether it may be given several times. */
  readonly repeatable?: boolean;
  /** What it does. */
  readonly help: string;
  /** What to do about words that follow, as where a shell made several of one pattern. */
  readonly surplus?: string;
}

/** The words after a command that are no flags. */
export interface Operands {
  /** How the help shows them. */
  readonly usage: string;
  /** What each of them is, the last for all that follow; null where nothing can be offered. */
  readonly takes?: readonly (ValueKind | null)[];
  /** The fewest. */
  readonly min: number;
  /** The most. */
  readonly max: number;
}

/** What a command is called with. */
export interface Invocation {
  /** The machine. */
  readonly host: Host;
  /** The bundled experiments. */
  readonly experiments: ExperimentTable;
  /** Its flags. */
  readonly flags: Flags;
  /** Its operands. */
  readonly operands: readonly string[];
  /** Colours for standard output. */
  readonly style: Style;
}

/** The flags that were given. */
export interface Flags {
  /** Whether a switch was given. */
  has(name: string): boolean;
  /** The value of a flag, the last if there are several. */
  text(name: string): string | undefined;
  /** All values of a repeatable flag. */
  list(name: string): readonly string[];
  /**
   * The value of a flag as a whole number from 1.
   *
   * @throws {UserError} if it is none
   */
  count(name: string): number | undefined;
}

/** A command. */
export interface Command {
  /** One sentence. */
  readonly summary: string;
  /** Words after `deno task`, and what they do. */
  readonly examples: readonly (readonly [command: string, what: string])[];
  /** Its flags, besides those of every command. */
  readonly flags: readonly Flag[];
  /** What the help says below the flags: lines with a title. */
  readonly notes?: { readonly title: string; readonly lines: readonly string[] };
  /** Its operands; none if left out. */
  readonly operands?: Operands;
  /** Does it; the result is the exit status. */
  run(invocation: Invocation): Promise<number>;
}

/** Flags of every command. */
export const COMMON_FLAGS: readonly Flag[] = [
  { name: "help", alias: "h", help: "show this help" },
  { name: "no-color", help: "no colours" },
  { name: "debug", help: "show stack traces of errors" },
];

/** Flags of every command that looks at recorded runs. */
export const REGISTRY_FLAGS: readonly Flag[] = [
  {
    name: "runs-dir",
    value: "DIR",
    takes: "folder",
    help: "folder of run directories (default runs, or $SIGRUN_RUNS_DIR)",
  },
  {
    name: "registry",
    value: "URL",
    takes: "file",
    help: "the registry (default file:<runs-dir>/registry.db, or $SIGRUN_REGISTRY)",
  },
];

/** The flag of every command that prints data. */
export const JSON_FLAG: Flag = { name: "json", help: "print JSON" };

/** How the user would type a command here. */
export function typed(host: Host, command: string): string {
  if (!host.standalone) return `deno task ${command}`;
  const [name = "", ...rest] = command.split(" ");
  return ["sigrun", ...name.split(":"), ...rest].join(" ");
}

/**
 * How the user would type a command on the same runs as this one: with the
 * flags that this one was told by where they are, for a POSIX shell.
 */
export function typedHere(
  { host, flags }: Pick<Invocation, "host" | "flags">,
  command: string,
): string {
  const words = REGISTRY_FLAGS.flatMap(({ name }) => {
    const value = flags.text(name);
    if (value === undefined) return [];
    return value.startsWith("-")
      ? [`--${name}=${shellWord(value)}`]
      : [`--${name}`, shellWord(value)];
  });
  return [typed(host, command), ...words].join(" ");
}

/** A word as a shell reads it, in quotes where it has to be. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
