/**
 * The JSON Schema of configs, for editors that complete and check keys.
 *
 * @module
 */

import type { Experiment, ParamsShape } from "../experiment.ts";
import { valueSchema } from "./expected.ts";
import { DEFAULT_EXPERIMENT, reservedShape } from "./reserved.ts";

/**
 * The schema (draft 7, the one that YAML editors know): the reserved keys, and
 * for each experiment its parameters. An experiment given by path may have any.
 */
export function configSchema(experiments: readonly Experiment[]): Record<string, unknown> {
  const reserved = properties(reservedShape);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "sigrun config",
    type: "object",
    required: Object.entries(reservedShape)
      .filter(([, type]) => !type.safeParse(undefined).success)
      .map(([key]) => key),
    properties: reserved,
    allOf: experiments.map(({ name, summary, params }) => ({
      if: {
        properties: { experiment: { const: name } },
        ...(name === DEFAULT_EXPERIMENT ? {} : { required: ["experiment"] }),
      },
      then: {
        description: summary,
        properties: {
          ...Object.fromEntries(Object.keys(reservedShape).map((key) => [key, true])),
          ...properties(params),
        },
        additionalProperties: false,
      },
    })),
  };
}

function properties(shape: ParamsShape): Record<string, unknown> {
  return Object.fromEntries(Object.entries(shape).map(([key, type]) => [key, valueSchema(type)]));
}
