/**
 * `runs:name`
 *
 * @module
 */

import { usageError } from "../../errors.ts";
import { type Command, JSON_FLAG, REGISTRY_FLAGS } from "./command.ts";
import { labelRuns } from "./label_runs.ts";

/** Names a run. */
const command: Command = {
  summary: "Gives a run a name, in place of the one that it has.",
  examples: [
    ["runs:name latest 'wide window'", "the last run"],
    ["runs:name k3f9x2 --remove", "take its name away"],
  ],
  operands: { usage: "REF NAME", takes: ["run", null], min: 1, max: 2 },
  flags: [
    { name: "remove", help: "take the name away" },
    ...REGISTRY_FLAGS,
    JSON_FLAG,
  ],
  run(invocation) {
    const { operands: [reference, name], flags } = invocation;
    if ((name === undefined) !== flags.has("remove")) {
      throw usageError(
        name === undefined ? "Expected a name, got nothing" : "Cannot both name a run and --remove",
        "runs:name REF NAME gives a name, runs:name REF --remove takes it away.",
      );
    }
    if (name?.trim() === "") {
      throw usageError(
        "Cannot use an empty name",
        "To take a name away: runs:name REF --remove.",
      );
    }
    return labelRuns(invocation, {
      references: [reference!],
      change: (labels) => ({ ...labels, name: name ?? null }),
      say: ({ name }) => name === null ? "no name" : `name ${name}`,
    });
  },
};

export default command;
