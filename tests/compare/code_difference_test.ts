import { assertEquals } from "@std/assert";
import { NO_HASHES } from "../../lib/record.ts";
import { codeDifference, type CodeOfRun } from "../../lib/compare/code_difference.ts";

function ran(code: string | null, git: unknown): CodeOfRun {
  return { id: `run-${code}`, hashes: { ...NO_HASHES, code }, environment: { git } };
}

const commit = (digit: string): string => digit.repeat(40);

Deno.test("equal code, and code of which no hash is known, does not differ", () => {
  const at = (digit: string) => ({ commit: commit(digit), dirty: false });
  assertEquals(codeDifference(ran("x", at("1")), ran("x", at("2"))), null);
  assertEquals(codeDifference(ran(null, at("1")), ran("x", at("2"))), null);
  assertEquals(codeDifference(ran("x", at("1")), ran(null, at("2"))), null);
});

Deno.test("two commits make a command, from the baseline to the run", () => {
  assertEquals(
    codeDifference(
      ran("x", { commit: commit("a"), dirty: true }),
      ran("y", { commit: commit("b"), dirty: false }),
    ),
    {
      run: "run-x",
      baseline: "run-y",
      git_diff:
        "git diff bbbbbbbbbbbb..aaaaaaaaaaaa -- lib experiments main.ts deno.json deno.lock",
      uncommitted: ["run-x"],
    },
  );
});

Deno.test("nothing but a commit gets into the command", () => {
  const baseline = ran("y", { commit: commit("b"), dirty: false });
  for (
    const git of [
      null,
      "x",
      {},
      { commit: commit("b") },
      { commit: null },
      { commit: 1234567 },
      { commit: "--output=/etc/passwd" },
      { commit: `${commit("a")}; rm -rf ~` },
      { commit: `${commit("a")}\n` },
      { commit: "$(id)" },
    ]
  ) {
    assertEquals(codeDifference(ran("x", git), baseline)?.git_diff, null, JSON.stringify(git));
  }
});
