/**
 * Cases, one after the other, until one has a finding or the time is over.
 *
 * @module
 */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CaseProcessOptions, CaseReport } from "./case_process.ts";
import type { Finding } from "./checks.ts";

/** Milliseconds that a case may take: thousands of times what it does, and five stalled decoders. */
export const CASE_DEADLINE_MS = 60_000;

/** Bytes by which the memory in use may grow: a case reads some thousand bytes. */
const MEMORY_BYTES = 768 << 20;

/** Which cases are run. */
export interface CampaignOptions {
  readonly seed: number;
  /** Real files; none for the project's own. */
  readonly files: readonly string[];
  /** The numbers of the first case, and of the last at most. */
  readonly from: number;
  readonly to: number;
  /** Milliseconds after which no other case is begun. */
  readonly forMs: number;
  /** Milliseconds that a case may take; default {@linkcode CASE_DEADLINE_MS}. */
  readonly deadlineMs?: number;
  /** A folder that may be written to. */
  readonly folder: string;
  /** Called after each case. */
  readonly onCase?: (campaign: Campaign) => void;
}

/** What became of them. */
export interface Campaign {
  /** How many were run. */
  cases: number;
  /** How often files were compared with another reading. */
  comparisons: number;
  /** Milliseconds that it took. */
  ms: number;
  /** How many cases came to what. */
  readonly outcomes: Map<string, number>;
  /** The first finding, and the number of its case. */
  finding: (Finding & { readonly number: number }) | null;
}

/** Runs cases until one has a finding. */
export async function campaign(options: CampaignOptions): Promise<Campaign> {
  const { seed, files, from, to, forMs, folder, onCase } = options;
  const { deadlineMs = CASE_DEADLINE_MS } = options;
  const begun = performance.now();
  const result: Campaign = { cases: 0, comparisons: 0, ms: 0, outcomes: new Map(), finding: null };
  const reports = new Reports({ seed, files, path: join(folder, "bars.csv"), from, to });
  try {
    let memoryBefore: number | null = null;
    for (let number = from; number <= to && result.finding === null; number++) {
      const report = await reports.next(deadlineMs);
      result.cases++;
      result.ms = performance.now() - begun;
      if ("property" in report) {
        result.finding = { ...report, number };
        break;
      }
      const { verdict: { outcome, comparisons, finding }, memoryBytes } = report;
      result.outcomes.set(outcome, (result.outcomes.get(outcome) ?? 0) + 1);
      result.comparisons += comparisons;
      memoryBefore ??= memoryBytes;
      if (finding !== null) result.finding = { ...finding, number };
      else if (memoryBytes - memoryBefore > MEMORY_BYTES) {
        const detail = `${memoryBytes >> 20} MiB in use after it, ${memoryBefore >> 20} at first`;
        result.finding = { property: "memory stays in bounds", detail, number };
      }
      onCase?.(result);
      if (result.ms > forMs) break;
    }
  } finally {
    await reports.end();
  }
  return result;
}

/** What the process says, one case after the other, or what is to be said of it. */
class Reports {
  readonly #child: Deno.ChildProcess;
  readonly #lines: ReadableStreamDefaultReader<string>;
  readonly #errors: Promise<string>;
  #rest = "";

  constructor(options: CaseProcessOptions) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-prompt",
        "--frozen",
        "--allow-read",
        "--allow-write",
        fileURLToPath(new URL("./case_process.ts", import.meta.url)),
        // JSON knows no Infinity.
        JSON.stringify({ ...options, to: Math.min(options.to, Number.MAX_SAFE_INTEGER) }),
      ],
      env: { NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#lines = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    this.#errors = new Response(this.#child.stderr).text();
  }

  /** The next report, or that there is none within the time that a case may take. */
  async next(deadlineMs: number): Promise<CaseReport | Finding> {
    const late = Promise.withResolvers<null>();
    const deadline = setTimeout(() => late.resolve(null), deadlineMs);
    try {
      for (;;) {
        const end = this.#rest.indexOf("\n");
        if (end !== -1) {
          const line = this.#rest.slice(0, end);
          this.#rest = this.#rest.slice(end + 1);
          return JSON.parse(line);
        }
        const read = await Promise.race([this.#lines.read(), late.promise]);
        if (read === null) {
          const detail = `it took more than ${deadlineMs / 1000} s`;
          return { property: "reading ends", detail };
        }
        if (read.done) {
          const { code, signal } = await this.#child.status;
          const detail = `${signal ?? `exit status ${code}`}: ${await this.#errors}`;
          return { property: "the process lives on", detail };
        }
        this.#rest += read.value;
      }
    } finally {
      clearTimeout(deadline);
    }
  }

  /** Ends the process, whatever it does. */
  async end(): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch (error) {
      // It has ended by itself.
      if (!(error instanceof TypeError)) throw error;
    }
    await this.#lines.cancel();
    await this.#errors;
    await this.#child.status;
  }
}
