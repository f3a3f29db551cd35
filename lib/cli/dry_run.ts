/**
 * `run --dry-run`: config and data are read and checked, nothing is written.
 *
 * @module
 */

import { jsonText } from "../json_text.ts";
import { configHash, configYaml, flatConfig } from "../config/config.ts";
import { EXIT_OK } from "../errors.ts";
import { printable, printableLines } from "../quote.ts";
import { loadForRun } from "../run/work.ts";
import { qualityFields } from "../bars/quality/quality_fields.ts";
import { qualityLines } from "./quality_text.ts";
import type { Invocation } from "./command.ts";
import { readConfig } from "./config_flags.ts";
import { labelled } from "./labelled.ts";

/** Shows what would run. */
export async function dryRun({ host, experiments, flags, style }: Invocation): Promise<number> {
  const config = await readConfig(flags, { host, experiments });
  const loaded = await loadForRun(config, {});
  const data = {
    path: config.data,
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
            ["path", data.path],
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
