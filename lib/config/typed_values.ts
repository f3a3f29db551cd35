/**
 * The values of a config, each as the type of its key takes it: a key that
 * takes text has the text as it was written, not the number that it looks like.
 *
 * @module
 */

import { z } from "zod";
import type { ParamsShape } from "../experiment.ts";
import { quote } from "../quote.ts";
import { unclearNumber, whyUnclear } from "./number_text.ts";
import { pathKey, type WrittenTexts } from "./yaml_values.ts";

/** A key and what is wrong with it. */
export interface Problem {
  /** The keys on the way to it. */
  readonly key: readonly string[];
  /** What is wrong, to be read after the key. */
  readonly message: string;
}

/** Values, and which of them are numbers that cannot be told. */
export interface TypedValues {
  /** The values. */
  readonly values: Readonly<Record<string, unknown>>;
  /** A problem for each number that has more than one reading. */
  readonly unclear: readonly Problem[];
}

/** Types the values of the keys that `shape` has; the others stay as they are. */
export function typedValues(
  values: Readonly<Record<string, unknown>>,
  { shape, written }: { readonly shape: ParamsShape; readonly written: WrittenTexts },
): TypedValues {
  const unclear: Problem[] = [];
  // Without a prototype, so that a key named __proto__ is a key like any other.
  const typed: Record<string, unknown> = Object.assign(Object.create(null), values);
  for (const key of Object.keys(values)) {
    if (!Object.hasOwn(shape, key)) continue;
    typed[key] = typedValue(values[key], { path: [key], types: [shape[key]!], written, unclear });
  }
  return { values: typed, unclear };
}

/** Where a value stands, and what it may be. */
interface Place {
  readonly path: readonly string[];
  /** It may be any of these types. */
  readonly types: readonly z.ZodType[];
  readonly written: WrittenTexts;
  readonly unclear: Problem[];
}

function typedValue(value: unknown, place: Place): unknown {
  const types = place.types.flatMap(optionsOf);
  if (Array.isArray(value)) {
    const elements = types.flatMap((type) =>
      type instanceof z.ZodArray ? [type.element as z.ZodType] : []
    );
    return value.map((inner, at) => typedInner(inner, { place, key: String(at), types: elements }));
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        typedInner(inner, { place, key, types: types.flatMap((type) => memberOf(type, key)) }),
      ]),
    );
  }
  if (typeof value !== "number" && typeof value !== "boolean") return value;
  const text = place.written.get(pathKey(place.path)) ?? String(value);
  if (types.some(takesText) && types.every((type) => takesText(type) || takesNone(type))) {
    return text;
  }
  const readings = typeof value === "number" ? unclearNumber(text, value) : [];
  if (readings.length > 0) {
    place.unclear.push({ key: place.path, message: whyUnclear(quote(text), readings) });
  }
  return value;
}

function typedInner(
  value: unknown,
  { place, key, types }: {
    readonly place: Place;
    readonly key: string;
    readonly types: readonly z.ZodType[];
  },
): unknown {
  return typedValue(value, { ...place, path: [...place.path, key], types });
}

/** A type without its default, or the options of a union. */
function optionsOf(type: z.ZodType): readonly z.ZodType[] {
  if (
    type instanceof z.ZodDefault || type instanceof z.ZodOptional || type instanceof z.ZodNullable
  ) {
    return optionsOf(type.unwrap() as z.ZodType);
  }
  if (type instanceof z.ZodUnion) return (type.options as readonly z.ZodType[]).flatMap(optionsOf);
  return [type];
}

function memberOf(type: z.ZodType, key: string): readonly z.ZodType[] {
  if (type instanceof z.ZodRecord) return [type.valueType as z.ZodType];
  if (!(type instanceof z.ZodObject)) return [];
  const shape = type.shape as ParamsShape;
  return Object.hasOwn(shape, key) ? [shape[key]!] : [];
}

/** Whether a type takes nothing but texts. */
function takesText(type: z.ZodType): boolean {
  if (type instanceof z.ZodEnum) return type.options.every((option) => typeof option === "string");
  if (type instanceof z.ZodLiteral) {
    return [...type.values].every((value) => typeof value === "string");
  }
  return type instanceof z.ZodString;
}

/** Whether a type takes no single value. */
function takesNone(type: z.ZodType): boolean {
  return type instanceof z.ZodArray || type instanceof z.ZodObject || type instanceof z.ZodRecord;
}
