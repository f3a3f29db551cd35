/**
 * What a value has to be, in words.
 *
 * @module
 */

import { z } from "zod";
import { quote } from "../quote.ts";

/** The part of JSON Schema that parameters use. */
interface ValueSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly examples?: readonly unknown[];
  readonly anyOf?: readonly ValueSchema[];
}

/** The JSON Schema of a zod type, as editors read it. */
export function valueSchema(type: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(type, { target: "draft-7", io: "input" });
  return schema;
}

/**
 * The values that a type takes, in words.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { z } from "zod";
 * import { expectedForm } from "./expected.ts";
 *
 * assert(expectedForm(z.int().min(1)) === "a whole number from 1");
 * assert(expectedForm(z.enum(["csv", "none"])) === "one of csv, none");
 * ```
 */
export function expectedForm(type: z.ZodType): string {
  return inWords(valueSchema(type) as ValueSchema);
}

function inWords(schema: ValueSchema): string {
  if (schema.anyOf !== undefined) return schema.anyOf.map(inWords).join(", or ");
  if (schema.enum !== undefined) return `one of ${schema.enum.join(", ")}`;
  if (schema.const !== undefined) return String(schema.const);
  switch (schema.type) {
    case "integer":
      return `a whole number${range(schema)}`;
    case "number":
      return `a number${range(schema)}`;
    case "boolean":
      return "true or false";
    case "string":
      if (schema.examples !== undefined) return `text such as ${schema.examples.join(" or ")}`;
      return schema.maxLength === undefined
        ? "text"
        : `text of up to ${schema.maxLength} characters`;
    case "array":
      return schema.minItems === undefined ? "a list" : `a list of ${schema.minItems} or more`;
    case "object":
      return "keys with values";
    default:
      return "another value";
  }
}

/** Whether a type takes whole numbers up, or down, to `limit`. */
export function isIntegerLimit(type: z.ZodType, limit: number): boolean {
  const schema = valueSchema(type) as ValueSchema;
  return (schema.anyOf ?? [schema]).some(({ type, minimum, maximum }) =>
    type === "integer" && (minimum === limit || maximum === limit)
  );
}

function range(schema: ValueSchema): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const parts: string[] = [];
  if (minimum !== undefined && minimum !== Number.MIN_SAFE_INTEGER) parts.push(`from ${minimum}`);
  if (exclusiveMinimum !== undefined) parts.push(`above ${exclusiveMinimum}`);
  if (maximum !== undefined && maximum !== Number.MAX_SAFE_INTEGER) parts.push(`to ${maximum}`);
  if (exclusiveMaximum !== undefined) parts.push(`below ${exclusiveMaximum}`);
  return parts.length === 0 ? "" : ` ${parts.join(" ")}`;
}

/** A value as messages show it. */
export function shownValue(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (typeof value === "string") return quote(value);
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "keys with values";
  return String(value);
}
