/**
 * `run.log`: what happened, line by line, in logfmt.
 *
 * @module
 */

import { getLogfmtFormatter } from "@logtape/logtape";
import type { ExperimentLog } from "../experiment.ts";

/** Values of a line, written as key=value. */
export type LogFields = Readonly<Record<string, unknown>>;

/** The log of one run. */
export interface RunLog extends ExperimentLog {
  /** A line of level error. */
  error(message: string, fields?: LogFields): void;
  /** The log as an experiment sees it: its lines carry its name. */
  of(experiment: string): ExperimentLog;
}

/** A log whose lines go to `write`; `now` says when each was said. */
export function openRunLog(
  { write, now }: { readonly write: (line: string) => void; readonly now: () => Date },
): RunLog {
  const format = getLogfmtFormatter();
  const sayer = (...category: string[]) =>
  (level: "info" | "warning" | "error") =>
  (
    message: string,
    fields: LogFields = {},
  ): void =>
    write(format({
      category,
      level,
      message: [message],
      rawMessage: message,
      timestamp: now().getTime(),
      properties: fields,
    }));
  const say = sayer("sigrun");
  return {
    info: say("info"),
    warn: say("warning"),
    error: say("error"),
    of: (experiment) => {
      const sayOf = sayer("sigrun", experiment);
      return { info: sayOf("info"), warn: sayOf("warning") };
    },
  };
}
