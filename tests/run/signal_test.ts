import { assert, assertEquals, assertMatch } from "@std/assert";
import canonicalize from "canonicalize";
import { UserError } from "../../lib/errors.ts";
import type { Bars, Signal } from "../../lib/experiment.ts";
import { fingerprint, resultHash, signalHash } from "../../lib/hashes.ts";
import { computeSignal } from "../../lib/run/signal.ts";
import { refusalOf } from "../bars/refusal.ts";
import { sha256Of } from "./complete.ts";
import { type SignalFunction, testExperiment } from "./test_experiment.ts";

const BARS = { length: 4, times: null } as unknown as Bars;

function compute(signal: SignalFunction): Signal {
  return computeSignal(testExperiment(signal), {
    bars: BARS,
    params: {},
    random: () => ({ float: () => 0, int: () => 0 }),
    log: { info: () => {}, warn: () => {} },
  });
}

Deno.test("a signal that keeps the contract is taken as it is", () => {
  const signals: Signal[] = [
    { positions: Int8Array.of(0, 1, -1, 0), warmup: 0 },
    { positions: Int8Array.of(0, 0, 1, 1), warmup: 2 },
    { positions: new Int8Array(4), warmup: 4, metrics: {} },
    { positions: new Int8Array(4), warmup: 0, metrics: { ties: 0, sharpe_ratio: -1e300, a1: -0 } },
  ];
  for (const signal of signals) assert(compute(() => signal) === signal);
});

Deno.test("a signal that breaks the contract is refused by what is wrong with it", async () => {
  const positions = new Int8Array(4);
  const ok = { positions, warmup: 0 };
  const cases: [signal: unknown, problem: RegExp][] = [
    [undefined, /positions is not an Int8Array/],
    [null, /positions is not an Int8Array/],
    [7, /positions is not an Int8Array/],
    [{}, /positions is not an Int8Array/],
    [{ ...ok, positions: [0, 0, 0, 0] }, /positions is not an Int8Array/],
    [{ ...ok, positions: new Uint8Array(4) }, /positions is not an Int8Array/],
    [{ ...ok, positions: new Int8Array(3) }, /one position for each of 4 bars, got 3/],
    [{ ...ok, positions: new Int8Array(5) }, /one position for each of 4 bars, got 5/],
    [{ positions }, /expected warmup from 0 to 4, got nothing/],
    [{ positions, warmup: NaN }, /expected warmup from 0 to 4, got NaN/],
    [{ positions, warmup: 0.5 }, /expected warmup from 0 to 4, got 0\.5/],
    [{ positions, warmup: -1 }, /expected warmup from 0 to 4, got -1/],
    [{ positions, warmup: 5 }, /expected warmup from 0 to 4, got 5/],
    [{ positions, warmup: "1" }, /expected warmup from 0 to 4, got '1'/],
    [{ positions: Int8Array.of(0, 1, 2, 0), warmup: 0 }, /position at bar 2 is 2, not -1, 0 or 1/],
    [{ positions: Int8Array.of(0, 1, 0, -2), warmup: 0 }, /position at bar 3 is -2/],
    [{ positions: Int8Array.of(0, 1, 0, 0), warmup: 2 }, /position at bar 1 is 1 during warm-up/],
    [{ ...ok, metrics: { x: NaN } }, /metric x is NaN, not a finite number/],
    [{ ...ok, metrics: { x: Infinity } }, /metric x is Infinity, not a finite number/],
    [{ ...ok, metrics: { x: "1" } }, /metric x is '1', not a finite number/],
    [{ ...ok, metrics: { x: 1n } }, /metric x is 1, not a finite number/],
    [{ ...ok, metrics: { x: null } }, /metric x is nothing, not a finite number/],
    [{ ...ok, metrics: { "Sharpe ratio": 1 } }, /metric 'Sharpe ratio' is not in snake_case/],
    [{ ...ok, metrics: { "": 1 } }, /metric '' is not in snake_case/],
    [{ ...ok, metrics: null }, /metrics is nothing/],
    [{ ...ok, metrics: 5 }, /metrics is 5/],
    [{ ...ok, metrics: [1] }, /metrics is a list/],
    [{ ...ok, metrics: { signal_rate: 1 } }, /metric signal_rate is sigrun's own/],
    [{ ...ok, metrics: { ones: 4 } }, /metric ones is sigrun's own/],
    [{ ...ok, metrics: { valid_bars: 4 } }, /metric valid_bars is sigrun's own/],
    [{ ...ok, metrics: { warmup_bars: 4 } }, /metric warmup_bars is sigrun's own/],
    [Promise.resolve(ok), /it is a promise/],
  ];
  for (const [signal, problem] of cases) {
    const error = await refusalOf(() => compute(() => signal));
    assertEquals([error.code, error.exitCode], ["experiment_invalid", 1]);
    assertMatch(error.message, /^Cannot use the signal of experiment test: /);
    assertMatch(error.message, problem);
  }
});

Deno.test("an experiment that is async and fails is refused once", async () => {
  // A rejection that nobody handles would end the process.
  const error = await refusalOf(() => compute(() => Promise.reject(new Error("late"))));
  assertEquals(error.code, "experiment_invalid");
});

Deno.test("what an experiment throws is told with its name", async () => {
  const thrown: [unknown, RegExp][] = [
    [new RangeError("no such bar"), /^Experiment test failed: no such bar$/],
    ["text", /^Experiment test failed: text$/],
    [null, /^Experiment test failed: null$/],
    [undefined, /^Experiment test failed: undefined$/],
    [{ code: 7 }, /^Experiment test failed: /],
    [Symbol("odd"), /^Experiment test failed: Symbol\(odd\)$/],
  ];
  for (const [cause, message] of thrown) {
    const error = await refusalOf(() =>
      compute(() => {
        throw cause;
      })
    );
    assertEquals([error.code, error.exitCode], ["experiment_failed", 1]);
    assertMatch(error.message, message);
    assert(error.cause === (cause ?? undefined) || cause === null);
  }
});

Deno.test("an error that is meant for the user stays as it is", async () => {
  const cause = new UserError("window is too large", { code: "config_invalid", hint: "less" });
  const error = await refusalOf(() =>
    compute(() => {
      throw cause;
    })
  );
  assert(error === cause);
});

Deno.test("the hash of a signal is that of its positions, wherever they lie in memory", async () => {
  const positions = Int8Array.of(0, 1, -1, 1);
  const expected = sha256Of(Uint8Array.of(0, 1, 255, 1));
  assertEquals(await signalHash(positions), expected);
  assertEquals(await signalHash(Int8Array.of(9, 9, 0, 1, -1, 1, 9).subarray(2, 6)), expected);
});

Deno.test("the hash of a result does not depend on the order of its metrics", async () => {
  const expected = sha256Of(
    new TextEncoder().encode('{"metrics":{"a":0.1,"b":1e+21},"signal":"sha256:s"}'),
  );
  assertEquals(await resultHash({ a: 0.1, b: 1e21 }, "sha256:s"), expected);
  assertEquals(await resultHash({ b: 1e21, a: 0.1 }, "sha256:s"), expected);
});

Deno.test("a fingerprint depends on config, data and code", async () => {
  const inputs = { config: "sha256:c", data: "sha256:d", code: "sha256:x" };
  const expected = await fingerprint(inputs);
  assertEquals(expected, sha256Of(new TextEncoder().encode(canonicalize(inputs)!)));
  for (const name of ["config", "data", "code"]) {
    assert(await fingerprint({ ...inputs, [name]: "sha256:other" }) !== expected);
  }
});
