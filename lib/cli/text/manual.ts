/**
 * The pages of the manual: what `help TOPIC` prints. They are the README files
 * beside the code, imported as text so that the binary has them, too.
 *
 * @module
 */

/** A page of the manual. */
export interface ManualPage {
  /** What it is about. */
  readonly about: string;
  /** Loads its Markdown. */
  load(): Promise<{ readonly default: string }>;
}

/** The pages by topic. */
export const MANUAL: Readonly<Record<string, ManualPage>> = {
  "config": {
    about: "the keys of a config",
    load: () => import("../../../lib/config/README.md", { with: { type: "text" } }),
  },
  "data": {
    about: "the forms of data files, and what is refused",
    load: () => import("../../../lib/bars/README.md", { with: { type: "text" } }),
  },
  "experiments": {
    about: "bundled experiments, your own, what a signal is worth",
    load: () => import("../../../experiments/README.md", { with: { type: "text" } }),
  },
  "metrics": {
    about: "every metric, with formula and source",
    load: () => import("../../../lib/evaluate/README.md", { with: { type: "text" } }),
  },
  "runs": {
    about: "the files of a run, metrics.json, labels, deletion",
    load: () => import("../../../lib/store/README.md", { with: { type: "text" } }),
  },
  "commands": {
    about: "all commands, their flags, shell completion",
    load: () => import("../../../lib/cli/README.md", { with: { type: "text" } }),
  },
  "exit-codes": {
    about: "what each exit status means",
    load: () => import("../../../lib/cli/README.md", { with: { type: "text" } }),
  },
  "where": {
    about: "conditions, sorting and columns of lists",
    load: () => import("../../../lib/registry/query/README.md", { with: { type: "text" } }),
  },
  "registry": {
    about: "the tables, and a registry for a team",
    load: () => import("../../../lib/registry/README.md", { with: { type: "text" } }),
  },
  "comparing": {
    about: "what differs between runs",
    load: () => import("../../../lib/compare/README.md", { with: { type: "text" } }),
  },
  "checks": {
    about: "look-ahead, start-up and seeds",
    load: () => import("../../../lib/check/README.md", { with: { type: "text" } }),
  },
  "verifying": {
    about: "audit and repair",
    load: () => import("../../../lib/verify/README.md", { with: { type: "text" } }),
  },
  "reproducing": {
    about: "executing a recorded run again",
    load: () => import("../../../lib/reproduce/README.md", { with: { type: "text" } }),
  },
  "moving": {
    about: "archives, and runs on other machines",
    load: () => import("../../../lib/transfer/README.md", { with: { type: "text" } }),
  },
  "troubleshooting": {
    about: "what doctor looks at",
    load: () => import("../../../lib/doctor/README.md", { with: { type: "text" } }),
  },
  "source": {
    about: "how sigrun is built, and where to add what",
    load: () => import("../../../lib/README.md", { with: { type: "text" } }),
  },
};

/** The text of a page: its Markdown, without the targets of links. */
export async function manualText(page: ManualPage): Promise<string> {
  return (await page.load()).default.replaceAll(/\[([^\]\n]+)\]\([^)\s]+\)/g, "$1");
}
