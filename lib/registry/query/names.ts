/**
 * What the names in an expression, a list or a sort order are the names of.
 *
 * @module
 */

import { usageError } from "../../errors.ts";
import { nearest } from "../../nearest.ts";
import { quote, shortened } from "../../quote.ts";
import { type KnownNames, knownNamesOf, type NameKinds, nameKinds } from "../known_names.ts";
import type { Registry } from "../open.ts";
import { type Column, columnNamed, COLUMNS } from "./columns.ts";
import { type Name, type Prefix, splitPrefix } from "./syntax.ts";

/** What has one value in a run: a column, a parameter or a metric. */
export type ValueTarget =
  | { readonly kind: "column"; readonly column: Column }
  | { readonly kind: "param" | "metric"; readonly key: string };

/** What a name is the name of. */
export type Target = ValueTarget | { readonly kind: "tag"; readonly key: string };

/** A name and the place that it is wanted for. */
export interface WantedName extends Pick<Name, "prefix" | "key"> {
  /** Whether a tag may be meant, as where the name stands alone. */
  readonly mayBeTag: boolean;
}

/** What is wrong with a name, for a message that says where. */
export interface NameProblem {
  /** What is wrong. */
  readonly message: string;
  /** What to do. */
  readonly hint: string;
}

/**
 * The target of each name, in their order, or what is wrong with it.
 *
 * @throws {UserError} if the registry cannot be read
 */
export async function resolveNames(
  registry: Registry,
  names: readonly WantedName[],
): Promise<readonly (Target | NameProblem)[]> {
  const kinds = await nameKinds(registry, [...new Set(names.map(({ key }) => key))]);
  let known: KnownNames | undefined;
  const resolved: (Target | NameProblem)[] = [];
  for (const name of names) {
    const targets = targetsOf(name, kinds.get(name.key)!);
    if (targets.length === 1) resolved.push(targets[0]!);
    else if (targets.length > 1) resolved.push(ambiguous(name, targets));
    else if (kinds.get(name.key)!.tag && name.prefix === null) resolved.push(aTag(name));
    else resolved.push(unknown(name, known ??= await knownNamesOf(registry)));
  }
  return resolved;
}

/**
 * What one name outside of an expression is the name of: that of a column, a
 * parameter or a metric.
 *
 * @throws {UserError} if there is none, with the nearest, or more than one
 */
export async function resolveName(
  registry: Registry,
  text: string,
): Promise<ValueTarget> {
  const [target] = await resolveNames(registry, [{ ...splitPrefix(text), mayBeTag: false }]);
  if ("message" in target!) throw usageError(target.message, target.hint);
  if (target!.kind !== "tag") return target as ValueTarget;
  throw usageError(`Expected a column, a parameter or a metric, got the tag ${quote(target!.key)}`);
}

/** All that a name can be the name of. */
function targetsOf({ prefix, key, mayBeTag }: WantedName, kinds: NameKinds): readonly Target[] {
  const column = columnNamed(key);
  const isWanted = (wanted: Prefix): boolean => prefix === null || prefix === wanted;
  const named: readonly Target[] = [
    ...(column !== undefined && isWanted("run") ? [{ kind: "column" as const, column }] : []),
    ...(kinds.param && isWanted("param") ? [{ kind: "param" as const, key }] : []),
    // The column is that metric.
    ...(kinds.metric && isWanted("metric") && !(prefix === null && column?.name === "signal_rate")
      ? [{ kind: "metric" as const, key }]
      : []),
  ];
  const isTag = kinds.tag && (prefix === "tag" || (prefix === null && mayBeTag));
  return isTag && named.length === 0 ? [{ kind: "tag", key }] : named;
}

function ambiguous({ key }: WantedName, targets: readonly Target[]): NameProblem {
  const choices = targets.map(({ kind }) =>
    `${kind === "column" ? "run" : kind}.${shortened(key)}`
  );
  return {
    message: `Cannot tell what ${quote(key)} is: there are ${choices.join(" and ")}`,
    hint: `Write one of them: ${choices.join(", ")}.`,
  };
}

function aTag({ key }: WantedName): NameProblem {
  return {
    message: `${quote(key)} is a tag: a run has it or not`,
    hint: `Write it alone, or compare all tags: tag = ${shortened(key)}`,
  };
}

/** Names that are columns of a list, computed of its runs and of others, and stored nowhere. */
const COMPUTED: readonly string[] = ["deflated_sharpe"];

function unknown({ prefix, key, mayBeTag }: WantedName, known: KnownNames): NameProblem {
  if (COMPUTED.includes(key)) {
    return {
      message: `Cannot find or sort runs by ${quote(key)}: it is computed when it is shown`,
      hint: `runs:list has it as a column, with --cols id,${key}; each further run changes it.`,
    };
  }
  const candidates: Readonly<Record<Prefix, readonly string[]>> = {
    run: Object.keys(COLUMNS),
    param: known.params,
    metric: known.metrics,
    tag: known.tags,
  };
  const all = prefix === null
    ? [...candidates.run, ...known.params, ...known.metrics, ...(mayBeTag ? known.tags : [])]
    : candidates[prefix];
  const near = nearest(key, all);
  const noun = prefix === null
    ? "name"
    : { run: "column", param: "parameter", metric: "metric", tag: "tag" }[prefix];
  const listed = [
    ...new Set(prefix === null ? [...known.params, ...known.metrics, ...candidates.run] : all),
  ];
  return {
    message: `Unknown ${noun} ${quote(key)}` +
      (near === undefined ? "" : `: did you mean ${shortened(near)}?`),
    hint: listed.length === 0
      ? `No run has a ${noun}.`
      : `There are: ${listed.slice(0, MOST_LISTED).map((name) => shortened(name)).join(", ")}${
        listed.length > MOST_LISTED ? ", …" : ""
      }.`,
  };
}

/** One screen holds no more. */
const MOST_LISTED = 60;
