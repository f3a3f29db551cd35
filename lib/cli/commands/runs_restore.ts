/**
 * `runs:restore`
 *
 * @module
 */

import { type Command, JSON_FLAG, REGISTRY_FLAGS } from "./command.ts";
import { labelRuns } from "./label_runs.ts";
import { WHERE_FLAG, WHERE_POINTER } from "../flags/where_flag.ts";

/** Brings deleted runs back. */
const command: Command = {
  summary: "Brings back runs that were deleted, as long as runs:gc has not removed them.",
  examples: [
    ["runs:restore k3f9x2", "one run"],
    ["runs:restore k3f9x2 7m2c0d", "two"],
    ["runs:restore --where 'deleted > yesterday'", "all that were deleted since"],
  ],
  operands: { usage: "[REF …]", takes: ["run"], min: 0, max: 1000 },
  flags: [WHERE_FLAG, ...REGISTRY_FLAGS, JSON_FLAG],
  notes: WHERE_POINTER,
  run(invocation) {
    return labelRuns(invocation, {
      references: invocation.operands,
      deleted: "only",
      change: (labels) => ({ ...labels, deleted_at: null }),
      say: () => "not deleted",
    });
  },
};

export default command;
