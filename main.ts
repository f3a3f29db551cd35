/**
 * sigrun: runs trading-signal experiments so that every run can be found,
 * compared, proved and repeated. This file builds the real machine and hands
 * it to the command line.
 *
 * @module
 */

import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import project from "./deno.json" with { type: "json" };
import { experiments } from "./experiments/mod.ts";
import { EXIT_SIGINT, EXIT_SIGTERM, UserError } from "./lib/errors.ts";
import { runCli } from "./lib/cli/cli.ts";
import type { EndSignal, Host, Output } from "./lib/host.ts";

type Stream = typeof Deno.stdout | typeof Deno.stderr;

function output(stream: Stream): Output {
  const encoder = new TextEncoder();
  const writeBytes = (bytes: Uint8Array): void => {
    for (let done = 0; done < bytes.length;) done += stream.writeSync(bytes.subarray(done));
  };
  return {
    writeBytes,
    write(text) {
      try {
        writeBytes(encoder.encode(text));
      } catch (error) {
        // The reader left, as in `… | head`: there is nobody to tell. Nor is
        // there without standard error, but the exit status.
        if (error instanceof Deno.errors.BrokenPipe || stream === Deno.stderr) return;
        throw new UserError(
          `Cannot write to standard output: ${error instanceof Error ? error.message : error}`,
          {
            code: "output_unwritable",
            hint: "Is the disk full? Make room, or send the output somewhere else.",
            cause: error,
          },
        );
      }
    },
    get isTerminal() {
      return stream.isTerminal();
    },
    get columns() {
      return stream.isTerminal() ? Deno.consoleSize().columns : 80;
    },
  };
}

const programRoot = dirname(fileURLToPath(import.meta.url));

const exit = Deno.exit;

// What is imported to be run is no part of the program, but of its process.
Deno.exit = () => {
  throw new Error("Deno.exit was called, which would end the run without a result");
};
for (const method of ["log", "info", "debug", "dir", "table"] as const) {
  // Standard output carries the result.
  console[method] = console.error;
}

const host: Host = {
  args: Deno.args,
  cwd: Deno.cwd(),
  programRoot,
  standalone: Deno.build.standalone,
  ownsProcess: true,
  stdin: {
    read: (buffer) => Deno.stdin.read(buffer),
    get isTerminal() {
      return Deno.stdin.isTerminal();
    },
  },
  stdout: output(Deno.stdout),
  stderr: output(Deno.stderr),
  env: (name) => Deno.env.get(name) || undefined,
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  system: () => ({
    sigrun: project.version,
    deno: Deno.version.deno,
    v8: Deno.version.v8,
    os: Deno.build.os,
    osRelease: Deno.osRelease(),
    arch: Deno.build.arch,
    hostname: Deno.hostname(),
  }),
  onEndSignal(handler) {
    let told = false;
    const listen = (signal: EndSignal): void => {
      // Who asks twice does not want to wait: the run will be shown as crashed.
      if (told) exit(signal === "SIGTERM" ? EXIT_SIGTERM : EXIT_SIGINT);
      told = true;
      handler(signal);
    };
    const listeners = (["SIGINT", "SIGTERM"] as const)
      .filter((signal) => Deno.build.os !== "windows" || signal === "SIGINT")
      .map((signal): [EndSignal, () => void] => [signal, () => listen(signal)]);
    for (const [signal, listener] of listeners) Deno.addSignalListener(signal, listener);
    return () => {
      for (const [signal, listener] of listeners) Deno.removeSignalListener(signal, listener);
    };
  },
  onStrayError(handler) {
    const listen = (event: PromiseRejectionEvent | ErrorEvent): void => {
      event.preventDefault();
      handler("reason" in event ? event.reason : event.error);
    };
    const types = ["unhandledrejection", "error"] as const;
    for (const type of types) globalThis.addEventListener(type, listen);
    return () => {
      for (const type of types) globalThis.removeEventListener(type, listen);
    };
  },
};

exit(await runCli(host, experiments));
