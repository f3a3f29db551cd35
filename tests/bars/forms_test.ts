import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCli } from "../../lib/cli/cli.ts";
import { fakeHost } from "../fake_host.ts";

const PAGE = new URL("../../lib/bars/README.md", import.meta.url);
const FORMS = fileURLToPath(new URL("./forms/", import.meta.url));

/** The closes of every fixture that has no file of its own beside it: `NAME.closes`. */
const CLOSES = "100.5 101.25 100.75 102.5 103 101 104.5 105.25 104.75 106 103.5 107.25";

/** A row of the tables on the page. */
interface Row {
  readonly form: string;
  readonly fixture: string;
  /** Words of a shell. */
  readonly options: readonly string[];
  /** A part of the message, of a file that is refused. */
  readonly refusal: string | undefined;
}

/** What is known of a file that was checked. */
interface Checked {
  readonly error_message?: string;
  readonly head?: readonly { readonly close: string }[];
}

async function rowsOfPage(): Promise<readonly Row[]> {
  const text = await Deno.readTextFile(PAGE);
  return [...text.matchAll(/^\|(.*)\|$/gm)].flatMap(([, row]) => {
    const [form, fixture, options, refusal] = row!.split(/(?<!\\)\|/).map((cell) =>
      cell.trim().replaceAll("\\|", "|")
    );
    if (fixture === "fixture" || /^-+$/.test(fixture!)) return [];
    return [{
      form: form!,
      fixture: unquoted(fixture!),
      options: shellWords(unquoted(options!)),
      refusal: refusal === undefined ? undefined : unquoted(refusal),
    }];
  });
}

function unquoted(code: string): string {
  return code.replace(/^`(.*)`$/, "$1");
}

/** The words of a command line, as a shell takes them from a paste. */
function shellWords(line: string): readonly string[] {
  return [...line.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) =>
    word.replaceAll(/"([^"]*)"|'([^']*)'/g, "$1$2")
  );
}

async function check({ fixture, options }: Row): Promise<Checked> {
  const args = ["data:check", join(FORMS, fixture), ...options, "--head", "1000", "--json"];
  const host = fakeHost({ args, cwd: FORMS });
  await runCli(host, {});
  return JSON.parse(host.out).files[0];
}

async function expectedCloses(fixture: string): Promise<readonly string[]> {
  try {
    return (await Deno.readTextFile(join(FORMS, `${fixture}.closes`))).trim().split(/\s+/);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return CLOSES.split(" ");
    throw error;
  }
}

/** `100.50` and `100.5` are one number. */
function number(text: string): string {
  return text.includes(".") ? text.replace(/\.?0*$/, "") : text;
}

for (const row of await rowsOfPage()) {
  const { form, fixture, options, refusal } = row;
  const name = `${fixture} ${options.join(" ")}`.trim();
  Deno.test(`the page on data tells the truth of ${name}: ${form}`, async () => {
    const { error_message, head } = await check(row);
    if (refusal === undefined) {
      assertEquals(error_message, undefined);
      assertEquals(head?.map(({ close }) => number(close)), await expectedCloses(fixture));
    } else {
      assert(error_message?.includes(refusal), `expected ${refusal}, got ${error_message}`);
    }
  });
}

Deno.test("every fixture of a form has a row on the page on data", async () => {
  const named = new Set((await rowsOfPage()).map(({ fixture }) => fixture));
  const fixtures = [...Deno.readDirSync(FORMS)].map(({ name }) => name)
    .filter((name) => !name.endsWith(".closes"));
  assertEquals(fixtures.filter((name) => !named.has(name)), []);
});
