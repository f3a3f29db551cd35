import { assert, assertEquals, assertMatch } from "@std/assert";
import { dirname, join } from "node:path";
import { findDataFiles, type FoundFiles } from "../../../lib/bars/source/find_data_files.ts";
import { refusalOf } from "../refusal.ts";
import { withTempDir } from "../../temp_dir.ts";

/** Calls `use` with a folder that has these files. */
function withFiles(
  names: readonly string[],
  use: (folder: {
    readonly dir: string;
    find(...named: string[]): Promise<FoundFiles>;
    found(...named: string[]): Promise<string[]>;
  }) => Promise<void>,
): Promise<void> {
  return withTempDir(async (dir) => {
    for (const name of names) {
      await Deno.mkdir(dirname(join(dir, name)), { recursive: true });
      await Deno.writeTextFile(join(dir, name), name);
    }
    const absolute = (name: string): string => name === "-" ? name : join(dir, name);
    const short = (path: string): string => path.replace(`${dir}/`, "");
    const find = async (...named: string[]): Promise<FoundFiles> => {
      const { paths, repeated } = await findDataFiles(named.map(absolute));
      return { paths: paths.map(short), repeated: repeated.map(short) };
    };
    await use({ dir, find, found: async (...named) => [...(await find(...named)).paths] });
  });
}

Deno.test("a pattern gives the files that match, sorted, and no folder", async () => {
  const names = ["b-10.csv", "b-2.csv", "a.csv", "b.txt", ".b-3.csv", "b-4.csv/x.csv"];
  await withFiles(names, async ({ found }) => {
    assertEquals(await found("b*.csv"), ["b-10.csv", "b-2.csv"]);
    assertEquals(await found("?.csv"), ["a.csv"]);
    assertEquals(await found("b*/*.csv"), ["b-4.csv/x.csv"]);
    assertEquals(await found(".*"), [".b-3.csv"]);
    assertEquals(await found("b.txt", "[!b]*", "b-?.csv"), ["b.txt", "a.csv", "b-2.csv"]);
  });
});

Deno.test("two stars are any folders, but for hidden ones and links", async () => {
  const names = ["x.csv", "2023/x.csv", "2023/12/x.csv", "2023/12/y.csv", ".old/x.csv", "z/w.txt"];
  await withFiles(names, async ({ dir, found }) => {
    await Deno.symlink(dir, join(dir, "z/loop"));
    assertEquals(await found("**/x.csv"), ["2023/12/x.csv", "2023/x.csv", "x.csv"]);
    assertEquals(await found("2023/**/*.csv"), ["2023/12/x.csv", "2023/12/y.csv", "2023/x.csv"]);
    assertEquals(await found("2023/**"), ["2023/12/x.csv", "2023/12/y.csv", "2023/x.csv"]);
    assertEquals(await found("**/**/**/12/**/[xy].csv"), ["2023/12/x.csv", "2023/12/y.csv"]);
    assertEquals(await found("**/12/x.csv"), ["2023/12/x.csv"]);
    // A link that is named is followed.
    assertEquals(await found("z/lo?p/x.csv", "x.csv"), ["z/loop/x.csv"]);
  });
});

Deno.test("what is there under the very name is meant, whatever stars it has", async () => {
  const names = [
    "[x]/a*.csv",
    "[x]/ab.csv",
    "x/a*.csv",
    "x/ab.csv",
    "[x]/[b]/c.csv",
    "[x]/b/c.csv",
  ];
  await withFiles(names, async ({ found }) => {
    assertEquals(await found("[x]/a*.csv"), ["[x]/a*.csv"]);
    assertEquals(await found("[x]/a?.csv"), ["[x]/a*.csv", "[x]/ab.csv"]);
    assertEquals(await found("[x]/[b]/*.csv"), ["[x]/[b]/c.csv"]);
    assertEquals(await found("[w-y]/a[*].csv"), ["x/a*.csv"]);
  });
});

Deno.test("names of any kind are found", async () => {
  const names = ["a b.csv", "日本.csv", "new\nline.csv", "\u001b[2Jx.csv", "quote'\".csv", "-.csv"];
  await withFiles(names, async ({ found }) => {
    assertEquals((await found("*.csv")).sort(), [...names].sort());
    assertEquals(await found("日?.csv"), ["日本.csv"]);
  });
});

Deno.test("a file is there once, however often and under whatever name it was named", async () => {
  await withFiles(["a.csv", "b.csv", "c/d.csv"], async ({ dir, find }) => {
    await Deno.symlink(join(dir, "a.csv"), join(dir, "latest.csv"));
    await Deno.symlink(join(dir, "c"), join(dir, "same"));
    assertEquals(await find("*.csv", "a.csv", "same/d.csv", "c/*", "-", "-"), {
      paths: ["a.csv", "b.csv", "same/d.csv", "-"],
      repeated: ["latest.csv", "a.csv", "c/d.csv", "-"],
    });
  });
});

Deno.test("a path that is no pattern is left to be opened, whether it is there or not", async () => {
  await withFiles(["a.csv"], async ({ dir, found }) => {
    await Deno.symlink(join(dir, "gone"), join(dir, "dangling.csv"));
    assertEquals(await found("nope.csv", "a.csv", "x/nope.csv"), [
      "nope.csv",
      "a.csv",
      "x/nope.csv",
    ]);
    assertEquals(await found("*.csv"), ["a.csv", "dangling.csv"]);
  });
});

Deno.test("a pattern that nothing matches is refused with what is there instead", async () => {
  const names = ["m/BTC-2024-01.csv", "m/BTC-2024-02.csv", "m/n.txt", "m/2024/a.csv", "e/x/y.csv"];
  await withFiles(names, async ({ dir, find }) => {
    await Deno.mkdir(join(dir, "empty"));
    const cases: [pattern: string, message: string][] = [
      ["m/BTC-2025-*.csv", "'BTC-2025-*.csv' in $DIR/m: the nearest is 'BTC-2024-01.csv'"],
      ["m/btc-2024-*.csv", "'btc-2024-*.csv' in $DIR/m: the nearest is 'BTC-2024-01.csv'"],
      [
        "m/*.parquet",
        "'*.parquet' in $DIR/m: it has 'BTC-2024-01.csv', 'BTC-2024-02.csv', 'n.txt'",
      ],
      ["nope/*.csv", "'*.csv' in $DIR/nope: there is no such folder"],
      ["m/n.txt/*.csv", "'*.csv' in $DIR/m/n.txt: that is no folder"],
      ["empty/*.csv", "'*.csv' in $DIR/empty: there is no file in it"],
      ["e/*.csv", "'*.csv' in $DIR/e: there is no file in it"],
      ["[m]/2023*/*.csv", "'2023*/*.csv' in $DIR/m: it has '2024'"],
      ["[m]/2024/b*", "'b*' in $DIR/m/2024: it has 'a.csv'"],
      ["m/**/*.json", "'**/*.json' in $DIR/m: it has '2024'"],
      ["m/\u001b[2J*", "'\\u{1b}[2J*' in $DIR/m: "],
    ];
    for (const [pattern, expected] of cases) {
      const { message, code, hint } = await refusalOf(() => find("m/n.txt", pattern));
      const shown = message.replaceAll(dir, "$DIR");
      assert(shown.startsWith(`Cannot find data files that match ${expected}`), shown);
      assertEquals(code, "data_unreadable");
      assertMatch(hint!, /\* is any text/);
    }
  });
});

Deno.test({
  name: "a folder that may not be listed is an error, not a gap (needs not to be root)",
  ignore: Deno.build.os === "windows" || Deno.uid() === 0,
  async fn() {
    await withFiles(["a/x.csv", "b/x.csv"], async ({ dir, find }) => {
      await Deno.chmod(join(dir, "b"), 0);
      try {
        const { message } = await refusalOf(() => find("*/*.csv"));
        assertMatch(message, /^Cannot list the folder .*b: /);
      } finally {
        await Deno.chmod(join(dir, "b"), 0o700);
      }
    });
  },
});
