/**
 * What can be asked of the columns, parameters, metrics and tags of a run, as
 * SQL conditions on `runs`. NULL counts as false.
 *
 * Other tables are looked at run by run: their primary keys begin with the
 * run, and lists of all the runs that fit would have to be made first.
 *
 * @module
 */

import { type SQL, sql } from "drizzle-orm";
import { metrics, params, runs, tags } from "../schema.ts";
import type { Column } from "./columns.ts";
import { joined, type Nested } from "./joined.ts";
import type { Target } from "./names.ts";
import type { Literal, Operator, Span } from "./syntax.ts";
import {
  hashValue,
  numberValue,
  statusValue,
  timeValue,
  type ValueContext,
  wrongOperator,
} from "./values.ts";

/** What a comparison depends on besides the registry. */
export interface ComparisonContext {
  /** The expression's text, for errors. */
  readonly text: string;
  /** The time that dates are relative to. */
  readonly now: Date;
  /** Ids of the runs that are stored as running and have no process. */
  readonly crashed: readonly string[];
}

/** How a target is held against a value; `!=` is the opposite of `=`. */
export type Sign = Exclude<Operator, "!=">;

/** A value, and where the comparison stands. */
export interface Compared {
  /** The value. */
  readonly value: Literal;
  /** The comparison, for errors. */
  readonly span: Span;
}

/** What can be asked of a target. */
export interface Comparison {
  /** Whether it stands like that to a value. */
  compare(sign: Sign, compared: Compared): SQL;
  /** Whether it is one of some values. */
  in(values: readonly Literal[]): Nested;
  /** Whether there is none. */
  missing(): SQL;
}

/** What can be asked of this target. */
export function comparisonOf(target: Target, context: ComparisonContext): Comparison {
  switch (target.kind) {
    case "column":
      return columnComparison(target.column, context);
    case "metric":
      return metricComparison({ text: context.text, name: target.key });
    case "param":
      return paramComparison(target.key);
    case "tag":
      return tagComparison(target.key, context);
  }
}

function columnComparison(column: Column, context: ComparisonContext): Comparison {
  const { value: stored, kind, name } = column;
  const { text } = context;
  switch (kind) {
    case "tags":
      return tagsComparison({ text, name });
    case "number":
      return numberComparison(stored, { text, name });
    case "time":
      return timeComparison(stored, context);
    case "hash":
      return hashComparison(stored, { text, name });
    case "id":
      return textComparison(stored, {
        equal: (values) => {
          const [suffixes, ids] = [true, false].map((short) =>
            values.filter((value) => (value.text.length === SUFFIX_LENGTH) === short)
              .map((value) => value.text)
          );
          return sql`(${stored} IN ${ids} OR substr(${stored}, ${-SUFFIX_LENGTH}) IN ${suffixes})`;
        },
      });
    case "status": {
      const effective = statusSql(context.crashed);
      return textComparison(effective, {
        equal: (values) =>
          sql`${effective} IN ${values.map((value) => statusValue(value, { text }))}`,
      });
    }
    case "text":
      return textComparison(stored);
  }
}

/** Letters of the suffix of an id. */
const SUFFIX_LENGTH = 6;

function textComparison(
  stored: SQL,
  { equal = (values) => sql`${stored} IN ${values.map(({ text }) => text)}` }: {
    /** Whether it is one of some values, where that is no matter of the text alone. */
    readonly equal?: (values: readonly Literal[]) => SQL;
  } = {},
): Comparison {
  return {
    compare: (sign, { value }) => {
      if (sign === "=") return equal([value]);
      return sign === "~" ? contains(stored, value.text) : ordered(stored, sign, value.text);
    },
    in: (values) => flat(equal(values)),
    missing: () => sql`${stored} IS NULL`,
  };
}

/** A stretch of time is after what comes before it begins, and before what comes when it ends. */
function timeComparison(stored: SQL, context: ComparisonContext): Comparison {
  const test = (sign: Exclude<Sign, "~">, value: Literal): SQL => {
    const { from, to } = timeValue(value, context);
    if (from === to) return ordered(stored, sign, from);
    if (sign === "=") return sql`(${stored} >= ${from} AND ${stored} < ${to})`;
    if (sign === "<=") return sql`${stored} < ${to}`;
    return sign === ">" ? sql`${stored} >= ${to}` : ordered(stored, sign, from);
  };
  return {
    ...textComparison(stored),
    compare: (sign, { value }) => sign === "~" ? contains(stored, value.text) : test(sign, value),
    in: (values) => anyOf(values.map((value) => test("=", value))),
  };
}

/** A hash is equal to its first digits. */
function hashComparison(stored: SQL, context: ValueContext): Comparison {
  const begins = (value: Literal): SQL => {
    const prefix = hashValue(value, context);
    // Nothing but digits follows, and they all come before g.
    return sql`(${stored} >= ${prefix} AND ${stored} < ${`${prefix}g`})`;
  };
  return {
    ...textComparison(stored),
    compare: (sign, { value, span }) => {
      if (sign === "~") return contains(stored, value.text);
      if (sign === "=") return begins(value);
      throw wrongOperator(span, { ...context, operators: "=, != or ~" });
    },
    in: (values) => anyOf(values.map(begins)),
  };
}

function numberComparison(stored: SQL, context: ValueContext): Comparison {
  return {
    compare: (sign, { value, span }) => {
      if (sign === "~") {
        throw wrongOperator(span, { ...context, operators: "=, !=, <, <=, > or >=" });
      }
      return ordered(stored, sign, numberValue(value, context));
    },
    in: (values) => flat(sql`${stored} IN ${values.map((value) => numberValue(value, context))}`),
    missing: () => sql`${stored} IS NULL`,
  };
}

function metricComparison(context: ValueContext): Comparison {
  const { name: key } = context;
  const having = (condition: SQL): SQL =>
    sql`EXISTS (SELECT 1 FROM ${metrics}
      WHERE ${metrics.runId} = ${runs.id} AND ${metrics.key} = ${key} AND ${condition})`;
  const value = numberComparison(sql`${metrics.value}`, context);
  return {
    compare: (sign, compared) => having(value.compare(sign, compared)),
    in: (values) => flat(having(value.in(values).condition)),
    missing: () =>
      sql`NOT EXISTS (SELECT 1 FROM ${metrics}
        WHERE ${metrics.runId} = ${runs.id} AND ${metrics.key} = ${key})`,
  };
}

/**
 * Numbers are held against numbers and text against text; what is neither is
 * the text of its JSON, and null is missing.
 */
function paramComparison(key: string): Comparison {
  const { value: json, number } = params;
  const having = (condition: SQL): SQL =>
    sql`EXISTS (SELECT 1 FROM ${params}
      WHERE ${params.runId} = ${runs.id} AND ${params.key} = ${key} AND ${condition})`;
  const text = sql`CASE WHEN substr(${json}, 1, 1) = '"' THEN ${json} ->> '$' ELSE ${json} END`;
  const isThere = sql`${json} <> 'null'`;
  const isText = sql`${number} IS NULL AND ${isThere}`;
  const isOneOf = (values: readonly Literal[]): SQL => {
    const numbers = values.flatMap(({ number }) => number === null ? [] : [number]);
    const forms = values.filter(({ number }) => number === null).flatMap(({ text }) => {
      const string = JSON.stringify(text);
      // JSON that begins with a quote is that of another text.
      return text.startsWith('"') ? [string] : [string, text];
    });
    // Bound as they are: the column would have them in JSON once more.
    const texts = sql.join(forms.map((form) => sql`${form}`), sql`, `);
    return forms.length === 0
      ? sql`${number} IN ${numbers}`
      : sql`(${number} IN ${numbers} OR (${isText} AND ${json} IN (${texts})))`;
  };
  return {
    compare: (sign, { value }) => {
      if (sign === "=") return having(isOneOf([value]));
      if (sign === "~") return having(sql`${isThere} AND ${contains(text, value.text)}`);
      return having(
        value.number === null
          ? sql`${isText} AND ${ordered(text, sign, value.text)}`
          : ordered(sql`${number}`, sign, value.number),
      );
    },
    in: (values) => flat(having(isOneOf(values))),
    missing: () =>
      sql`NOT EXISTS (SELECT 1 FROM ${params}
        WHERE ${params.runId} = ${runs.id} AND ${params.key} = ${key} AND ${isThere})`,
  };
}

/** All tags of a run: one of them has to fit. */
function tagsComparison(context: ValueContext): Comparison {
  return {
    compare: (sign, { value, span }) => {
      if (sign === "=") return hasTag(sql`${tags.tag} = ${value.text}`);
      if (sign === "~") return hasTag(contains(sql`${tags.tag}`, value.text));
      throw wrongOperator(span, { ...context, operators: "=, != or ~" });
    },
    in: (values) => flat(hasTag(sql`${tags.tag} IN ${values.map(({ text }) => text)}`)),
    missing: () => sql`NOT EXISTS (SELECT 1 FROM ${tags} WHERE ${tags.runId} = ${runs.id})`,
  };
}

/** One tag: it is there or not. */
function tagComparison(tag: string, { text }: ComparisonContext): Comparison {
  const refuse = (span: Span): never => {
    throw wrongOperator(span, { text, name: tag, operators: "the tag alone, or tag = …" });
  };
  return {
    compare: (_, { span }) => refuse(span),
    in: (values) => refuse(values[0]!),
    missing: () => sql`NOT ${tagged(tag)}`,
  };
}

/** Whether a run has a tag. */
export function tagged(tag: string): SQL {
  return hasTag(sql`${tags.tag} = ${tag}`);
}

function hasTag(condition: SQL): SQL {
  return sql`EXISTS (SELECT 1 FROM ${tags} WHERE ${tags.runId} = ${runs.id} AND ${condition})`;
}

/** The status as users see it. */
function statusSql(crashed: readonly string[]): SQL {
  if (crashed.length === 0) return sql`${runs.status}`;
  const ids = JSON.stringify(crashed);
  return sql`CASE WHEN ${runs.status} = 'running'
    AND ${runs.id} IN (SELECT value FROM json_each(${ids})) THEN 'crashed' ELSE ${runs.status} END`;
}

const SIGNS: Readonly<Record<Exclude<Sign, "~">, SQL>> = {
  "=": sql`=`,
  "<": sql`<`,
  "<=": sql`<=`,
  ">": sql`>`,
  ">=": sql`>=`,
};

function ordered(stored: SQL, sign: Exclude<Sign, "~">, value: string | number): SQL {
  return sql`${stored} ${SIGNS[sign]} ${value}`;
}

/** Whether text is in text, where A to Z are a to z. */
function contains(stored: SQL, text: string): SQL {
  return sql`instr(lower(${stored}), lower(${text})) > 0`;
}

function flat(condition: SQL): Nested {
  return { condition, depth: 0 };
}

function anyOf(conditions: readonly SQL[]): Nested {
  return joined(conditions.map(flat), "OR");
}
