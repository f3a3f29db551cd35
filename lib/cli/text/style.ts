/**
 * Colours, where they are wanted.
 *
 * @module
 */

import type { Host, Output } from "../../host.ts";
import type { RunStatus } from "../../record.ts";

/** Paints text for one stream. */
export interface Style {
  /** For headings. */
  bold(text: string): string;
  /** For what matters less. */
  dim(text: string): string;
  /** For errors. */
  red(text: string): string;
  /** For success. */
  green(text: string): string;
  /** For warnings. */
  yellow(text: string): string;
}

const paint = (on: number, off: number) => (text: string) => `\u001b[${on}m${text}\u001b[${off}m`;
const plain = (text: string): string => text;

const COLOURS: Style = {
  bold: paint(1, 22),
  dim: paint(2, 22),
  red: paint(31, 39),
  green: paint(32, 39),
  yellow: paint(33, 39),
};

/** No colours. */
export const PLAIN: Style = { bold: plain, dim: plain, red: plain, green: plain, yellow: plain };

/** The style for a stream: none when piped, with NO_COLOR, TERM=dumb or --no-color. */
export function styleFor(output: Output, host: Host, noColor: boolean): Style {
  const wanted = output.isTerminal && !noColor && host.env("NO_COLOR") === undefined &&
    host.env("TERM") !== "dumb";
  return wanted ? COLOURS : PLAIN;
}

/** The paint of a status. */
export function statusPaint(status: RunStatus, style: Style): (text: string) => string {
  switch (status) {
    case "finished":
      return style.green;
    case "running":
      return style.yellow;
    default:
      return style.red;
  }
}
