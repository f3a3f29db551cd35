/**
 * The candidates for the value of a flag or for an operand.
 *
 * @module
 */

import type { ExperimentTable } from "../../experiment.ts";
import type { Host } from "../../host.ts";
import type { RegistryLocation } from "../../registry/location.ts";
import { RUN_STATUSES } from "../../record.ts";
import type { RecordedNames } from "../../registry/recorded_words.ts";
import type { Flags, Operands, ValueKind } from "../commands/command.ts";
import { locations } from "../flags/locations.ts";
import { type Candidate, type Candidates, NOTHING } from "./candidates.ts";

/** What the operand at a place takes; null for what cannot be offered. */
export function operandKind(operands: Operands | undefined, at: number): ValueKind | null {
  if (operands === undefined || at >= operands.max) return null;
  return operands.takes?.[at] ?? operands.takes?.at(-1) ?? null;
}

/** Where candidates come from. */
export interface ValueSource {
  /** The command. */
  readonly command: string;
  /** Its flags before the cursor. */
  readonly given: ReadonlyMap<string, readonly string[]>;
  /** What has been typed of the value. */
  readonly current: string;
  /** The machine. */
  readonly host: Host;
  /** The bundled experiments. */
  readonly experiments: ExperimentTable;
}

/** The candidates of a kind. */
export async function valueCandidates(
  kind: ValueKind | null,
  source: ValueSource,
): Promise<Candidates> {
  if (kind === null) return NOTHING;
  if (typeof kind !== "string") return { words: kind.map((value) => ({ value })) };
  switch (kind) {
    case "file":
      return { words: [], paths: "files" };
    case "folder":
      return { words: [], paths: "folders" };
    case "status":
      return { words: RUN_STATUSES.map((value) => ({ value })) };
    case "topic": {
      const { MANUAL } = await import("../text/manual.ts");
      const pages = Object.entries(MANUAL);
      return { words: pages.map(([value, { about }]) => ({ value, description: about })) };
    }
    case "experiment":
      return { words: Object.keys(source.experiments).map((value) => ({ value })) };
    case "run":
      return { words: await runWords(source) };
    case "tag":
      return { words: (await recorded(source)).tags.map((value) => ({ value })) };
    case "key":
      return { words: await keyWords(source), goesOn: true };
    case "metric":
      return {
        words: (await recorded(source)).metrics.map((value) => ({ value, description: "metric" })),
      };
    case "name":
      return { words: await nameWords(source) };
    case "names": {
      const before = source.current.slice(0, source.current.lastIndexOf(",") + 1);
      const words = (await nameWords(source))
        .map((word) => ({ ...word, value: `${before}${word.value}` }));
      return { words, goesOn: true };
    }
  }
}

/** The latest runs, or those that begin as typed: by suffix, and by id where that was begun. */
async function runWords({ command, current, ...source }: ValueSource): Promise<Candidate[]> {
  const { recentRuns } = await import("../../registry/recorded_words.ts");
  const deleted = command === "runs:restore";
  const isRelative = !deleted && "latest~1".startsWith(current);
  const typed = isRelative ? "" : current.toLowerCase();
  const runs = await recentRuns(placeOf(source), { prefix: typed, deleted });
  return [
    ...(isRelative ? ["latest", "latest~1"] : []).slice(0, runs.length)
      .map((value, back) => ({ value, description: runs[back]!.description })),
    ...runs.flatMap(({ id, description }) =>
      [id.slice(id.lastIndexOf("-") + 1), ...(current === "" ? [] : [id])]
        .map((value) => ({ value, description }))
    ),
  ];
}

/** Keys of a config: sigrun's own, and parameters of experiments and of recorded runs. */
async function keyWords(source: ValueSource): Promise<readonly Candidate[]> {
  const [{ evaluateShape, reservedShape }, { params }, experiments] = await Promise.all([
    import("../../config/reserved.ts"),
    recorded(source),
    Promise.all(Object.values(source.experiments).map((load) => load().catch(() => undefined))),
  ]);
  const described = new Map<string, string>();
  const shapes = {
    "": reservedShape,
    "columns.": reservedShape.columns.unwrap().shape,
    "evaluate.": evaluateShape,
  };
  for (const [prefix, shape] of Object.entries(shapes)) {
    for (const [key, type] of Object.entries(shape)) {
      described.set(`${prefix}${key}`, type.description ?? "");
    }
  }
  for (const module of experiments) {
    for (const [key, type] of Object.entries(module?.default.params ?? {})) {
      if (!described.has(key)) described.set(key, type.description ?? "");
    }
  }
  for (const key of params) if (!described.has(key)) described.set(key, "of recorded runs");
  return [...described].filter(([key]) => !key.includes("="))
    .map(([key, description]) => ({ value: `${key}=`, description }));
}

/** What runs can be chosen and sorted by. */
async function nameWords(source: ValueSource): Promise<readonly Candidate[]> {
  const [{ COLUMNS }, { params, metrics, tags }] = await Promise.all([
    import("../../registry/query/columns.ts"),
    recorded(source),
  ]);
  const words = (values: readonly string[], description: string): readonly Candidate[] =>
    values.map((value) => ({ value, description }));
  return [
    ...words(params, "parameter"),
    ...words(metrics, "metric"),
    ...words(Object.keys(COLUMNS), "column"),
    ...words(tags, "tag"),
  ];
}

/** Names in the registry, but for those that would be taken for flags. */
async function recorded(source: Pick<ValueSource, "given" | "host">): Promise<RecordedNames> {
  const { recordedNames } = await import("../../registry/recorded_words.ts");
  const { params, metrics, tags } = await recordedNames(placeOf(source));
  const isNoFlag = (name: string): boolean => !name.startsWith("-");
  return {
    params: params.filter(isNoFlag),
    metrics: metrics.filter(isNoFlag),
    tags: tags.filter(isNoFlag),
  };
}

/** The registry that the words and the environment name. */
function placeOf({ given, host }: Pick<ValueSource, "given" | "host">): RegistryLocation {
  const flags: Flags = {
    has: (name) => given.has(name),
    text: (name) => given.get(name)?.at(-1),
    list: (name) => given.get(name) ?? [],
    count: () => undefined,
  };
  return locations(flags, host).registry;
}
