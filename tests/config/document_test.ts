import { assert, assertEquals, assertMatch } from "@std/assert";
import { dirname, join } from "node:path";
import { readConfigDocument } from "../../lib/config/document.ts";
import { EXIT_USAGE } from "../../lib/errors.ts";
import { refusalOf } from "../bars/refusal.ts";
import { withTempDir } from "../temp_dir.ts";
import { type Refusal, refusedText, REQUIRED, resolveText, withoutFolder } from "./resolve_text.ts";

const SMALLEST = "The smallest config is three lines: version: v1, seed: 42, window: 5.";

/** How the reading of a path below a new folder is refused. */
function refusedPath(
  name: string,
  make: (path: string) => Promise<void> = async () => {},
): Promise<Refusal> {
  return withTempDir(async (dir) => {
    await make(join(dir, name));
    return withoutFolder(await refusalOf(() => readConfigDocument(join(dir, name))), dir);
  });
}

/** The places of keys in a config, as line:column. */
function places(text: string, keys: readonly string[]): Promise<(string | undefined)[]> {
  return withTempDir(async (dir) => {
    const path = join(dir, "config.yaml");
    await Deno.writeTextFile(path, text);
    const document = await readConfigDocument(path);
    return keys.map((key) => {
      const position = document.positionOf(key.split("."));
      return position && `${position.line}:${position.column}`;
    });
  });
}

Deno.test("a config that is not there is refused with how to name it", async () => {
  assertEquals(await refusedPath("config.yaml"), {
    code: "config_unreadable",
    message: "Cannot find the config config.yaml",
    hint: `Name it with --config FILE. ${SMALLEST}`,
    exitCode: EXIT_USAGE,
  });
});

Deno.test("a directory is no config", async () => {
  assertEquals(await refusedPath("folder", Deno.mkdir), {
    code: "config_unreadable",
    message: "Cannot read the config folder: it is a directory",
    hint: "Name the file in it: --config FILE.",
    exitCode: EXIT_USAGE,
  });
});

Deno.test({
  name: "a config that may not be read is refused as that (needs not to be root)",
  ignore: Deno.build.os === "windows" || Deno.uid() === 0,
  async fn() {
    const refusal = await refusedPath("config.yaml", async (path) => {
      await Deno.writeTextFile(path, REQUIRED);
      await Deno.chmod(path, 0);
    });
    assertEquals(refusal, {
      code: "config_unreadable",
      message: "Cannot read the config config.yaml: permission denied",
      hint: "Change its permissions, or name another file: --config FILE.",
      exitCode: EXIT_USAGE,
    });
  },
});

Deno.test("a config below a file is refused with what to do", async () => {
  const refusal = await refusedPath("file/config.yaml", async (path) => {
    await Deno.writeTextFile(dirname(path), "");
  });
  assertEquals([refusal.code, refusal.exitCode], ["config_unreadable", EXIT_USAGE]);
  assertMatch(refusal.message, /^Cannot read the config file\/config\.yaml: /);
  assertEquals(refusal.hint, "Name another file: --config FILE.");
});

Deno.test("a config without a key is refused as empty, whatever else is in it", async () => {
  for (const text of ["", "\n\n", "# version: v1\n", "---\n", "---\n...\n", "~\n", "\ufeff"]) {
    assertEquals(await refusedText(text), {
      code: "config_invalid",
      message: "Cannot use the config config.yaml: it is empty",
      hint: SMALLEST,
      exitCode: EXIT_USAGE,
    });
  }
});

Deno.test("a list, a word or a number is no config", async () => {
  for (const text of ["- version: v1\n", "version\n", "42\n", '"version: v1"\n', "[a, b]\n"]) {
    assertEquals(
      (await refusedText(text)).message,
      "Cannot use the config config.yaml: expected lines of key: value",
    );
  }
});

Deno.test("text that YAML takes for something else is told to stand in quotes", async () => {
  const cases: [line: string, text: string][] = [
    ["data: -", "'-'"],
    ["data: *.csv", "'*.csv'"],
    ["data:\n  - a.csv\n  - *.csv", "'*.csv'"],
    ["data: %s", "'%s'"],
  ];
  for (const [line, text] of cases) {
    const { hint } = await refusedText(`${REQUIRED}${line}\n`);
    assert(hint.endsWith(`; one that begins so, in quotes: ${text}`), hint);
  }
});

Deno.test("malformed YAML is refused with its line and column", async () => {
  const cases: [text: string, message: RegExp][] = [
    ["version: v1\nseed: 42\nwindow: [1\n", /config\.yaml:4:1: it is not YAML: .*flow collection/],
    ["version: a: b\n", /config\.yaml:1:\d+: it is not YAML: /],
    [`${REQUIRED}window: *nope\n`, /config\.yaml:3:\d+: .*unidentified alias "nope"/],
    [`${REQUIRED}window: !!js/function x\n`, /config\.yaml:3:\d+: .*unknown tag/],
    [`${REQUIRED}---\nversion: v2\n`, /config\.yaml:3:1: .*more than 1 document/],
    [`${REQUIRED}window: 5\u0007\n`, /config\.yaml:3:\d+: .*non-printable/],
    [`${REQUIRED}window: "5\n`, /config\.yaml:4:1: /],
  ];
  for (const [text, message] of cases) {
    const refusal = await refusedText(text);
    assertEquals([refusal.code, refusal.exitCode], ["config_invalid", EXIT_USAGE]);
    assertMatch(refusal.message, message);
    assert(!refusal.message.includes("\n"), refusal.message);
    assertMatch(refusal.hint, /Each line is a key, a colon, a space and a value/);
  }
});

Deno.test("a key that is there twice is refused by name, at its second line", async () => {
  assertEquals(await refusedText(`${REQUIRED}seed: 43\n`), {
    code: "config_invalid",
    message: "Cannot use the config config.yaml:3:1: 'seed' is there twice",
    hint: "A key may stand only once: remove one of the two lines.",
    exitCode: EXIT_USAGE,
  });
  const nested = await refusedText(`${REQUIRED}columns:\n  close: A\n  'close': B\n`);
  assertMatch(nested.message, /config\.yaml:5:\d+: 'close' is there twice/);
});

Deno.test("aliases that expand without bound are refused, and soon", async () => {
  const letters = "abcdefghij".split("");
  const laughs = letters.map((letter, level) => {
    const item = level === 0 ? "lol" : `*${letters[level - 1]}`;
    return `${letter}: &${letter} [${Array(9).fill(item).join(", ")}]\n`;
  }).join("");
  const bombs = [
    laughs,
    "a: &a [*a]\n",
    "a: &a\n  b: *a\n",
    "a: &a {b: &b {c: *a, d: *b}}\n",
    // No alias at all, only far more values than a config has.
    `a: [${"1,".repeat(200_000)}1]\n`,
  ];
  for (const bomb of bombs) {
    const { code, message, exitCode } = await refusedText(bomb + REQUIRED);
    assertEquals([code, exitCode], ["config_invalid", EXIT_USAGE]);
    assertEquals(
      message,
      "Cannot use the config config.yaml: it has more than 10000 values, " +
        "counting again those that an alias repeats",
    );
  }
});

Deno.test("an alias that is used in earnest is followed", async () => {
  const { columns } = await resolveText(
    `${REQUIRED}columns:\n  open: &price Last\n  close: *price\n`,
  );
  assertEquals(columns, { open: "Last", close: "Last" });
});

Deno.test("deep nesting is refused without exhausting the stack", async () => {
  for (const depth of [5_000, 200_000]) {
    const flow = await refusedText(`a: ${"[".repeat(depth)}${"]".repeat(depth)}\n${REQUIRED}`);
    assertEquals(flow.message, "Cannot use the config config.yaml: it is nested too deeply");
  }
  const block = await refusedText(`${"- ".repeat(100_000)}x\n`);
  assertEquals([block.code, block.exitCode], ["config_invalid", EXIT_USAGE]);
});

Deno.test("a file of 100 MB is refused after its first MiB, and so is an endless one", async () => {
  const big = await refusedPath("big.csv", async (path) => {
    await Deno.writeTextFile(path, REQUIRED);
    await Deno.truncate(path, 100_000_000);
  });
  assertEquals(big, {
    code: "config_unreadable",
    message: "Cannot read the config big.csv: it is larger than 1 MiB",
    hint: `Is it the data file? That one goes with --data. ${SMALLEST}`,
    exitCode: EXIT_USAGE,
  });
  if (Deno.build.os === "windows") return;
  const endless = await refusalOf(() => readConfigDocument("/dev/zero"));
  assertMatch(endless.message, /\/dev\/zero: it is larger than 1 MiB/);
});

Deno.test("a config of just 1 MiB is read", async () => {
  const text = `${REQUIRED}# ${"x".repeat((1 << 20) - REQUIRED.length - 3)}\n`;
  assertEquals(text.length, 1 << 20);
  assertEquals((await resolveText(text)).version, "v1");
  assertMatch((await refusedText(`${text}\n`)).message, /larger than 1 MiB/);
});

Deno.test("bytes that are not UTF-8 are refused", async () => {
  const utf16 = Uint8Array.from([0xff, 0xfe, ...Array.from("a: b", (c) => [c.charCodeAt(0), 0])]
    .flat());
  for (const bytes of [Uint8Array.of(0x61, 0x3a, 0x20, 0xff), utf16]) {
    assertEquals(await refusedText(bytes), {
      code: "config_unreadable",
      message: "Cannot read the config config.yaml: it is not UTF-8 text",
      hint: SMALLEST,
      exitCode: EXIT_USAGE,
    });
  }
});

Deno.test("a byte order mark and any line ends change neither values nor places", async () => {
  const text = "version: v1\nseed: 7\nwindow: 9\n";
  for (const variant of [text, `\ufeff${text}`, text.replaceAll("\n", "\r\n")]) {
    const { version, seed, params } = await resolveText(variant);
    assertEquals([version, seed, params.window], ["v1", 7, 9]);
    assertEquals(await places(variant, ["version", "seed", "window"]), ["1:1", "2:1", "3:1"]);
  }
  assertEquals(await places(`\ufeff${text.replaceAll("\n", "\r\n")}`, ["seed"]), ["2:1"]);
});

Deno.test("keys are found however they are written", async () => {
  const text = `# seed: in a comment
"version" : v1
'seed': 42
note: |
  window: not this one
window:    5
columns:
  # close: nor this one
  open: A
  "close": B
`;
  assertEquals(
    await places(text, ["version", "seed", "window", "columns", "columns.open", "columns.close"]),
    ["2:1", "3:1", "6:1", "7:1", "9:3", "10:3"],
  );
});

Deno.test("a key inside a line is placed at that line, an absent one nowhere", async () => {
  const text = "version: v1\ncolumns: {close: Last}\n";
  assertEquals(await places(text, ["columns.close", "columns.nope", "nope", "nope.close"]), [
    "2:1",
    "2:1",
    undefined,
    undefined,
  ]);
});

Deno.test("keys that are also in every object's prototype are keys like any other", async () => {
  const keys = ["__proto__", "constructor", "toString", "hasOwnProperty"];
  const text = keys.map((key) => `${key}: x\n`).join("");
  const { message } = await refusedText(REQUIRED + text);
  for (const [at, key] of keys.entries()) {
    assertMatch(message, new RegExp(`config\\.yaml:${at + 3}:1: ${key}: unknown key; known are `));
  }
  assertEquals(({} as Record<string, unknown>).x, undefined);
});

Deno.test("a key of any length is refused in a line of the usual length", async () => {
  const key = "k".repeat(100_000);
  for (const text of [`? ${key}\n: 5\n`, `"${"k".repeat(1000)}": 5\n`]) {
    const { code, message } = await refusedText(REQUIRED + text);
    assertEquals(code, "config_invalid");
    assertMatch(message, /config\.yaml(:3:1)?: k{60}…: unknown key/);
    assert(message.length < 500, message);
  }
});

Deno.test("one long line is searched for keys no longer than it takes to read it", async () => {
  for (const filler of [" ", "a ", "a", "\t", '"', "'"]) {
    const text = `${REQUIRED}note: >\n  ${filler.repeat(400_000 / filler.length)}x\nwindw: 5\n`;
    assertEquals(await places(text, ["windw"]), ["5:1"]);
  }
});

Deno.test("a key that is written as a number is refused, as it may be another number", async () => {
  for (const key of ["010", "0x10", "1_0", "TRUE"]) {
    const { message, hint } = await refusedText(`${REQUIRED}${key}: 5\n`);
    assertMatch(message, /^Cannot use the config config\.yaml: the key '\w+' is no text$/);
    assertEquals(hint, "Put a key that looks like a number or a truth value in quotes.");
  }
});

Deno.test("a type that is not that of the text is no YAML here", async () => {
  const { message } = await refusedText(`${REQUIRED}window: !!int "010"\n`);
  assertMatch(message, /^Cannot read the config config\.yaml:3:\d+: it is not YAML: .*unknown tag/);
});
