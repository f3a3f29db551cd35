/**
 * `experiments:new`
 *
 * @module
 */

import { basename, dirname, join, resolve } from "node:path";
import { findExperiment, isExperimentPath, loadExperiment } from "../../config/experiments.ts";
import { configSchema } from "../../config/json_schema.ts";
import { EXIT_OK, EXIT_USAGE, usageError, UserError } from "../../errors.ts";
import type { Experiment, ExperimentTable } from "../../experiment.ts";
import type { Host } from "../../host.ts";
import { jsonText } from "../../json_text.ts";
import { printable, quote } from "../../quote.ts";
import { writeWhole } from "../../store/files.ts";
import { type Command, type Invocation, JSON_FLAG, typed } from "./command.ts";
import { shortPath } from "../text/format.ts";
import { checkedName, fileOf } from "../new_experiment/experiment_name.ts";
import { experimentSource, testSource } from "../new_experiment/experiment_source.ts";
import { tableLine, withExperiment } from "../new_experiment/experiment_table.ts";

/** What was done. */
interface Written {
  readonly name: string;
  /** Absolute paths of new files. */
  readonly written: readonly string[];
  /** Absolute paths of files that have something more in them. */
  readonly changed: readonly string[];
  /** What to do next, in words. */
  readonly next: readonly string[];
}

/** Of which bundled experiment an error is told, if it is one, and to whom. */
interface Naming {
  readonly name: string | null;
  readonly host: Host;
}

/** Writes an experiment to begin with. */
const command: Command = {
  summary: "Writes a new experiment, with comments that say what is to be known, and its test.",
  examples: [
    ["experiments:new my-signal", "bundled: in experiments/, with a test, entered in mod.ts"],
    ["experiments:new ./my_signal.ts", "a file of your own, to be named by its path in a config"],
  ],
  flags: [JSON_FLAG],
  operands: { usage: "NAME|FILE", takes: [null, "file"], min: 1, max: 1 },
  async run(invocation) {
    const { host, operands, flags } = invocation;
    const [wanted] = operands as readonly [string];
    const { name, written, changed, next } = isExperimentPath(wanted)
      ? await newFile(wanted, host)
      : await newBundled(wanted, invocation);
    if (flags.has("json")) {
      host.stdout.write(jsonText({ schema: 1, name, written, changed }));
      return EXIT_OK;
    }
    const lines = [
      ...written.map((path) => `wrote    ${printable(shortPath(path, host.cwd))}`),
      ...changed.map((path) => `changed  ${printable(shortPath(path, host.cwd))}`),
      ...next.map((words, at) => `${at === 0 ? "next   " : "       "}  ${words}`),
    ];
    host.stdout.write(`${lines.join("\n")}\n`);
    return EXIT_OK;
  },
};

export default command;

/** An experiment of the user's, which needs no place in the program. */
async function newFile(wanted: string, host: Host): Promise<Written> {
  const file = basename(wanted);
  if (!/^[^.].*\.ts$/.test(file)) {
    throw usageError(
      `Cannot write an experiment to ${quote(wanted)}: expected a file that ends in .ts`,
      `For a bundled one, give its name alone, as in ${typed(host, "experiments:new my-signal")}.`,
    );
  }
  const name = checkedName(file.replace(/\.ts$/, "").replaceAll("_", "-"));
  const path = resolve(host.cwd, wanted);
  await writeAll([[path, experimentSource(name, { from: "package" })]], { name: null, host });
  return {
    name,
    written: [path],
    changed: [],
    next: [`experiment: ./${printable(file)} in a config beside it, then ${typed(host, "run")}`],
  };
}

/** An experiment of the project's. */
async function newBundled(
  wanted: string,
  { host, experiments }: Pick<Invocation, "host" | "experiments">,
): Promise<Written> {
  const name = checkedName(wanted);
  if (Object.hasOwn(experiments, name)) {
    throw usageError(`Cannot write experiment ${name}: there is one of that name`);
  }
  if (host.standalone) {
    throw new UserError(`Cannot add experiment ${name} to a compiled program`, {
      code: "output_unwritable",
      exitCode: EXIT_USAGE,
      hint: ownFileHint(name, host),
    });
  }
  const folder = join(host.programRoot, "experiments");
  const table = join(folder, "mod.ts");
  const schema = join(folder, "config.schema.json");
  const extended = withExperiment(await textOf(table, { name, host }), name);
  if (extended === undefined) {
    throw new UserError(`Cannot enter experiment ${name} in ${printable(table)}: no table there`, {
      code: "output_unwritable",
      hint: `Its lines look like this:${tableLine(name).replace(/^ +/, " ")}`,
    });
  }
  const path = join(folder, fileOf(name));
  const test = join(
    host.programRoot,
    "tests",
    "experiments",
    fileOf(name).replace(/\.ts$/, "_test.ts"),
  );
  const files = [
    [path, experimentSource(name, { from: "project" })],
    [test, testSource(name)],
  ] as const;
  await writeAll(files, { name, host });
  try {
    const { experiment } = await loadExperiment(path);
    await writeWhole(schema, jsonText(configSchema(await all(experiments, experiment))));
    // The table last: what it names is there.
    await writeWhole(table, extended);
  } catch (error) {
    await Promise.all(files.map(([path]) => Deno.remove(path).catch(() => {})));
    throw unwritable(error, { path: table, name, host });
  }
  return {
    name,
    written: [path, test],
    changed: [table, schema],
    next: [
      `experiment: ${name} in a config, then ${typed(host, "run")} --config FILE`,
      "deno task test",
    ],
  };
}

/** The experiments of a table and one more, in the order of names. */
async function all(table: ExperimentTable, added: Experiment): Promise<readonly Experiment[]> {
  const known = await Promise.all(
    Object.keys(table).map(async (name) => (await findExperiment(name, table)).experiment),
  );
  const at = known.findIndex(({ name }) => name > added.name);
  return known.toSpliced(at === -1 ? known.length : at, 0, added);
}

async function textOf(path: string, { name, host }: Naming): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    throw unwritable(error, { path, name, host });
  }
}

/** Writes new files, all of them or none. */
async function writeAll(
  files: readonly (readonly [path: string, text: string])[],
  { name, host }: Naming,
): Promise<void> {
  const written: string[] = [];
  for (const [path, text] of files) {
    try {
      await Deno.mkdir(dirname(path), { recursive: true });
      await Deno.writeTextFile(path, text, { createNew: true });
      written.push(path);
    } catch (error) {
      await Promise.all(written.map((path) => Deno.remove(path)));
      throw unwritable(error, { path, name, host });
    }
  }
}

/** What an error of the file system means for the user. */
function unwritable(
  error: unknown,
  { path, name, host }: Naming & { readonly path: string },
): unknown {
  const shown = printable(shortPath(path, host.cwd));
  const isThere = error instanceof Deno.errors.AlreadyExists;
  // A folder that exists already is no error, unless it is none.
  if (isThere && exists(path)) {
    return new UserError(`Cannot write ${shown}: it is there already`, {
      code: "output_unwritable",
      hint: "Nothing was changed. Choose another name, or remove that file.",
      cause: error,
    });
  }
  if (!(error instanceof Error) || error instanceof UserError) return error;
  const isDenied = error instanceof Deno.errors.PermissionDenied ||
    error instanceof Deno.errors.NotCapable;
  // Those of the operating system have its word for them, as in EROFS.
  if (!isDenied && (error as { readonly code?: string }).code === undefined) return error;
  return new UserError(`Cannot write ${shown}: ${printable(error.message)}`, {
    code: "output_unwritable",
    hint: isThere
      ? `${printable(shortPath(dirname(path), host.cwd))} is no folder.`
      : name === null
      ? "Choose a folder that can be written to."
      : ownFileHint(name, host),
    cause: error,
  });
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

function ownFileHint(name: string, host: Host): string {
  const file = `./${fileOf(name)}`;
  return `An experiment of your own can lie anywhere: ${typed(host, "experiments:new")} ${file}, ` +
    `and experiment: ${file} in a config beside it.`;
}
