/**
 * `runs:note`
 *
 * @module
 */

import { EXIT_OK, usageError } from "../../errors.ts";
import { jsonText } from "../../json_text.ts";
import { printableLines } from "../../quote.ts";
import { findRun } from "../../registry/reference.ts";
import { MAX_LABELS_BYTES } from "../../store/labels.ts";
import { type Command, type Invocation, JSON_FLAG, REGISTRY_FLAGS } from "./command.ts";
import { labelRuns } from "./label_runs.ts";
import { withExistingRegistry } from "../flags/open_runs.ts";

/** Writes a note about a run, or shows it. */
const command: Command = {
  summary: "Writes a note about a run, in place of the one that it has; without a text, shows it.",
  examples: [
    ["runs:note latest 'fees were left out'", "the last run"],
    ["runs:note k3f9x2 - < note.md", "from standard input"],
    ["runs:note k3f9x2", "show it"],
    ["runs:note k3f9x2 --remove", "take it away"],
  ],
  operands: { usage: "REF [TEXT | -]", takes: ["run", null], min: 1, max: 2 },
  flags: [
    { name: "remove", help: "take the note away" },
    ...REGISTRY_FLAGS,
    JSON_FLAG,
  ],
  async run(invocation) {
    const { operands: [reference, text], flags, host } = invocation;
    const isRemoval = flags.has("remove");
    if (isRemoval && text !== undefined) throw usageError("Cannot both write a note and --remove");
    if (text === undefined && !isRemoval) return await show(invocation);
    const note = text === "-" ? await inputText(host.stdin) : text;
    if (note?.trim() === "") {
      throw usageError("Cannot use an empty note", "To take a note away: runs:note REF --remove.");
    }
    return await labelRuns(invocation, {
      references: [reference!],
      change: (labels) => ({ ...labels, note: note ?? null }),
      say: ({ note }) => note === null ? "no note" : `note of ${characters(note)}`,
    });
  },
};

export default command;

async function show(invocation: Invocation): Promise<number> {
  const { host, flags, operands } = invocation;
  const run = await withExistingRegistry(
    invocation,
    (registry) => findRun(registry, operands[0]!),
  );
  if (flags.has("json")) host.stdout.write(jsonText({ schema: 1, id: run.id, note: run.note }));
  else if (run.note !== null) host.stdout.write(printableLines(run.note).replace(/\n*$/, "\n"));
  else host.stderr.write("There is no note.\n");
  return EXIT_OK;
}

function characters(text: string): string {
  const { length } = Array.from(text);
  return `${length} character${length === 1 ? "" : "s"}`;
}

/**
 * Standard input, without the line end of its last line.
 *
 * @throws {UserError} if it is not UTF-8, or too long for a note
 */
async function inputText(stdin: Invocation["host"]["stdin"]): Promise<string> {
  const parts: Uint8Array[] = [];
  const buffer = new Uint8Array(64 << 10);
  let bytes = 0;
  for (;;) {
    const read = await stdin.read(buffer);
    if (read === null) break;
    bytes += read;
    if (bytes > MAX_LABELS_BYTES) {
      throw usageError(
        `Cannot use standard input as a note: it is larger than ${MAX_LABELS_BYTES >> 20} MiB`,
        "Keep it in a file of its own, and name that.",
      );
    }
    parts.push(buffer.slice(0, read));
  }
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(whole);
    return text.replace(/\r?\n$/, "");
  } catch {
    throw usageError("Cannot use standard input as a note: it is not UTF-8");
  }
}
