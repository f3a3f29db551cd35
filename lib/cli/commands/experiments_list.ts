/**
 * `experiments:list`
 *
 * @module
 */

import { jsonText } from "../../json_text.ts";
import { expectedForm, valueSchema } from "../../config/expected.ts";
import { findExperiment } from "../../config/experiments.ts";
import { EXIT_OK } from "../../errors.ts";
import type { Experiment } from "../../experiment.ts";
import { printable } from "../../quote.ts";
import { type Command, JSON_FLAG } from "./command.ts";
import { formatValue } from "../text/format.ts";
import { table } from "../text/table.ts";

/** Lists the bundled experiments. */
const command: Command = {
  summary: "Lists the experiments that come with sigrun, and their parameters.",
  examples: [
    ["experiments:list", "names, parameters, defaults and limits"],
    ["experiments:list --json", "the same, parameters as JSON Schema"],
  ],
  flags: [JSON_FLAG],
  async run({ host, experiments, flags, style }) {
    const found = await Promise.all(
      Object.keys(experiments).map((name) => findExperiment(name, experiments)),
    );
    const list = found.map(({ experiment }) => experiment);
    if (flags.has("json")) {
      const result = { schema: 1, total: list.length, experiments: list.map(asJson) };
      host.stdout.write(jsonText(result));
      return EXIT_OK;
    }
    for (const experiment of list) {
      const { name, version, summary } = experiment;
      host.stdout.write(
        `${style.bold(printable(name))}  version ${version}\n  ${printable(summary)}\n`,
      );
      if (Object.keys(experiment.params).length === 0) {
        host.stdout.write("  no parameters\n\n");
        continue;
      }
      const text = table(
        [{ title: "PARAMETER" }, { title: "DEFAULT" }, { title: "EXPECTED" }, { title: "MEANING" }],
        parameters(experiment),
        { paintTitle: style.dim, maxCell: Infinity },
      );
      host.stdout.write(`${text.replace(/^(?=.)/gm, "  ")}\n`);
    }
    return EXIT_OK;
  },
};

export default command;

function parameters({ params }: Experiment): readonly (readonly string[])[] {
  return Object.entries(params).map(([name, type]) => [
    name,
    formatValue(type.safeParse(undefined).data),
    expectedForm(type),
    type.description ?? "",
  ]);
}

function asJson({ name, version, summary, columns, params }: Experiment): Record<string, unknown> {
  return {
    name,
    version,
    summary,
    columns,
    params: Object.fromEntries(
      Object.entries(params).map(([param, type]) => [param, valueSchema(type)]),
    ),
  };
}
