import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { withWorkspace } from "../workspace.ts";

Deno.test("each shell has its script, which asks sigrun itself", async () => {
  await withWorkspace(async ({ call }) => {
    for (const shell of ["bash", "zsh", "fish"]) {
      const { exit, out, err } = await call(`completions ${shell}`);
      assertEquals([exit, err], [0, ""]);
      assertStringIncludes(out, "sigrun __complete ");
      assertMatch(out, shell === "zsh" ? /^#compdef sigrun\n/ : /^# Completion of sigrun's words/);
    }
  });
});

Deno.test("without the binary a function takes its place, unless there is a sigrun", async () => {
  await withWorkspace(async ({ call, dir }) => {
    const programRoot = `${dir}/it's here`;
    const bash = await call("completions bash", { programRoot });
    assertStringIncludes(bash.out, "if ! command -v sigrun >/dev/null 2>&1; then\n  sigrun() { '");
    assertStringIncludes(bash.out, "'$DIR/it'\\''s here/main.ts' \"$@\"; }\n");
    const fish = await call("completions fish", { programRoot });
    assertStringIncludes(fish.out, "'$DIR/it\\'s here/main.ts' $argv\n");
    const binary = await call("completions bash", { standalone: true });
    assert(!binary.out.includes("main.ts"));
  });
});

Deno.test("another shell is refused with those that there are", async () => {
  await withWorkspace(async ({ call }) => {
    assertEquals(await call("completions fishh"), {
      exit: 2,
      out: "",
      err: "error: Unknown shell 'fishh': did you mean fish?\nhint: There are: bash, zsh, fish.\n",
    });
  });
});
