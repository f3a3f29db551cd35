/**
 * The project's own lint rules, a plugin for `deno lint`:
 *
 * - `sigrun/pure-core`: no clock, no entropy and no effects where results come from
 * - `sigrun/layers`: imports go one way only
 *
 * Deno 2.9 visits nothing that follows an empty statement; `deno fmt` removes
 * those, so nothing escapes a check that formats as well.
 *
 * @module
 */

import { layers } from "./layers.ts";
import { pureCore } from "./pure_core.ts";

const plugin: Deno.lint.Plugin = {
  name: "sigrun",
  rules: { "pure-core": pureCore, layers },
};

export default plugin;
