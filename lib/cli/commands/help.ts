/**
 * `help`
 *
 * @module
 */

import { EXIT_OK, usageError } from "../../errors.ts";
import { nearest } from "../../nearest.ts";
import { quote } from "../../quote.ts";
import { type Command, typed } from "./command.ts";
import { labelled } from "../text/labelled.ts";
import { MANUAL, manualText } from "../text/manual.ts";

/** Prints a page of the manual. */
const command: Command = {
  summary: "Prints a page of the manual.",
  examples: [
    ["help", "list the pages"],
    ["help where", "print the page on conditions"],
  ],
  flags: [],
  operands: { usage: "[TOPIC]", takes: ["topic"], min: 0, max: 1 },
  async run({ host, operands: [topic], style }) {
    if (topic === undefined) {
      const rows = Object.entries(MANUAL).map(([name, { about }]) => [name, about] as const);
      host.stdout.write(
        `${style.bold("Pages")}\n${labelled(rows).replace(/^(?=.)/gm, "  ")}\n` +
          `Print one: ${typed(host, "help config")}. Flags of a command: ${
            typed(host, "run -h")
          }\n`,
      );
      return EXIT_OK;
    }
    if (!Object.hasOwn(MANUAL, topic)) {
      const near = nearest(topic, Object.keys(MANUAL));
      throw usageError(
        `No command and no page ${quote(topic)}${
          near === undefined ? "" : `: did you mean ${near}?`
        }`,
        `Pages: ${Object.keys(MANUAL).join(", ")}. -h lists the commands.`,
      );
    }
    host.stdout.write(await manualText(MANUAL[topic]!));
    return EXIT_OK;
  },
};

export default command;
