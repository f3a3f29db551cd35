/**
 * `config:schema`
 *
 * @module
 */

import { jsonText } from "../../json_text.ts";
import { findExperiment } from "../../config/experiments.ts";
import { configSchema } from "../../config/json_schema.ts";
import { EXIT_OK } from "../../errors.ts";
import type { Command } from "./command.ts";

/** Prints the JSON Schema of configs. */
const command: Command = {
  summary: "Prints the JSON Schema of configs, with the parameters of all bundled experiments.",
  examples: [
    ["config:schema > config.schema.json", "for the yaml-language-server line of a config"],
  ],
  flags: [],
  async run({ host, experiments }) {
    const found = await Promise.all(
      Object.keys(experiments).map((name) => findExperiment(name, experiments)),
    );
    const schema = configSchema(found.map(({ experiment }) => experiment));
    host.stdout.write(jsonText(schema));
    return EXIT_OK;
  },
};

export default command;
