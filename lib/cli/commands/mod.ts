/**
 * The commands, each loaded when it is called.
 *
 * @module
 */

import type { Command } from "./command.ts";

/** A command that is not loaded yet. */
export interface CommandEntry {
  /** One sentence. */
  readonly summary: string;
  /** Loads it. */
  load(): Promise<{ readonly default: Command }>;
}

/** Commands by name. */
export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  "run": {
    summary: "run the experiment of a config and record it",
    load: () => command("./run.ts"),
  },
  "runs:list": {
    summary: "list recorded runs, newest first",
    load: () => command("./runs_list.ts"),
  },
  "runs:best": {
    summary: "find the runs that are best by a metric",
    load: () => command("./runs_best.ts"),
  },
  "runs:sql": {
    summary: "run a read-only SQL query on the registry",
    load: () => command("./runs_sql.ts"),
  },
  "runs:show": {
    summary: "show everything about a run",
    load: () => command("./runs_show.ts"),
  },
  "runs:compare": {
    summary: "show what differs between runs",
    load: () => command("./runs_compare.ts"),
  },
  "runs:diff": {
    summary: "show in which keys and at which bars two runs differ",
    load: () => command("./runs_diff.ts"),
  },
  "runs:tag": {
    summary: "add tags to runs",
    load: () => command("./runs_tag.ts"),
  },
  "runs:untag": {
    summary: "remove tags from runs",
    load: () => command("./runs_untag.ts"),
  },
  "runs:name": {
    summary: "give a run a name",
    load: () => command("./runs_name.ts"),
  },
  "runs:note": {
    summary: "write a note about a run, or show it",
    load: () => command("./runs_note.ts"),
  },
  "runs:delete": {
    summary: "delete runs; runs:restore brings them back",
    load: () => command("./runs_delete.ts"),
  },
  "runs:restore": {
    summary: "bring back deleted runs",
    load: () => command("./runs_restore.ts"),
  },
  "runs:gc": {
    summary: "remove deleted runs and unused data permanently",
    load: () => command("./runs_gc.ts"),
  },
  "runs:verify": {
    summary: "audit recorded runs, and repair the registry",
    load: () => command("./runs_verify.ts"),
  },
  "runs:sync": {
    summary: "record complete runs of this machine that the registry lacks",
    load: () => command("./runs_sync.ts"),
  },
  "runs:reproduce": {
    summary: "execute recorded runs again and compare the results",
    load: () => command("./runs_reproduce.ts"),
  },
  "runs:export": {
    summary: "pack runs into an archive for another machine",
    load: () => command("./runs_export.ts"),
  },
  "runs:import": {
    summary: "import runs from an archive or a folder",
    load: () => command("./runs_import.ts"),
  },
  "check:lookahead": {
    summary: "check that a signal does not depend on later bars",
    load: () => command("./check_lookahead.ts"),
  },
  "check:startup": {
    summary: "show how far a signal depends on where the data starts",
    load: () => command("./check_startup.ts"),
  },
  "check:seeds": {
    summary: "show how far metrics depend on the seed",
    load: () => command("./check_seeds.ts"),
  },
  "data:check": {
    summary: "show how data files are read, and their quality",
    load: () => command("./data_check.ts"),
  },
  "experiments:list": {
    summary: "list the experiments and their parameters",
    load: () => command("./experiments_list.ts"),
  },
  "experiments:new": {
    summary: "write a new experiment and its test",
    load: () => command("./experiments_new.ts"),
  },
  "config:check": {
    summary: "check a config and show it resolved",
    load: () => command("./config_check.ts"),
  },
  "config:schema": {
    summary: "print the JSON Schema of configs, for editors",
    load: () => command("./config_schema.ts"),
  },
  "completions": {
    summary: "print a shell completion script for bash, zsh or fish",
    load: () => command("./completions.ts"),
  },
  "doctor": {
    summary: "check the installation and the registry for problems",
    load: () => command("./doctor.ts"),
  },
  "help": {
    summary: "print a page of the manual",
    load: () => command("./help.ts"),
  },
};

/**
 * Loads a command by a name that Deno does not see before: the files behind an
 * `import()` of a literal are read at every start, called or not, and those of
 * all commands take a tenth of the time of a small run. The compiler is told of
 * them: see `lib/build`.
 */
async function command(file: string): Promise<{ readonly default: Command }> {
  const specifier = import.meta.resolve(file);
  return await import(specifier);
}
