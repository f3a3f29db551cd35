/**
 * A progress bar for reading that takes long, on a terminal only.
 *
 * @module
 */

import type { Host } from "../../host.ts";

/** Reading that is over sooner needs no bar. */
const PATIENCE_MS = 1000;

/** A bar that appears by itself. */
export interface Progress {
  /** Takes bytes done and in all. */
  readonly update: (done: number, total: number) => void;
  /** Removes the bar. */
  stop(): void;
}

/** A progress bar on standard error, or nothing at all if nobody would see it. */
export function progressBar(host: Host, quiet: boolean): Progress {
  if (quiet || !host.stderr.isTerminal) return { update: () => {}, stop: () => {} };
  const startedMs = host.monotonicMs();
  let bar: { update(value: number): void; stop(): void } | undefined;
  let state: "waiting" | "loading" | "shown" | "stopped" = "waiting";
  const mib = (bytes: number) => Math.round(bytes / (1 << 20));
  const show = async (total: number): Promise<void> => {
    state = "loading";
    const [{ default: cliProgress }, { default: process }] = await Promise.all([
      import("cli-progress"),
      import("node:process"),
    ]);
    if (state !== "loading") return;
    const shown = new cliProgress.SingleBar({
      format: "reading {bar} {percentage} % of {total} MiB, {eta_formatted} left",
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: true,
    }, cliProgress.Presets.rect);
    shown.start(mib(total), 0);
    bar = shown;
    state = "shown";
  };
  return {
    update(done, total) {
      if (state === "shown") bar?.update(mib(done));
      else if (state === "waiting" && host.monotonicMs() - startedMs > PATIENCE_MS) {
        void show(total);
      }
    },
    stop() {
      bar?.stop();
      state = "stopped";
    },
  };
}
