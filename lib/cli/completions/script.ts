/**
 * The scripts that teach a shell to complete sigrun's words. They ask sigrun
 * itself, so that they need not be made again when it changes.
 *
 * @module
 */

import bash from "./sigrun.bash" with { type: "text" };
import fish from "./sigrun.fish" with { type: "text" };
import zsh from "./sigrun.zsh" with { type: "text" };

/** The shells. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** One of {@linkcode SHELLS}. */
export type Shell = typeof SHELLS[number];

const SCRIPTS: Readonly<Record<Shell, string>> = { bash, zsh, fish };

/** Where zsh looks whose words a file completes. */
const ZSH_HEADER = "#compdef sigrun\n";

/**
 * The script for a shell.
 *
 * @param start the words that start sigrun, where that is no program of that
 * name: a function `sigrun` stands for them; null for the compiled binary
 */
export function completionScript(shell: Shell, start: readonly string[] | null): string {
  return [
    shell === "zsh" ? ZSH_HEADER : "",
    `# Completion of sigrun's words for ${shell}.\n`,
    start === null ? "" : functionFor(shell, start),
    SCRIPTS[shell],
  ].join("");
}

/** A function `sigrun`, unless there is something of that name. */
function functionFor(shell: Shell, start: readonly string[]): string {
  if (shell === "fish") {
    const words = start.map((word) => `'${word.replaceAll(/['\\]/g, "\\$&")}'`).join(" ");
    return `if not type -q sigrun\n    function sigrun\n        ${words} $argv\n    end\nend\n`;
  }
  const words = start.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  return `if ! command -v sigrun >/dev/null 2>&1; then\n  sigrun() { ${words} "$@"; }\nfi\n`;
}
