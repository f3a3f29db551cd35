/**
 * Asks before something is done that cannot be taken back easily.
 *
 * @module
 */

import { usageError } from "../../errors.ts";
import type { Flag, Invocation } from "../commands/command.ts";

/** The flag of every command that asks. */
export const YES_FLAG: Flag = { name: "yes", alias: "y", help: "do it without asking" };

/**
 * Whether the user wants it. What is going to be done is shown first, on
 * standard error.
 *
 * @throws {UserError} if nobody can be asked
 */
export async function confirmed(
  { host, flags }: Pick<Invocation, "host" | "flags">,
  { plan, question }: {
    /** What is going to be done, in lines. */
    readonly plan: string;
    /** Ends without a question mark: `Delete 2 runs`. */
    readonly question: string;
  },
): Promise<boolean> {
  if (flags.has("yes")) return true;
  host.stderr.write(plan);
  if (!host.stdin.isTerminal) {
    throw usageError(
      `Cannot ask whether to ${question[0]!.toLowerCase()}${question.slice(1)}: ` +
        "standard input is no terminal",
      "To do it without being asked: --yes.",
    );
  }
  host.stderr.write(`${question}? [y/N] `);
  const answer = await line(host.stdin);
  if (/^y(es)?$/i.test(answer.trim())) return true;
  host.stderr.write("Nothing was done.\n");
  return false;
}

/** The first line of a stream. */
async function line(stdin: Invocation["host"]["stdin"]): Promise<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(1024);
  let text = "";
  while (!text.includes("\n") && text.length < 1024) {
    const read = await stdin.read(buffer);
    if (read === null) break;
    text += decoder.decode(buffer.subarray(0, read), { stream: true });
  }
  return text.split("\n")[0]!;
}
