/**
 * `run.log`: what happened, line by line, in logfmt.
 *
 * @module
 */

import { configureSync, getLogfmtFormatter, getLogger, resetSync } from "@logtape/logtape";
import type { ExperimentLog } from "../experiment.ts";

/** Values of a line, written as key=value. */
export type LogFields = Readonly<Record<string, unknown>>;

/** The log of one run. */
export interface RunLog extends ExperimentLog {
  /** A line of level error. */
  error(message: string, fields?: LogFields): void;
  /** The log as an experiment sees it: its lines carry its name. */
  of(experiment: string): ExperimentLog;
  /** Ends the log. */
  close(): void;
}

/**
 * A log whose lines go to `write`. One is open at a time, as LogTape is
 * configured for the process.
 */
export function openRunLog(write: (line: string) => void): RunLog {
  const format = getLogfmtFormatter();
  configureSync({
    reset: true,
    sinks: { run: (record) => write(format(record)) },
    loggers: [
      { category: "sigrun", sinks: ["run"], lowestLevel: "debug" },
      { category: ["logtape", "meta"], sinks: ["run"], lowestLevel: "warning" },
    ],
  });
  const logger = getLogger("sigrun");
  return {
    info: (message, fields) => logger.info(literal(message), fields),
    warn: (message, fields) => logger.warn(literal(message), fields),
    error: (message, fields) => logger.error(literal(message), fields),
    of: (experiment) => {
      const child = logger.getChild(experiment);
      return {
        info: (message, fields) => child.info(literal(message), fields),
        warn: (message, fields) => child.warn(literal(message), fields),
      };
    },
    close: resetSync,
  };
}

/** A message that LogTape takes as it is: to it braces are placeholders. */
function literal(message: string): string {
  return message.replace(/[{}]/g, "$&$&");
}
