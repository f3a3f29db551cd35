/**
 * `runs:verify`
 *
 * @module
 */

import { EXIT_NOT_PROVED, EXIT_OK } from "../../errors.ts";
import { jsonText } from "../../json_text.ts";
import { type Check, isWrong } from "../../verify/check.ts";
import { verifyAndRepair } from "../../verify/repair.ts";
import type { RunState } from "../../verify/run_report.ts";
import { hasRecords, verify } from "../../verify/verify.ts";
import { isIntact, type Repair, type VerifyReport } from "../../verify/verify_report.ts";
import { printable } from "../../quote.ts";
import { Mirror } from "../../registry/mirror.ts";
import { runSuffix } from "../../run_id.ts";
import { type Command, type Invocation, JSON_FLAG, REGISTRY_FLAGS } from "./command.ts";
import { shortHash } from "../text/format.ts";
import { locations } from "../flags/locations.ts";
import { noRegistryYet } from "../flags/open_runs.ts";
import { checkSelection } from "../flags/selected_runs.ts";
import type { Style } from "../text/style.ts";
import { type Cell, table } from "../text/table.ts";

/** Audits what is stored. */
const command: Command = {
  summary: "Audits what is stored: the registry, every file of each run directory against its " +
    "manifest,\nevery value of its row, and all hashes that can be computed again. Exits with " +
    `${EXIT_NOT_PROVED} if\nanything is off.`,
  examples: [
    ["runs:verify", "all runs"],
    ["runs:verify latest --verbose", "the last one, with what is as it should be"],
    ["runs:verify --repair", "make missing rows again, mark what is damaged"],
  ],
  operands: { usage: "[REF …]", takes: ["run"], min: 0, max: 1000 },
  flags: [
    { name: "all", help: "all runs, as without a REF" },
    {
      name: "repair",
      help: "make missing rows, or a lost or damaged registry, from the run directories, " +
        "and mark runs that are damaged; nothing is deleted",
    },
    { name: "verbose", help: "show what is as it should be, too" },
    ...REGISTRY_FLAGS,
    JSON_FLAG,
  ],
  async run(invocation) {
    const { host, flags, style } = invocation;
    const report = await reportOf(invocation);
    const checks = checkLines(report).filter((line) => flags.has("verbose") || isWrong(line));
    host.stdout.write(
      flags.has("json")
        ? jsonText({
          schema: 1,
          verdict: isIntact(report) ? "intact" : "not intact",
          total: report.runs.length,
          ...counts(report),
          checks,
          repairs: report.repairs,
        })
        : checksTable(checks, style) + report.repairs.map(repairLine).join("") +
          `${summary(report, style)}\n`,
    );
    return isIntact(report) ? EXIT_OK : EXIT_NOT_PROVED;
  },
};

export default command;

async function reportOf(invocation: Invocation): Promise<VerifyReport> {
  const { host, flags, operands: references } = invocation;
  checkSelection(invocation, {
    references,
    flags: ["all"],
    hint: "Leave out one of the two.",
  });
  const { runsDir, registry: location, hostname } = locations(flags, host);
  const mirror = await Mirror.open();
  try {
    const request = { runsDir, location, hostname, references, mirror };
    if (!await hasRecords(request)) throw noRegistryYet(invocation);
    return await (flags.has("repair") ? verifyAndRepair(request) : verify(request));
  } finally {
    mirror.close();
  }
}

/** A check, and the run that it is of; null for the registry. */
interface CheckLine extends Check {
  readonly run: string | null;
}

function checkLines({ registry, runs }: VerifyReport): readonly CheckLine[] {
  return [
    ...registry.map((check) => ({ run: null, ...check })),
    ...runs.flatMap(({ id, checks }) => checks.map((check) => ({ run: id, ...check }))),
  ];
}

const STATES = [
  "intact",
  "damaged",
  "crashed",
  "running",
  "elsewhere",
] as const satisfies readonly RunState[];

function counts({ runs }: VerifyReport): Readonly<Record<RunState, number>> {
  const count = (wanted: RunState): number => runs.filter(({ state }) => state === wanted).length;
  return {
    intact: count("intact"),
    damaged: count("damaged"),
    crashed: count("crashed"),
    running: count("running"),
    elsewhere: count("elsewhere"),
  };
}

function checksTable(checks: readonly CheckLine[], style: Style): string {
  if (checks.length === 0) return "";
  const columns = ["RUN", "CHECK", "EXPECTED", "ACTUAL", "STATUS"].map((title) => ({ title }));
  const rows = checks.map((line): (Cell | string)[] => {
    const [expected, actual] = sideBySide(shortened(line.expected), shortened(line.actual));
    return [
      line.run === null ? "" : runSuffix(line.run),
      line.check,
      expected,
      actual,
      { text: line.status, paint: isWrong(line) ? style.red : style.dim },
    ];
  });
  return `${table(columns, rows, { paintTitle: style.bold })}\n`;
}

/** A hash as its first digits. */
function shortened(text: string): string {
  return /^sha256:[0-9a-f]{64}$/.test(text) ? shortHash(text) : text;
}

/** Characters of a cell, and of those how many come before the first difference. */
const CELL = 40;
const BEFORE = 12;

/** Two texts that do not fit, from shortly before the first place where they differ. */
function sideBySide(expected: string, actual: string): readonly [string, string] {
  if (expected === actual || (expected.length <= CELL && actual.length <= CELL)) {
    return [expected, actual];
  }
  let same = 0;
  while (expected[same] === actual[same]) same++;
  const from = same - BEFORE;
  if (from <= 1) return [expected, actual];
  return [`…${expected.slice(from)}`, `…${actual.slice(from)}`];
}

function repairLine({ run, action, detail }: Repair): string {
  const subject = run === null ? "" : `${runSuffix(run)}: `;
  return printable(`${subject}${action}: ${detail}`) + "\n";
}

/** `12 runs: 10 intact, 1 damaged, 1 crashed; the registry is sound`. */
function summary(report: VerifyReport, style: Style): string {
  const { registry, runs } = report;
  const found = counts(report);
  const parts = STATES.filter((state) => found[state] > 0)
    .map((state) => `${found[state]} ${state}`);
  const text = `${runs.length} run${runs.length === 1 ? "" : "s"}` +
    (parts.length === 0 ? "" : `: ${parts.join(", ")}`) +
    `; the registry is ${registry.some(isWrong) ? "not " : ""}sound`;
  return (isIntact(report) ? style.green : style.red)(text);
}
