/**
 * `doctor`
 *
 * @module
 */

import { examine } from "../../doctor/doctor.ts";
import {
  type Finding,
  FINDING_STATUSES,
  type FindingGroup,
  type FindingStatus,
} from "../../doctor/finding.ts";
import { EXIT_FAILED, EXIT_OK } from "../../errors.ts";
import { jsonText } from "../../json_text.ts";
import { printable } from "../../quote.ts";
import { type Command, type Invocation, JSON_FLAG, REGISTRY_FLAGS } from "./command.ts";
import { formatBytes } from "../text/format.ts";
import { locations } from "../flags/locations.ts";
import type { Style } from "../text/style.ts";

/** Looks whether all is as it should be. */
const command: Command = {
  summary: "Looks at versions, paths, permissions, the folder of runs and the registry, and says " +
    `what to\ndo about what is not as it should be. Changes nothing. Exits with ${EXIT_FAILED} if ` +
    "there is a problem.",
  examples: [
    ["doctor", "is all well?"],
    ["doctor --runs-dir /mnt/runs", "would it be there?"],
    ["doctor --json", "for a bug report"],
  ],
  flags: [...REGISTRY_FLAGS, JSON_FLAG],
  async run(invocation) {
    const { host, flags, style } = invocation;
    const groups = await examine({
      host,
      ...locations(flags, host),
      origins: {
        runsDir: origin(invocation, { flag: "runs-dir", variable: "SIGRUN_RUNS_DIR" }),
        registry: origin(invocation, { flag: "registry", variable: "SIGRUN_REGISTRY" }),
      },
      formatBytes,
    });
    const all = groups.flatMap(({ findings }) => findings);
    const count = (wanted: FindingStatus): number =>
      all.filter(({ status }) => status === wanted).length;
    const counts = { ok: count("ok"), warnings: count("warning"), problems: count("problem") };
    const verdict = counts.problems === 0 ? "healthy" : "problems";
    host.stdout.write(
      flags.has("json")
        ? jsonText({ schema: 1, verdict, ...counts, checks: groups.flatMap(groupJson) })
        : page(groups, { counts, style }),
    );
    return counts.problems === 0 ? EXIT_OK : EXIT_FAILED;
  },
};

export default command;

/** Where a path comes from. */
function origin(
  { flags, host }: Pick<Invocation, "flags" | "host">,
  { flag, variable }: { readonly flag: string; readonly variable: string },
): string {
  if (flags.text(flag) !== undefined) return `--${flag}`;
  return host.env(variable) === undefined ? "default" : variable;
}

function groupJson({ title, findings }: FindingGroup): readonly object[] {
  return findings.map((finding) => ({ group: title, ...finding }));
}

interface Counts {
  readonly ok: number;
  readonly warnings: number;
  readonly problems: number;
}

function page(
  groups: readonly FindingGroup[],
  { counts, style }: { readonly counts: Counts; readonly style: Style },
): string {
  const names = groups.flatMap(({ findings }) => findings.map(({ name }) => name.length));
  const width = Math.max(...names);
  const sections = groups.map(({ title, findings }) =>
    `${style.bold(title)}\n` + findings.map((finding) => lines(finding, { width, style })).join("")
  );
  return `${sections.join("\n")}\n${summary(counts, style)}\n`;
}

const STATUS_WIDTH = Math.max(...FINDING_STATUSES.map(({ length }) => length));

function lines(
  { name, status, found, advice }: Finding,
  { width, style }: { readonly width: number; readonly style: Style },
): string {
  const paint = { ok: style.green, warning: style.yellow, problem: style.red }[status];
  const label = `  ${paint(status)}${" ".repeat(STATUS_WIDTH - status.length)}  `;
  const indent = " ".repeat(2 + STATUS_WIDTH + 2 + width + 2);
  return `${label}${name.padEnd(width)}  ${printable(found)}\n` +
    (advice === null ? "" : `${indent}${style.dim(`→ ${printable(advice)}`)}\n`);
}

function summary({ ok, warnings, problems }: Counts, style: Style): string {
  const plural = (count: number, word: string): string =>
    `${count} ${word}${count === 1 ? "" : "s"}`;
  const text = `${ok} ok, ${plural(warnings, "warning")}, ${plural(problems, "problem")}`;
  return (problems > 0 ? style.red : warnings > 0 ? style.yellow : style.green)(text);
}
