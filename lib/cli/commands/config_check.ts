/**
 * `config:check`
 *
 * @module
 */

import { jsonText } from "../../json_text.ts";
import { configHash, configYaml, flatConfig } from "../../config/config.ts";
import { EXIT_OK } from "../../errors.ts";
import { printableLines } from "../../quote.ts";
import { type Command, JSON_FLAG } from "./command.ts";
import { CONFIG_FLAGS, readConfig } from "../flags/config_flags.ts";

/** Checks a config without reading the data. */
const command: Command = {
  summary: "Checks a config and shows it as it would run, defaults filled in. Reads no data.",
  examples: [
    ["config:check --config config.yaml", "all problems at once, each with its line"],
    ["config:check --config config.yaml --set window=20", "with a value laid over it"],
  ],
  flags: [...CONFIG_FLAGS, JSON_FLAG],
  async run({ host, experiments, flags, style }) {
    const config = await readConfig(flags, { host, experiments });
    const hash = await configHash(config);
    if (flags.has("json")) {
      const result = { schema: 1, config: flatConfig(config), config_hash: hash };
      host.stdout.write(jsonText(result));
    } else {
      host.stdout.write(`${printableLines(configYaml(config))}${style.dim(`# ${hash}`)}\n`);
    }
    return EXIT_OK;
  },
};

export default command;
