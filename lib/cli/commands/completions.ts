/**
 * `completions`
 *
 * @module
 */

import { join } from "node:path";
import project from "../../../deno.json" with { type: "json" };
import { binaryPermissions } from "../../build/compile.ts";
import { EXIT_OK, usageError } from "../../errors.ts";
import type { Host } from "../../host.ts";
import { nearest } from "../../nearest.ts";
import { quote } from "../../quote.ts";
import type { Command } from "./command.ts";
import { completionScript, SHELLS } from "../completions/script.ts";

/** Prints the script for a shell. */
const command: Command = {
  summary:
    "Prints a script that completes commands, flags, run references, tags, parameters and\n" +
    "metrics. Without the compiled binary it also makes a function sigrun, so that\n" +
    "`sigrun runs list` works from any folder.",
  examples: [
    ["completions bash > ~/.sigrun.bash", "then in ~/.bashrc: source ~/.sigrun.bash"],
    ["completions zsh > ~/.sigrun.zsh", "then in ~/.zshrc: source ~/.sigrun.zsh"],
    ["completions fish > ~/.config/fish/conf.d/sigrun.fish", "fish finds it by itself"],
  ],
  operands: { usage: SHELLS.join("|"), takes: [SHELLS], min: 1, max: 1 },
  flags: [],
  run({ host, operands: [name] }) {
    const shell = SHELLS.find((known) => known === name);
    if (shell === undefined) {
      const near = nearest(name!, SHELLS);
      throw usageError(
        `Unknown shell ${quote(name!)}` + (near === undefined ? "" : `: did you mean ${near}?`),
        `There are: ${SHELLS.join(", ")}.`,
      );
    }
    host.stdout.write(completionScript(shell, host.standalone ? null : startWords(host)));
    return Promise.resolve(EXIT_OK);
  },
};

export default command;

/** The words that start this program from any folder, with the flags of its tasks. */
function startWords({ programRoot }: Host): readonly string[] {
  const [, ...words] = project.tasks.run.command.split(" main.ts")[0]!.split(" ");
  return [
    Deno.execPath(),
    ...words.filter((word) => !word.startsWith("--allow-")),
    ...binaryPermissions(project),
    "--allow-run=git",
    "--config",
    join(programRoot, "deno.json"),
    join(programRoot, "main.ts"),
  ];
}
