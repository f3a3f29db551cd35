/**
 * `runs:untag`
 *
 * @module
 */

import { type Command, JSON_FLAG, REGISTRY_FLAGS } from "./command.ts";
import { labelRuns } from "./label_runs.ts";
import { refuseRunsAsTags, TAG_FLAG, tagsText, tagWords } from "../flags/tag_words.ts";
import { WHERE_FLAG, WHERE_POINTER } from "../flags/where_flag.ts";

/** Takes tags from runs. */
const command: Command = {
  summary: "Takes tags from runs. One that a run does not have is no error.",
  examples: [
    ["runs:untag latest baseline", "the last run"],
    ["runs:untag k3f9x2 7m2c0d --tag baseline", "several runs"],
  ],
  operands: { usage: "REF TAG … | REF … --tag TAG", takes: ["run", "tag"], min: 0, max: 1000 },
  flags: [TAG_FLAG, WHERE_FLAG, ...REGISTRY_FLAGS, JSON_FLAG],
  notes: WHERE_POINTER,
  run(invocation) {
    const { references, tags } = tagWords(invocation);
    return labelRuns(invocation, {
      references,
      check: (registry) => refuseRunsAsTags(registry, invocation),
      change: (labels) => ({ ...labels, tags: labels.tags.filter((tag) => !tags.includes(tag)) }),
      say: tagsText,
    });
  },
};

export default command;
