/**
 * From words to flags and operands.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { usageError } from "../../errors.ts";
import { nearest } from "../../nearest.ts";
import { quote } from "../../quote.ts";
import { type Command, COMMON_FLAGS, type Flag, type Flags } from "../commands/command.ts";

/** What was parsed. */
export interface ParsedWords {
  /** The flags. */
  readonly flags: Flags;
  /** The operands. */
  readonly operands: readonly string[];
}

/**
 * Parses the words after a command.
 *
 * @throws {UserError} on an unknown flag (with the nearest one), a flag
 * without its value, a switch with one, or the wrong number of operands
 */
export function parseFlags(
  words: readonly string[],
  command: Pick<Command, "flags" | "operands">,
): ParsedWords {
  const known = [...command.flags, ...COMMON_FLAGS];
  const valued = known.filter((flag) => flag.value !== undefined);
  const switches = known.filter((flag) => flag.value === undefined);
  for (const word of words) {
    if (word === "--") break;
    refuseSwitchValue(word, switches);
  }
  const parsed = parseArgs(withDashes(words, valued), {
    // "_": operands stay text, as a run's suffix may be all digits.
    string: ["_", ...valued.map(({ name }) => name)],
    boolean: switches.map(({ name }) => name),
    collect: valued.map(({ name }) => name),
    alias: Object.fromEntries(known.flatMap(({ name, alias }) => alias ? [[name, alias]] : [])),
    unknown: (word, key) => {
      if (key !== undefined) throw unknownFlag(word, known);
      return true;
    },
  });
  const values = new Map(valued.map((flag) => [flag.name, valuesOf(flag, parsed[flag.name])]));
  const operands = parsed._.map(String);
  checkOperands(operands, { command, given: known.filter(({ name }) => values.get(name)?.length) });
  return { flags: flagsFrom(values, parsed), operands };
}

/** The words with `--data -` written as `--data=-`: to the parser a dash alone is an operand. */
function withDashes(words: readonly string[], valued: readonly Flag[]): readonly string[] {
  const end = words.indexOf("--");
  const spelt = valued.flatMap(({ name, alias = name }) => [
    `--${name}`,
    alias.length === 1 ? `-${alias}` : `--${alias}`,
  ]);
  const takesDash = (at: number): boolean =>
    words[at + 1] === "-" && (end === -1 || at < end) && spelt.includes(words[at] ?? "");
  return words.flatMap((word, at) =>
    takesDash(at) ? [`${word}=-`] : takesDash(at - 1) ? [] : [word]
  );
}

function flagsFrom(
  values: ReadonlyMap<string, readonly string[]>,
  switches: Readonly<Record<string, unknown>>,
): Flags {
  const text = (name: string): string | undefined => values.get(name)?.at(-1);
  return {
    has: (name) => switches[name] === true,
    text,
    list: (name) => values.get(name) ?? [],
    count: (name) => {
      const value = text(name);
      if (value === undefined) return undefined;
      if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
      throw usageError(`Cannot use --${name} ${quote(value)}: expected a whole number from 1`);
    },
  };
}

function valuesOf(flag: Flag, value: unknown): readonly string[] {
  const values = (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(String);
  if (values.includes("")) {
    throw usageError(
      `--${flag.name} needs a value: --${flag.name} ${flag.value}`,
      `A value that begins with a dash is written --${flag.name}=-…`,
    );
  }
  return values;
}

/** `--json=1` and the like: a switch is given or not. */
function refuseSwitchValue(word: string, switches: readonly Flag[]): void {
  const [name, value] = word.replace(/^--/, "").split("=", 2);
  if (!word.startsWith("--") || value === undefined) return;
  if (switches.some((flag) => flag.name === name)) {
    throw usageError(`--${name} takes no value, got ${quote(value)}`);
  }
}

function unknownFlag(word: string, known: readonly Flag[]): Error {
  const name = word.replace(/^-+/, "").split("=", 1)[0]!;
  const names = known.flatMap(({ name, alias }) =>
    alias && alias.length > 1 ? [name, alias] : [name]
  );
  const near = nearest(name, names);
  return usageError(
    `Unknown flag ${quote(word.split("=", 1)[0]!)}` +
      (near === undefined ? "" : `: did you mean --${near}?`),
    /^-\d/.test(word)
      ? `A value that begins with a dash is written --flag=${word}.`
      : "-h lists the flags.",
  );
}

function checkOperands(
  operands: readonly string[],
  { command, given }: {
    readonly command: Pick<Command, "operands">;
    readonly given: readonly Flag[];
  },
): void {
  const { usage, min, max } = command.operands ?? { usage: "", min: 0, max: 0 };
  if (operands.length > max) {
    const surplus = operands[max]!;
    throw usageError(
      `Unexpected word ${quote(surplus)}` + (max === 0 ? "" : `: expected ${usage}`),
      /^[a-z_.]+=/.test(surplus)
        ? `To set a value of the config: --set ${quote(surplus)}`
        : given.find(({ surplus }) => surplus !== undefined)?.surplus ?? "-h shows the usage.",
    );
  }
  if (operands.length < min) {
    throw usageError(
      `Expected ${usage}, got ${
        operands.length === 0 ? "nothing" : operands.map((word) => quote(word)).join(" ")
      }`,
      "-h shows the usage.",
    );
  }
}
