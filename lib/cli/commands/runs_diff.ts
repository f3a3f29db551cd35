/**
 * `runs:diff`
 *
 * @module
 */

import { isoTime } from "../../bars/time/iso_time.ts";
import { compareConfigs, type KeyComparison } from "../../compare/config_difference.ts";
import { EXIT_FAILED, EXIT_OK } from "../../errors.ts";
import { jsonText } from "../../json_text.ts";
import { findRun } from "../../registry/reference.ts";
import { withLiveness } from "../../store/liveness.ts";
import { locateRun } from "../../store/place.ts";
import { runSuffix } from "../../run_id.ts";
import {
  type SignalDifference,
  signalDifference,
  type StoredRun,
} from "../../compare/signal_difference.ts";
import { type Command, type Invocation, JSON_FLAG, REGISTRY_FLAGS } from "./command.ts";
import { locations } from "../flags/locations.ts";
import { withExistingRegistry } from "../flags/open_runs.ts";
import { configDiffText, signalDiffText } from "../text/run_diff_text.ts";

/** Differing bars that are shown without -n. */
const DEFAULT_LIMIT = 10;

/** Shows in what two runs differ. */
const command: Command = {
  summary: "Shows in which keys the configs of two runs differ, and at which bars their signals.",
  examples: [
    ["runs:diff latest~1 latest", "configs and signals of the last two"],
    ["runs:diff k3f9x2 7m2c0d --config --all", "whole configs, side by side in lines"],
    ["runs:diff k3f9x2 7m2c0d --signals -n 50", "the first 50 bars with another position"],
  ],
  operands: { usage: "REF REF", takes: ["run"], min: 2, max: 2 },
  flags: [
    { name: "config", help: "the configs alone" },
    { name: "signals", help: "the signals alone" },
    { name: "all", help: "show keys that are equal, too" },
    {
      name: "limit",
      alias: "n",
      value: "N",
      help: `differing bars to show (default ${DEFAULT_LIMIT})`,
    },
    { name: "exit-code", help: `exit with ${EXIT_FAILED} unless there is no difference` },
    ...REGISTRY_FLAGS,
    JSON_FLAG,
  ],
  async run(invocation) {
    const { host, flags, style } = invocation;
    const limit = flags.count("limit") ?? DEFAULT_LIMIT;
    const both = flags.has("config") === flags.has("signals");
    const runs = await storedRuns(invocation);
    const config = both || flags.has("config") ? configDifference(runs) : null;
    const signals = both || flags.has("signals") ? await signalDifference(runs, { limit }) : null;
    const names = runs.map(({ run }) => runSuffix(run.id)) as [string, string];
    if (flags.has("json")) {
      host.stdout.write(jsonText({
        schema: 1,
        runs: runs.map(({ run }) => run.id),
        config: config === null ? null : configJson(config),
        signals: signals === null ? null : signalsJson(signals),
      }));
    } else {
      const options = { names, style, all: flags.has("all") };
      const texts = [
        config === null
          ? null
          : "keys" in config
          ? configDiffText(config.keys, options)
          : `${style.bold("Config")}\n  ${config.reason}\n`,
        signals === null ? null : signalDiffText(signals, options),
      ];
      host.stdout.write(texts.filter((text) => text !== null).join("\n"));
    }
    const isSame = (config === null || isSameConfig(config)) &&
      (signals === null || isSameSignal(signals));
    return flags.has("exit-code") && !isSame ? EXIT_FAILED : EXIT_OK;
  },
};

export default command;

async function storedRuns(invocation: Invocation): Promise<readonly [StoredRun, StoredRun]> {
  const { operands: [before, after], flags, host } = invocation;
  const places = locations(flags, host);
  return await withExistingRegistry(invocation, async (registry) => {
    const stored = async (reference: string): Promise<StoredRun> => {
      const run = await withLiveness(await findRun(registry, reference), places);
      return { run, directory: await locateRun(run, places) };
    };
    return [await stored(before!), await stored(after!)];
  });
}

/** All keys of two configs, or why there are none. */
type ConfigDifference =
  | { readonly keys: readonly KeyComparison[] }
  | { readonly reason: string };

function configDifference(runs: readonly StoredRun[]): ConfigDifference {
  const [before, after] = runs.map(({ run }) => run.config);
  if (before && after) return { keys: compareConfigs(before, after) };
  const without = runs.filter(({ run }) => run.config === null).map(({ run }) => runSuffix(run.id));
  return { reason: `${without.join(" and ")} ended before the config was understood.` };
}

function isSameConfig(config: ConfigDifference): boolean {
  return "keys" in config && config.keys.every(({ status }) => status === "equal");
}

function isSameSignal(signals: SignalDifference): boolean {
  if (signals.status === "unknown") return false;
  const { bars, equal, alone: [before, after] } = signals;
  return bars === equal && before === 0 && after === 0;
}

function configJson(config: ConfigDifference): object {
  if (!("keys" in config)) return { status: "unknown", reason: config.reason };
  return {
    status: "compared",
    equal: config.keys.filter(({ status }) => status === "equal").length,
    differences: config.keys.filter(({ status }) => status !== "equal"),
  };
}

function signalsJson(signals: SignalDifference): object {
  if (signals.status === "unknown") return signals;
  const { status, aligned, bars, alone, equal, ...rest } = signals;
  return {
    status,
    aligned,
    bars,
    alone,
    equal,
    share: bars === 0 ? null : equal / bars,
    ...rest,
    first: rest.first.map(({ time, ...bar }) => ({
      time: time === null ? null : isoTime(time),
      ...bar,
    })),
  };
}
