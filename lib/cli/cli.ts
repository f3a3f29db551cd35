/**
 * The command line: finds the command, parses its words, runs it, and turns
 * any error into a message and an exit status.
 *
 * @module
 */

import { EXIT_OK, usageError } from "../errors.ts";
import type { ExperimentTable } from "../experiment.ts";
import type { Host } from "../host.ts";
import { nearest } from "../nearest.ts";
import { quote } from "../quote.ts";
import { COMMANDS } from "./commands/mod.ts";
import { parseFlags } from "./flags/parse_flags.ts";
import { exitCodeOf, renderError } from "./text/render_error.ts";
import { styleFor } from "./text/style.ts";

/** The word that the scripts of `completions` call sigrun with; no command for people. */
const COMPLETE = "__complete";

/**
 * Runs the command that `host.args` names.
 *
 * @returns the exit status
 */
export async function runCli(host: Host, experiments: ExperimentTable): Promise<number> {
  const noColor = host.args.includes("--no-color");
  if (host.args[0] === COMPLETE) {
    return await (await import("./completions/complete.ts")).complete(host, experiments);
  }
  try {
    const { name, words } = findCommand(host.args);
    const style = styleFor(host.stdout, host, noColor);
    if (name === undefined) {
      if (words[0] === "version") host.stdout.write(`sigrun ${host.system().sigrun}\n`);
      else host.stdout.write((await import("./text/help.ts")).programHelp(host, style));
      return EXIT_OK;
    }
    const { default: command } = await COMMANDS[name]!.load();
    const help = async (): Promise<number> => {
      const { commandHelp } = await import("./text/help.ts");
      host.stdout.write(commandHelp(name, { command, host, style }));
      return EXIT_OK;
    };
    // Before parsing, as help is wanted most when the words are wrong.
    if (words.some(asksForHelp)) return await help();
    const { flags, operands } = parseFlags(words, command);
    // Among other letters, as in -qh.
    if (flags.has("help")) return await help();
    return await command.run({ host, experiments, flags, operands, style });
  } catch (error) {
    const debug = host.args.includes("--debug");
    host.stderr.write(renderError(error, { style: styleFor(host.stderr, host, noColor), debug }));
    return exitCodeOf(error);
  }
}

function asksForHelp(word: string): boolean {
  return word === "-h" || word === "--help";
}

/** The command's name and the words after it; `runs list` is `runs:list`. */
function findCommand(
  args: readonly string[],
): { readonly name: string | undefined; readonly words: readonly string[] } {
  const [first, second] = args;
  if (first === undefined || asksForHelp(first)) return { name: undefined, words: [] };
  if (first === "help") return helpAsked(args.slice(1));
  if (["--version", "-V", "version"].includes(first)) {
    return { name: undefined, words: ["version"] };
  }
  if (Object.hasOwn(COMMANDS, first)) return { name: first, words: args.slice(1) };
  const joined = `${first}:${second ?? ""}`;
  if (Object.hasOwn(COMMANDS, joined)) return { name: joined, words: args.slice(2) };
  const names = Object.keys(COMMANDS);
  const group = names.filter((name) => name.startsWith(`${first}:`));
  const members = `There are: ${group.map((name) => name.replace(":", " ")).join(", ")}.`;
  if (group.length > 0 && second === undefined) {
    throw usageError(`Expected a command after ${quote(first)}, got nothing`, members);
  }
  if (group.length > 0 && asksForHelp(second!)) return { name: undefined, words: [] };
  const said = group.length > 0 ? `${first} ${second}` : first;
  const near = nearest(said.replace(" ", ":"), names);
  throw usageError(
    `Unknown command ${quote(said)}` +
      (near === undefined ? "" : `: did you mean ${near.replace(":", " ")}?`),
    group.length > 0
      ? members
      : first.startsWith("-")
      ? "The command comes first, then its flags; -h lists the commands."
      : "-h lists the commands.",
  );
}

/** What `help` is asked for: the program, a command, or a page of the manual. */
function helpAsked(words: readonly string[]): ReturnType<typeof findCommand> {
  const [first, second] = words;
  if (first === undefined) return { name: undefined, words: [] };
  const named = [first, `${first}:${second}`].find((name) => Object.hasOwn(COMMANDS, name));
  return named === undefined ? { name: "help", words } : { name: named, words: ["-h"] };
}
