import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { COMMANDS } from "../../lib/cli/commands/mod.ts";
import { EXIT_BUG, EXIT_OK, EXIT_USAGE } from "../../lib/errors.ts";
import { withWorkspace } from "./workspace.ts";

Deno.test("the program's help begins with examples and lists every command", async () => {
  await withWorkspace(async ({ call, files }) => {
    const before = files();
    const help = await call("--help");
    assertEquals([help.exit, help.err], [EXIT_OK, ""]);
    assert(help.out.indexOf("Examples\n") < help.out.indexOf("Commands\n"));
    for (const [name, { summary }] of Object.entries(COMMANDS)) {
      assertMatch(help.out, new RegExp(`^  ${name} +${summary}$`, "m"));
    }
    assertStringIncludes(help.out, "  deno task run --config config.yaml ");
    for (const words of [[], ["-h"], ["help"], ["runs", "-h"], ["config", "--help"]]) {
      assertEquals(await call(words), help);
    }
    assertEquals(files(), before);
  });
});

Deno.test("every command has a help with examples first, wherever -h stands", async () => {
  await withWorkspace(async ({ call, files }) => {
    const before = files();
    for (const [name, { load }] of Object.entries(COMMANDS)) {
      const { default: command } = await load();
      const help = await call([name, "-h"]);
      assertEquals([help.exit, help.err], [EXIT_OK, ""]);
      assert(help.out.startsWith(`${command.summary}\n\nExamples\n  deno task ${name}`), help.out);
      assertMatch(help.out, /\n\nUsage\n {2}deno task .*\[FLAGS\]\n\nFlags\n/);
      for (const flag of command.flags) assertMatch(help.out, new RegExp(`--${flag.name}\\b`));
      for (
        const words of [
          [name, "--help"],
          [...name.split(":"), "-h"],
          ["help", name],
          ["help", ...name.split(":")],
          [name, "--nonsense", "x", "-h"],
          [name, "-h", "--set"],
        ]
      ) {
        assertEquals(await call(words), help, words.join(" "));
      }
    }
    assertEquals(files(), before);
  });
});

Deno.test("a switch for help among other letters shows help and does nothing", async () => {
  await withWorkspace(async ({ call, files }) => {
    const before = files();
    assertEquals(await call("run -qh"), await call("run -h"));
    assertEquals(files(), before);
  });
});

Deno.test("the compiled binary's help speaks of sigrun, with spaces", async () => {
  await withWorkspace(async ({ call }) => {
    const { out } = await call("-h", { standalone: true });
    assertStringIncludes(out, "  sigrun run --config config.yaml ");
    assertMatch(out, /^ {2}runs list +list recorded runs/m);
    assert(!out.includes("deno task"), out);
    const list = await call("runs list -h", { standalone: true });
    assertStringIncludes(list.out, "  sigrun runs list --csv > runs.csv");
    assertStringIncludes(list.out, "Usage\n  sigrun runs list [FLAGS]\n");
  });
});

Deno.test("the version is printed on its own", async () => {
  await withWorkspace(async ({ call }) => {
    for (const words of ["--version", "-V", "version"]) {
      assertEquals(await call(words), { exit: EXIT_OK, out: "sigrun 0.0.0-test\n", err: "" });
    }
  });
});

Deno.test("two words and a colon are the same command", async () => {
  await withWorkspace(async ({ call }) => {
    await call("run");
    for (const name of ["runs:list", "experiments:list", "config:check", "config:schema"]) {
      const joined = await call(name);
      assertEquals(joined.exit, EXIT_OK);
      assertEquals(await call(name.split(":")), joined);
    }
  });
});

Deno.test("an unknown command is refused with the nearest one", async () => {
  const members = Object.keys(COMMANDS).filter((name) => name.startsWith("runs:"));
  const group = `hint: There are: ${members.join(", ").replaceAll(":", " ")}.\n`;
  const listed = "hint: -h lists the commands.\n";
  const cases: [words: string, err: string][] = [
    ["rn", `error: Unknown command 'rn': did you mean run?\n${listed}`],
    ["rnu", `error: Unknown command 'rnu': did you mean run?\n${listed}`],
    ["zebra", `error: Unknown command 'zebra'\n${listed}`],
    ["", `error: Unknown command ''\n${listed}`],
    ["runs:lst", `error: Unknown command 'runs:lst': did you mean runs list?\n${listed}`],
    ["runs lsit", `error: Unknown command 'runs lsit': did you mean runs list?\n${group}`],
    ["runs", `error: Expected a command after 'runs', got nothing\n${group}`],
    ["constructor", `error: Unknown command 'constructor'\n${listed}`],
    ["__proto__ x", `error: Unknown command '__proto__'\n${listed}`],
    [
      "--json runs list",
      "error: Unknown command '--json'\n" +
      "hint: The command comes first, then its flags; -h lists the commands.\n",
    ],
  ];
  await withWorkspace(async ({ call }) => {
    for (const [words, err] of cases) {
      assertEquals(await call(words), { exit: EXIT_USAGE, out: "", err });
    }
  });
});

Deno.test("unknown flags, missing values and surplus words are refused before anything is done", async () => {
  const lists = "hint: -h lists the flags.\n";
  const usage = "hint: -h shows the usage.\n";
  const dash = (flag: string): string =>
    `hint: A value that begins with a dash is written --${flag}=-…\n`;
  const cases: [words: string, err: string][] = [
    ["run --sede 5", `error: Unknown flag '--sede': did you mean --seed?\n${lists}`],
    ["run --josn", `error: Unknown flag '--josn': did you mean --json?\n${lists}`],
    ["run --inptu x", `error: Unknown flag '--inptu': did you mean --input?\n${lists}`],
    ["run -z", `error: Unknown flag '-z'\n${lists}`],
    ["run --__proto__=x", `error: Unknown flag '--__proto__'\n${lists}`],
    ["run --constructor x", `error: Unknown flag '--constructor'\n${lists}`],
    ["run --config", `error: --config needs a value: --config FILE\n${dash("config")}`],
    ["run --name --json", `error: --name needs a value: --name NAME\n${dash("name")}`],
    ["run --tag=", `error: --tag needs a value: --tag TAG\n${dash("tag")}`],
    ["run --json=1", "error: --json takes no value, got '1'\n"],
    ["run --no-color=yes", "error: --no-color takes no value, got 'yes'\n"],
    ["run --help=run", "error: --help takes no value, got 'run'\n"],
    [
      "run window=5",
      "error: Unexpected word 'window=5'\n" +
      "hint: To set a value of the config: --set 'window=5'\n",
    ],
    ["run config.yaml", `error: Unexpected word 'config.yaml'\n${usage}`],
    ["runs show", `error: Expected REF, got nothing\n${usage}`],
    ["runs show a b", `error: Unexpected word 'b': expected REF\n${usage}`],
    ["runs compare a", `error: Expected REF REF [REF …], got 'a'\n${usage}`],
    [
      "run --set window",
      "error: Cannot use --set 'window': expected key=value\n" +
      "hint: For example: --set window=20\n",
    ],
    [
      "runs list -n -1",
      "error: Unknown flag '-1'\nhint: A value that begins with a dash is written --flag=-1.\n",
    ],
    ["runs list -n 0", "error: Cannot use --limit '0': expected a whole number from 1\n"],
    ["runs list -n x", "error: Cannot use --limit 'x': expected a whole number from 1\n"],
    ["runs list --limit=1.5", "error: Cannot use --limit '1.5': expected a whole number from 1\n"],
    ["runs list -n 1e3 --all", "error: Cannot use --limit '1e3': expected a whole number from 1\n"],
    [
      "runs list --status finishd",
      "error: Unknown status 'finishd': did you mean finished?\n" +
      "hint: There are: running, finished, failed, interrupted, crashed.\n",
    ],
    [
      "runs list --status toString",
      "error: Unknown status 'toString'\n" +
      "hint: There are: running, finished, failed, interrupted, crashed.\n",
    ],
    [
      "runs list --json --csv",
      "error: Cannot print --json and --csv at once\nhint: Leave out all but one.\n",
    ],
    [
      "runs list --registry postgres://x",
      "error: Cannot use the registry: postgres registries are not supported\n" +
      "hint: Use a file, as in --registry file:runs/registry.db, " +
      "or a libsql server: http://HOST:PORT, https://HOST, libsql://HOST.\n",
    ],
  ];
  await withWorkspace(async ({ call, files }) => {
    const before = files();
    for (const [words, err] of cases) {
      assertEquals(await call(words), { exit: EXIT_USAGE, out: "", err }, words);
    }
    assertEquals(files(), before);
  });
});

Deno.test("a bug is called one, with exit status 70 and no stack trace", async () => {
  const experiments = {
    "rolling-mean": () => Promise.reject(new TypeError("x is not a function")),
  };
  await withWorkspace(async ({ call }) => {
    const err = "error: A bug in sigrun: x is not a function\n" +
      "hint: Please report it, with the output of the same command and --debug.\n";
    assertEquals(await call("config:check", { experiments }), { exit: EXIT_BUG, out: "", err });
    const run = await call("run --json", { experiments });
    assertEquals(run.exit, EXIT_BUG);
    assertEquals(JSON.parse(run.out), {
      version: "v1",
      status: "error",
      error_message: "A bug in sigrun: x is not a function",
      error_code: "internal",
      run_id: "20261123-085501-7adgkp",
    });
    assert(run.err.startsWith(err), run.err);
  });
});

Deno.test("with --debug an error comes with its stack and that of its cause", async () => {
  await withWorkspace(async ({ call }) => {
    const { err } = await call("config:check --config nope.yaml --debug");
    assertMatch(
      err,
      /^error: Cannot find the config \$DIR\/nope\.yaml\nhint: .*\nUserError: Cannot/,
    );
    assertMatch(err, /\n {4}at .*document\.ts/);
    assertMatch(err, /\ncaused by: NotFound: /);
    assert(!(await call("config:check --config nope.yaml")).err.includes("    at "));
    const run = await call("run --config nope.yaml --debug");
    assertMatch(run.err, /\ncaused by: NotFound: /);
  });
});
