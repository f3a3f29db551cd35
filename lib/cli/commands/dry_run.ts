/**
 * `run --dry-run`: config and data are read and checked, nothing is written.
 *
 * @module
 */

import { jsonText } from "../../json_text.ts";
import { configHash, configYaml, flatConfig, recordedData } from "../../config/config.ts";
import { EXIT_OK } from "../../errors.ts";
import { printable, printableLines } from "../../quote.ts";
import { loadForRun, withFoundData } from "../../run/work.ts";
import { qualityFields } from "../../bars/quality/quality_fields.ts";
import type { LoadedFile } from "../../bars/load.ts";
import { shownPath } from "../../bars/source/data_file.ts";
import { qualityLines } from "../text/quality_text.ts";
import type { Invocation } from "./command.ts";
import { dataPathText } from "../text/data_path_text.ts";
import { readConfig } from "../flags/config_flags.ts";
import { labelled } from "../text/labelled.ts";

/** How many files are shown. */
const MAX_FILES = 20;

/** Shows what would run. */
export async function dryRun({ host, experiments, flags, style }: Invocation): Promise<number> {
  const config = await readConfig(flags, { host, experiments });
  const found = await withFoundData(config);
  const loaded = await loadForRun(found.config, { stdin: host.stdin });
  const data = {
    path: recordedData(config),
    files: loaded.files.map(({ dataHash, ...file }) => ({ ...file, hash: dataHash })),
    form: loaded.form,
    hash: loaded.dataHash,
    rows_hash: loaded.rowsHash,
    quality: qualityFields(loaded.quality),
  };
  if (flags.has("json")) {
    const result = {
      schema: 1,
      config: flatConfig(config),
      config_hash: await configHash(config),
      data,
    };
    host.stdout.write(jsonText(result));
  } else {
    host.stdout.write(
      `${style.bold("Config")}\n${printableLines(configYaml(config))}\n${style.bold("Data")}\n` +
        labelled(
          [
            ["path", dataPathText(data.path, (path) => path)],
            ...fileLines(data.files),
            ["form", data.form],
            ["sha256", data.hash],
            ...qualityLines(data.quality),
          ].map(([label, text]) => [label!, printable(text!)]),
          style.dim,
        ) +
        `\nDry run: config and data are fine, nothing was run or recorded.\n`,
    );
  }
  return EXIT_OK;
}

/** A line for each of several files, as many as fit on a screen. */
function fileLines(
  files: readonly Pick<LoadedFile, "path" | "rows">[],
): readonly (readonly [label: string, text: string])[] {
  if (files.length === 1) return [];
  const shown = files.slice(0, MAX_FILES).map(({ path, rows }) =>
    `${shownPath(path)}: ${rows} rows`
  );
  const more = files.length > MAX_FILES ? [`… and ${files.length - MAX_FILES} more`] : [];
  return [...shown, ...more].map((text, at) => [at === 0 ? "files" : "", text]);
}
