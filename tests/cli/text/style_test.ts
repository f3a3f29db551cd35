import { assert, assertEquals, assertMatch } from "@std/assert";
import { statusPaint, styleFor } from "../../../lib/cli/text/style.ts";
import { RUN_STATUSES } from "../../../lib/record.ts";
import { fakeHost } from "../../fake_host.ts";
import { type CallOptions, withWorkspace } from "../workspace.ts";

// deno-lint-ignore no-control-regex
const CODE = /\u001b\[(\d+)m/g;

/** Every kind of output: summary, table, page, help, error. */
const COMMANDS = [
  "run",
  "run --data nope.csv",
  "run --dry-run",
  "runs:list",
  "runs:show latest~1",
  "runs:compare latest latest~1 --all",
  "experiments:list",
  "config:check",
  "config:check --set windw=1",
  "runs:list -h",
  "-h",
];

Deno.test("on a terminal all output has colours, and each ends where it began", async () => {
  await withWorkspace(async ({ call }) => {
    for (const words of COMMANDS) {
      const { out, err } = await call(words, { isTerminal: true });
      const text = out + err;
      assert(text.includes("\u001b["), words);
      const codes = [...text.matchAll(CODE)].map(([, code]) => Number(code));
      const off = new Map([[1, 22], [2, 22], [31, 39], [32, 39], [33, 39]]);
      for (let at = 0; at < codes.length; at += 2) {
        assertEquals(codes[at + 1], off.get(codes[at]!), words);
      }
      assertEquals(text.replaceAll(CODE, "").includes("\u001b"), false);
    }
  });
});

Deno.test("piped, with NO_COLOR, TERM=dumb or --no-color there is not one escape code", async () => {
  const plain: [options: CallOptions, flag?: string][] = [
    [{}],
    [{ isTerminal: true, env: { NO_COLOR: "1" } }],
    [{ isTerminal: true, env: { TERM: "dumb" } }],
    [{ isTerminal: true }, "--no-color"],
  ];
  await withWorkspace(async ({ call }) => {
    await call("run");
    await call("run");
    for (const [options, flag] of plain) {
      for (const words of COMMANDS) {
        const { out, err } = await call(flag === undefined ? words : `${words} ${flag}`, options);
        if (words !== "-h" || flag === undefined) assert(out + err !== "", words);
        assert(!(out + err).includes("\u001b"), `${words}: ${out}${err}`);
      }
    }
  });
});

Deno.test("an empty NO_COLOR and another TERM leave the colours on", () => {
  const host = fakeHost({
    args: [],
    cwd: "/",
    isTerminal: true,
    env: { NO_COLOR: "", TERM: "xterm-256color" },
  });
  assertEquals(styleFor(host.stdout, host, false).bold("x"), "\u001b[1mx\u001b[22m");
});

Deno.test("data is never coloured", async () => {
  await withWorkspace(async ({ call }) => {
    for (const words of ["run --json", "runs:list --json", "runs:list --csv", "config:schema"]) {
      const { out } = await call(words, { isTerminal: true });
      assert(out !== "" && !out.includes("\u001b"), words);
    }
  });
});

Deno.test("colours change nothing but colour", async () => {
  await withWorkspace(async ({ call }) => {
    await call("run");
    for (const words of ["runs:list", "runs:show latest", "experiments:list", "run -h"]) {
      const { out } = await call(words, { isTerminal: true });
      assertEquals(out.replaceAll(CODE, ""), (await call(words)).out, words);
    }
  });
});

Deno.test("only a finished run is green, and only a running one is between", () => {
  const host = fakeHost({ args: [], cwd: "/", isTerminal: true });
  const style = styleFor(host.stdout, host, false);
  for (const status of RUN_STATUSES) {
    const code = status === "finished" ? 32 : status === "running" ? 33 : 31;
    assertMatch(statusPaint(status, style)(status), new RegExp(`^\\u001b\\[${code}m${status}`));
  }
});
