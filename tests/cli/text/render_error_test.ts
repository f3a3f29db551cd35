import { assert, assertEquals, assertMatch } from "@std/assert";
import { exitCodeOf, renderError } from "../../../lib/cli/text/render_error.ts";
import { PLAIN, styleFor } from "../../../lib/cli/text/style.ts";
import { EXIT_BUG, EXIT_FAILED, EXIT_USAGE, usageError, UserError } from "../../../lib/errors.ts";
import { printableLines } from "../../../lib/quote.ts";
import { fakeHost } from "../../fake_host.ts";

function rendered(error: unknown, debug = false): string {
  return renderError(error, { style: PLAIN, debug });
}

Deno.test("an error is its message, and below it what to do", () => {
  assertEquals(
    rendered(usageError("Unknown flag '--x'", "-h lists the flags.")),
    "error: Unknown flag '--x'\nhint: -h lists the flags.\n",
  );
  assertEquals(rendered(usageError("Unknown flag '--x'")), "error: Unknown flag '--x'\n");
});

Deno.test("whatever else is thrown is a bug", () => {
  for (const error of [new TypeError("x is not a function"), "x is not a function"]) {
    assertEquals(
      rendered(error),
      "error: A bug in sigrun: x is not a function\n" +
        "hint: Please report it, with the output of the same command and --debug.\n",
    );
    assertEquals(exitCodeOf(error), EXIT_BUG);
  }
});

Deno.test("a permission that Deno was not given is no bug", () => {
  const error = new Deno.errors.NotCapable(
    'Requires ffi access to "addon", run again with the --allow-ffi flag',
  );
  assertEquals(
    rendered(error),
    'error: Deno lacks a permission: Requires ffi access to "addon"\n' +
      "hint: Start sigrun by its tasks, such as deno task run: they ask for what they need.\n",
  );
  assertEquals(exitCodeOf(error), EXIT_USAGE);
});

Deno.test("the exit status is the error's own", () => {
  assertEquals(exitCodeOf(usageError("x")), EXIT_USAGE);
  assertEquals(exitCodeOf(new UserError("x", { code: "data_invalid" })), EXIT_FAILED);
});

Deno.test("no message is longer than a screen", () => {
  const lines = Array.from({ length: 1000 }, (_, at) => `line ${at}`);
  const text = rendered(usageError(lines.join("\n"), "Less."));
  assertEquals(text.split("\n").length, 33);
  assertMatch(text, /\nline 29\n… and 970 more lines\nhint: Less\.\n$/);
  assertEquals(rendered(usageError(lines.slice(0, 30).join("\n"))).includes("more lines"), false);
});

Deno.test("with debug the stacks of the error and its causes follow", () => {
  const cause = new Error("inner", { cause: new RangeError("innermost") });
  const error = new UserError("outer", { code: "internal", hint: "Do.", cause });
  const text = rendered(error, true);
  assertMatch(text, /^error: outer\nhint: Do\.\nUserError: outer\n {4}at /);
  assertMatch(
    text,
    /\ncaused by: Error: inner\n {4}at [^]*\ncaused by: RangeError: innermost\n {4}at /,
  );
  assert(!rendered(error).includes("inner"));
  assertMatch(rendered("text", true), /^error: A bug in sigrun: text\n/);
});

Deno.test("an error that is its own cause is shown once", () => {
  const error = new Error("round");
  error.cause = error;
  assertEquals(rendered(error, true).split("caused by").length, 1);
});

Deno.test("foreign text in an error cannot command the terminal", () => {
  const hostile = "a\u001b[2J\u009bK\u202e\u200b\u00ad\rb";
  const error = new UserError(hostile, {
    code: "internal",
    hint: hostile,
    cause: new Error(hostile),
  });
  for (const debug of [false, true]) {
    const text = rendered(error, debug);
    assertEquals(printableLines(text), text);
    assertMatch(text, /^error: a\\u\{1b\}\[2J\\u\{9b\}K\\u\{202e\}\\u\{200b\}\\u\{ad\}\\rb\n/);
  }
});

Deno.test("on a terminal the words error and hint stand out", () => {
  const host = fakeHost({ args: [], cwd: "/", isTerminal: true });
  const style = styleFor(host.stderr, host, false);
  assertEquals(
    renderError(usageError("x", "y"), { style, debug: false }),
    "\u001b[31merror:\u001b[39m x\n\u001b[2mhint:\u001b[22m y\n",
  );
});
