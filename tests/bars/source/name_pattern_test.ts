import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { nameMatcher } from "../../../lib/bars/source/name_pattern.ts";

Deno.test("a pattern matches the names that a shell would give for it", () => {
  const cases: [pattern: string, matched: string[], others: string[]][] = [
    ["*.csv", ["a.csv", "a.b.csv", "é 1.csv"], [".csv", ".a.csv", "a.CSV", "a.csv.gz", "csv"]],
    ["*", ["a", "a b", "\n", "😀"], [".a"]],
    [".*", [".a", "."], ["a"]],
    ["a?c", ["abc", "a😀c", "a\nc", "a?c"], ["ac", "abbc"]],
    ["?a", ["aa"], [".a", "a"]],
    ["*-2024-*-*.csv", ["BTC-2024-01-02.csv"], ["BTC-2024-01.csv"]],
    ["[abc]", ["a", "c"], ["d", "ab", ""]],
    ["[0-9a-c]x", ["5x", "bx"], ["dx", "-x", "Ax"]],
    ["[!0-9]", ["a", "-", "!"], ["0", "5", "9"]],
    ["[^0-9]", ["a"], ["5"]],
    ["[]]", ["]"], ["[", "a"]],
    ["[!]]", ["a"], ["]"]],
    ["[a-]", ["a", "-"], ["b"]],
    ["[-a]", ["a", "-"], ["b"]],
    ["[z-a]", [], ["z", "a", "m", "-"]],
    ["[*]", ["*"], ["a", "**"]],
    ["[[]x]", ["[x]"], ["x"]],
    ["[", ["["], ["a"]],
    ["a[b", ["a[b"], ["ab"]],
    ["[]", ["[]"], ["", "]"]],
    ["[à-ü]", ["é"], ["e"]],
    ["a{b,c}+(d)\\$", ["a{b,c}+(d)\\$"], ["ab"]],
    ["", [""], ["a"]],
    ["**", ["a", ""], [".a"]],
  ];
  for (const [pattern, matched, others] of cases) {
    const isMatch = nameMatcher(pattern);
    for (const name of matched) assert(isMatch(name), `${pattern} should match ${name}`);
    for (const name of others) assert(!isMatch(name), `${pattern} should not match ${name}`);
  }
});

/** The definition, as slow as it is plain. */
function matchesPlainly(pattern: string, name: string): boolean {
  if (pattern === "") return name === "";
  const [first, rest] = [pattern[0], pattern.slice(1)];
  if (first === "*") {
    return matchesPlainly(rest, name) || (name !== "" && matchesPlainly(pattern, name.slice(1)));
  }
  return name !== "" && (first === "?" || first === name[0]) && matchesPlainly(rest, name.slice(1));
}

Deno.test("stars and question marks match what their definition says", () => {
  const text = (letters: string) => fc.string({ unit: fc.constantFrom(...letters), maxLength: 10 });
  fc.assert(
    fc.property(text("ab*?"), text("ab"), (pattern, name) => {
      assertEquals(nameMatcher(pattern)(name), matchesPlainly(pattern, name), `${pattern} ${name}`);
    }),
    { seed: 7, numRuns: 2000 },
  );
});

Deno.test("a pattern of many stars is no slower than its length times that of the name", () => {
  let compared = 0;
  const letters = Array.from({ length: 255 }, () => "a");
  const counted = new Proxy(letters, {
    get: (target, key) => {
      compared++;
      return Reflect.get(target, key);
    },
  });
  const name = { [Symbol.iterator]: () => counted.values(), startsWith: () => false };
  assert(!nameMatcher(`${"*a".repeat(100)}b`)(name as unknown as string));
  assert(compared < 255 * 201, String(compared));
});
