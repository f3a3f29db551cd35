/**
 * `sigrun __complete WORD … CURRENT`: what the scripts of `completions` ask
 * for. It prints candidates, and whatever goes wrong it prints none.
 *
 * @module
 */

import { EXIT_OK } from "../../errors.ts";
import type { ExperimentTable } from "../../experiment.ts";
import type { Host } from "../../host.ts";
import { COMMON_FLAGS, type Flag } from "../commands/command.ts";
import { COMMANDS } from "../commands/mod.ts";
import { type Candidate, candidateLines, type Candidates, NOTHING } from "./candidates.ts";
import { operandKind, valueCandidates } from "./values.ts";

/** Prints the candidates for the last word; the exit status is always 0. */
export async function complete(host: Host, experiments: ExperimentTable): Promise<number> {
  const words = host.args.slice(1, -1);
  const current = host.args.slice(1).at(-1) ?? "";
  try {
    const found = await candidatesFor({ words, current, host, experiments });
    host.stdout.write(candidateLines(found, { prefix: current }));
  } catch {
    // A key that was pressed is no place for an error.
  }
  return EXIT_OK;
}

interface Request {
  readonly words: readonly string[];
  readonly current: string;
  readonly host: Host;
  readonly experiments: ExperimentTable;
}

async function candidatesFor(request: Request): Promise<Candidates> {
  const { words, current } = request;
  const [first, second] = words;
  if (first === undefined) return { words: topLevel(current) };
  if (first === "help" && !current.startsWith("-")) {
    const asked = await candidatesFor({ ...request, words: words.slice(1) });
    if (second !== undefined) return asked;
    const { MANUAL } = await import("../text/manual.ts");
    const pages = Object.entries(MANUAL).map(([value, { about }]) => ({
      value,
      description: about,
    }));
    return { words: [...asked.words, ...pages] };
  }
  if (Object.hasOwn(COMMANDS, first)) return await within(first, request, words.slice(1));
  if (second === undefined) return { words: membersOf(first) };
  const joined = `${first}:${second}`;
  return Object.hasOwn(COMMANDS, joined) ? await within(joined, request, words.slice(2)) : NOTHING;
}

/** Commands and groups of them; with a colon, commands as the tasks spell them. */
function topLevel(current: string): readonly Candidate[] {
  const entries = Object.entries(COMMANDS);
  if (current.includes(":")) {
    return entries.map(([value, { summary }]) => ({ value, description: summary }));
  }
  const groups = new Map<string, string>();
  for (const [name, { summary }] of entries) {
    const [group, member] = name.split(":");
    const members = groups.get(group!);
    groups.set(
      group!,
      member === undefined ? summary : members === undefined ? member : `${members}, ${member}`,
    );
  }
  return [
    ...[...groups].map(([value, description]) => ({ value, description })),
    { value: "version", description: "print the version" },
  ];
}

function membersOf(group: string): readonly Candidate[] {
  return Object.entries(COMMANDS).filter(([name]) => name.startsWith(`${group}:`))
    .map(([name, { summary }]) => ({
      value: name.slice(group.length + 1),
      description: summary,
    }));
}

/** Candidates for a word after a command. */
async function within(
  name: string,
  { current, host, experiments }: Request,
  words: readonly string[],
): Promise<Candidates> {
  const { default: command } = await COMMANDS[name]!.load();
  const flags = [...command.flags, ...COMMON_FLAGS];
  const { given, operands, waiting, onlyOperands } = parse(words, flags);
  const source = { command: name, given, host, experiments };
  if (waiting !== undefined) {
    return await valueCandidates(waiting.takes ?? null, { ...source, current });
  }
  const assigned = /^(--[^=]+)=(.*)$/s.exec(current);
  if (!onlyOperands && assigned !== null) {
    const flag = flagOf(assigned[1]!, flags);
    if (flag?.value === undefined) return NOTHING;
    const found = await valueCandidates(flag.takes ?? null, { ...source, current: assigned[2]! });
    const words = found.words.map((word) => ({ ...word, value: `${assigned[1]}=${word.value}` }));
    return { ...found, words };
  }
  if (!onlyOperands && current.startsWith("-")) return { words: flagWords(flags, given) };
  const kind = operandKind(command.operands, operands.length);
  const found = await valueCandidates(kind, { ...source, current });
  const isEmpty = found.words.length === 0 && found.paths === undefined;
  return isEmpty && kind === null && !onlyOperands ? { words: flagWords(flags, given) } : found;
}

function flagWords(
  flags: readonly Flag[],
  given: ReadonlyMap<string, readonly string[]>,
): readonly Candidate[] {
  return flags.filter(({ name, repeatable }) => repeatable || !given.has(name)).flatMap((flag) => [
    { value: `--${flag.name}`, description: flag.help },
    ...((flag.alias?.length ?? 0) > 1
      ? [{ value: `--${flag.alias}`, description: flag.help }]
      : []),
  ]);
}

/** What stands before the cursor. */
interface Before {
  /** The flags that were given, with their values. */
  readonly given: ReadonlyMap<string, readonly string[]>;
  /** The operands. */
  readonly operands: readonly string[];
  /** The flag whose value is to come. */
  readonly waiting: Flag | undefined;
  /** Whether `--` came by. */
  readonly onlyOperands: boolean;
}

function parse(words: readonly string[], flags: readonly Flag[]): Before {
  const given = new Map<string, string[]>();
  const operands: string[] = [];
  let waiting: Flag | undefined;
  let onlyOperands = false;
  const add = ({ name }: Flag, value: string): void => {
    given.set(name, [...given.get(name) ?? [], value]);
  };
  for (const word of words) {
    if (waiting !== undefined) {
      add(waiting, word);
      waiting = undefined;
    } else if (onlyOperands || !word.startsWith("-") || word === "-") operands.push(word);
    else if (word === "--") onlyOperands = true;
    else {
      const [spelling, ...rest] = word.split("=");
      const flag = flagOf(spelling!, flags);
      if (flag === undefined) continue;
      if (flag.value !== undefined && rest.length === 0) waiting = flag;
      else add(flag, rest.join("="));
    }
  }
  return { given, operands, waiting, onlyOperands };
}

function flagOf(spelling: string, flags: readonly Flag[]): Flag | undefined {
  const word = spelling.replace(/^--?/, "");
  const isLong = spelling.startsWith("--");
  return flags.find(({ name, alias }) =>
    isLong ? name === word || (alias === word && alias.length > 1) : alias === word
  );
}
