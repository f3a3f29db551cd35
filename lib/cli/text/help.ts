/**
 * Help: examples first.
 *
 * @module
 */

import type { Host } from "../../host.ts";
import { type Command, COMMON_FLAGS, type Flag, typed } from "../commands/command.ts";
import { COMMANDS } from "../commands/mod.ts";
import { MANUAL } from "./manual.ts";
import type { Style } from "./style.ts";
import { labelled } from "./labelled.ts";

/** The help of the program. */
export function programHelp(host: Host, style: Style): string {
  const name = (command: string) => host.standalone ? command.replace(":", " ") : command;
  return [
    "sigrun runs trading-signal experiments so that every run can be found, compared,\n" +
    "proved and repeated.\n",
    `${style.bold("Examples")}\n` + indented([
      [typed(host, "run --config config.yaml"), "run an experiment and record it"],
      [typed(host, "run --config config.yaml --set window=20"), "the same with another window"],
      [typed(host, "runs:list"), "compare past runs"],
    ]),
    `${style.bold("Commands")}\n` +
    indented(Object.entries(COMMANDS).map(([command, { summary }]) => [name(command), summary])),
    `Flags of a command: ${typed(host, "runs:list -h")}\n` +
    `A page of the manual: ${typed(host, "help TOPIC")}, a topic being\n` +
    `${wrapped(Object.keys(MANUAL))}\n`,
  ].join("\n");
}

/** The help of one command. */
export function commandHelp(
  name: string,
  { command, host, style }: {
    readonly command: Command;
    readonly host: Host;
    readonly style: Style;
  },
): string {
  const usage = [typed(host, name), command.operands?.usage, "[FLAGS]"];
  return [
    `${command.summary}\n`,
    `${style.bold("Examples")}\n` +
    indented(command.examples.map(([example, what]) => [typed(host, example), what])),
    `${style.bold("Usage")}\n  ${usage.filter((part) => part !== undefined).join(" ")}\n`,
    `${style.bold("Flags")}\n` + indented([...command.flags, ...COMMON_FLAGS].map(flagHelp)),
    ...(command.notes === undefined ? [] : [
      `${style.bold(command.notes.title)}\n${
        command.notes.lines.map((line) => `  ${line}`.trimEnd() + "\n").join("")
      }`,
    ]),
  ].join("\n");
}

function flagHelp({ name, alias, value, repeatable, help }: Flag): [string, string] {
  const spelling = alias === undefined
    ? `--${name}`
    : alias.length === 1
    ? `-${alias}, --${name}`
    : `--${name}, --${alias}`;
  return [
    value === undefined ? spelling : `${spelling} ${value}`,
    repeatable ? `${help}; repeatable` : help,
  ];
}

function indented(lines: readonly (readonly [string, string])[]): string {
  return labelled(lines).replace(/^(?=.)/gm, "  ");
}

/** Words in lines of at most 78 characters, indented. */
function wrapped(words: readonly string[]): string {
  const lines: string[] = [];
  for (const word of words) {
    const line = lines.at(-1);
    if (line === undefined || line.length + word.length > 76) lines.push(`  ${word}`);
    else lines[lines.length - 1] = `${line}, ${word}`;
  }
  return lines.join(",\n");
}
