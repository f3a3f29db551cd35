/**
 * `runs:tag`
 *
 * @module
 */

import { type Command, JSON_FLAG, REGISTRY_FLAGS } from "./command.ts";
import { labelRuns } from "./label_runs.ts";
import { refuseRunsAsTags, TAG_FLAG, tagsText, tagWords } from "../flags/tag_words.ts";
import { WHERE_FLAG, WHERE_POINTER } from "../flags/where_flag.ts";

/** Gives runs tags. */
const command: Command = {
  summary: "Gives runs tags, beside those that they have.",
  examples: [
    ["runs:tag latest baseline", "the last run"],
    ["runs:tag k3f9x2 baseline checked", "two tags"],
    ["runs:tag k3f9x2 7m2c0d --tag baseline", "several runs"],
    ["runs:tag --where 'signal_rate > 0.6' --tag busy", "all that fit"],
  ],
  operands: { usage: "REF TAG … | REF … --tag TAG", takes: ["run", "tag"], min: 0, max: 1000 },
  flags: [TAG_FLAG, WHERE_FLAG, ...REGISTRY_FLAGS, JSON_FLAG],
  notes: WHERE_POINTER,
  run(invocation) {
    const { references, tags } = tagWords(invocation);
    return labelRuns(invocation, {
      references,
      check: (registry) => refuseRunsAsTags(registry, invocation),
      change: (labels) => ({ ...labels, tags: [...labels.tags, ...tags] }),
      say: tagsText,
    });
  },
};

export default command;
