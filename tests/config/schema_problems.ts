/**
 * As much of JSON Schema (draft 7) as configs use.
 *
 * @module
 */

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly items?: Schema;
  readonly pattern?: string;
  readonly anyOf?: readonly Schema[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema | true>>;
  readonly additionalProperties?: boolean;
  readonly allOf?: readonly Schema[];
  readonly if?: Schema;
  readonly then?: Schema;
}

const KNOWN = [
  ..."type enum const minimum maximum minLength maxLength pattern required properties".split(" "),
  ..."additionalProperties allOf anyOf minItems items if then $schema title description".split(" "),
  ..."default examples".split(" "),
];

/** Where `value` does not fit `schema`: `key: reason`, a path with dots. */
export function schemaProblems(
  schema: Schema | true,
  value: unknown,
  path = "",
): readonly string[] {
  if (schema === true) return [];
  const unknown = Object.keys(schema).find((word) => !KNOWN.includes(word));
  if (unknown !== undefined) throw new Error(`The schema says ${unknown}: teach this file`);
  if (schema.anyOf?.every((part) => schemaProblems(part, value).length > 0)) {
    return [`${path}: none of these`];
  }
  const problem = valueProblem(schema, value);
  if (problem !== undefined) return [`${path}: ${problem}`];
  const inner = isObject(value)
    ? objectProblems(schema, value, path)
    : Array.isArray(value)
    ? value.flatMap((each, at) => schemaProblems(schema.items ?? true, each, `${path}.${at}`))
    : [];
  const conditional = schema.if !== undefined && schemaProblems(schema.if, value).length === 0
    ? schemaProblems(schema.then ?? true, value, path)
    : [];
  return [
    ...inner,
    ...(schema.allOf ?? []).flatMap((part) => schemaProblems(part, value, path)),
    ...conditional,
  ];
}

function valueProblem(schema: Schema, value: unknown): string | undefined {
  if (schema.type !== undefined && !isOfType(value, schema.type)) return `not ${schema.type}`;
  if (schema.enum !== undefined && !schema.enum.includes(value)) return "not in enum";
  if (schema.const !== undefined && schema.const !== value) return "not the constant";
  if (typeof value === "number") {
    const { minimum = -Infinity, maximum = Infinity } = schema;
    if (value < minimum || value > maximum) return "out of range";
  }
  if (Array.isArray(value) && value.length < (schema.minItems ?? 0)) return "too few";
  if (typeof value === "string") {
    const { minLength = 0, maxLength = Infinity, pattern = "" } = schema;
    if (!new RegExp(pattern).test(value)) return "does not match";
    if (value.length < minLength || value.length > maxLength) return "too short or too long";
  }
  return undefined;
}

function objectProblems(
  { required = [], properties = {}, additionalProperties = true }: Schema,
  value: Readonly<Record<string, unknown>>,
  path: string,
): readonly string[] {
  const at = (key: string): string => path === "" ? key : `${path}.${key}`;
  return [
    ...required.filter((key) => !Object.hasOwn(value, key)).map((key) => `${at(key)}: missing`),
    ...Object.entries(value).flatMap(([key, inner]) =>
      Object.hasOwn(properties, key)
        ? schemaProblems(properties[key]!, inner, at(key))
        : additionalProperties
        ? []
        : [`${at(key)}: not allowed`]
    ),
  ];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case "integer":
      return Number.isInteger(value);
    case "object":
      return isObject(value);
    case "array":
      return Array.isArray(value);
    case "string":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    case "number":
      return typeof value === "number";
    default:
      throw new Error(`The schema says type ${type}: teach this file`);
  }
}
