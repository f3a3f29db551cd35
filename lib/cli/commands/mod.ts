/**
 * The commands, each loaded when it is called.
 *
 * @module
 */

import type { Command } from "../command.ts";

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
    load: () => import("./run.ts"),
  },
  "runs:list": {
    summary: "list recorded runs, newest first",
    load: () => import("./runs_list.ts"),
  },
  "runs:show": {
    summary: "show all that is known about a run",
    load: () => import("./runs_show.ts"),
  },
  "runs:compare": {
    summary: "show what differs between runs",
    load: () => import("./runs_compare.ts"),
  },
  "runs:diff": {
    summary: "show in which keys and at which bars two runs differ",
    load: () => import("./runs_diff.ts"),
  },
  "runs:tag": {
    summary: "give runs tags",
    load: () => import("./runs_tag.ts"),
  },
  "runs:untag": {
    summary: "take tags from runs",
    load: () => import("./runs_untag.ts"),
  },
  "runs:name": {
    summary: "give a run a name",
    load: () => import("./runs_name.ts"),
  },
  "runs:note": {
    summary: "write a note about a run, or show it",
    load: () => import("./runs_note.ts"),
  },
  "runs:delete": {
    summary: "delete runs so that they can be brought back",
    load: () => import("./runs_delete.ts"),
  },
  "runs:restore": {
    summary: "bring back deleted runs",
    load: () => import("./runs_restore.ts"),
  },
  "runs:gc": {
    summary: "remove deleted runs and unused data for good",
    load: () => import("./runs_gc.ts"),
  },
  "runs:verify": {
    summary: "audit recorded runs, and repair the registry",
    load: () => import("./runs_verify.ts"),
  },
  "runs:sync": {
    summary: "record what is complete on this machine and not in the registry",
    load: () => import("./runs_sync.ts"),
  },
  "runs:reproduce": {
    summary: "execute recorded runs again and compare the results",
    load: () => import("./runs_reproduce.ts"),
  },
  "runs:export": {
    summary: "pack runs into an archive for another machine",
    load: () => import("./runs_export.ts"),
  },
  "runs:import": {
    summary: "import runs from an archive or a folder",
    load: () => import("./runs_import.ts"),
  },
  "check:lookahead": {
    summary: "check that a signal does not depend on later bars",
    load: () => import("./check_lookahead.ts"),
  },
  "check:startup": {
    summary: "show how far a signal depends on where the data starts",
    load: () => import("./check_startup.ts"),
  },
  "check:seeds": {
    summary: "show how far metrics depend on the seed",
    load: () => import("./check_seeds.ts"),
  },
  "data:check": {
    summary: "show what is understood of data files, and what is noteworthy",
    load: () => import("./data_check.ts"),
  },
  "experiments:list": {
    summary: "list the experiments and their parameters",
    load: () => import("./experiments_list.ts"),
  },
  "experiments:new": {
    summary: "write a new experiment and its test",
    load: () => import("./experiments_new.ts"),
  },
  "config:check": {
    summary: "check a config and show it resolved",
    load: () => import("./config_check.ts"),
  },
  "config:schema": {
    summary: "print the JSON Schema of configs, for editors",
    load: () => import("./config_schema.ts"),
  },
  "completions": {
    summary: "print a script that completes words in bash, zsh or fish",
    load: () => import("./completions.ts"),
  },
  "doctor": {
    summary: "look whether the installation and the registry are well",
    load: () => import("./doctor.ts"),
  },
};
