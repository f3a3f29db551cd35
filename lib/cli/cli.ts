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
import { commandHelp, programHelp } from "./help.ts";
import { parseFlags } from "./parse_flags.ts";
import { exitCodeOf, renderError } from "./render_error.ts";
import { styleFor } from "./style.ts";

/**
 * Runs the command that `host.args` names.
 *
 * @returns the exit status
 */
export async function runCli(host: Host, experiments: ExperimentTable): Promise<number> {
  const noColor = host.args.includes("--no-color");
  try {
    const { name, words } = findCommand(host.args);
    const style = styleFor(host.stdout, host, noColor);
    if (name === undefined) {
      host.stdout.write(
        words[0] === "version" ? `sigrun ${host.system().sigrun}\n` : programHelp(host, style),
      );
      return EXIT_OK;
    }
    const { default: command } = await COMMANDS[name]!.load();
    // Before parsing, as help is wanted most when the words are wrong.
    if (words.some((word) => word === "-h" || word === "--help")) {
      host.stdout.write(commandHelp(name, { command, host, style }));
      return EXIT_OK;
    }
    const { flags, operands } = parseFlags(words, command);
    return await command.run({ host, experiments, flags, operands, style });
  } catch (error) {
    const debug = host.args.includes("--debug");
    host.stderr.write(renderError(error, { style: styleFor(host.stderr, host, noColor), debug }));
    return exitCodeOf(error);
  }
}

/** The command's name and the words after it; `runs list` is `runs:list`. */
function findCommand(
  args: readonly string[],
): { readonly name: string | undefined; readonly words: readonly string[] } {
  const [first, second] = args;
  if (first === undefined || first === "-h" || first === "--help" || first === "help") {
    return { name: undefined, words: [] };
  }
  if (first === "--version" || first === "-V") return { name: undefined, words: ["version"] };
  if (Object.hasOwn(COMMANDS, first)) return { name: first, words: args.slice(1) };
  const joined = `${first}:${second ?? ""}`;
  if (Object.hasOwn(COMMANDS, joined)) return { name: joined, words: args.slice(2) };
  const names = Object.keys(COMMANDS);
  const group = names.filter((name) => name.startsWith(`${first}:`));
  const said = group.length > 0 && second !== undefined ? `${first} ${second}` : first;
  const near = nearest(said.replace(" ", ":"), names);
  throw usageError(
    `Unknown command ${quote(said)}` +
      (near === undefined ? "" : `: did you mean ${near.replace(":", " ")}?`),
    group.length > 0
      ? `There are: ${group.map((name) => name.replace(":", " ")).join(", ")}.`
      : "-h lists the commands.",
  );
}
