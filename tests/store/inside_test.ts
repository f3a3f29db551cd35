import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { join } from "node:path";
import { UserError } from "../../lib/errors.ts";
import { type ExpectedKind, inside, moveInside, removeInside } from "../../lib/store/inside.ts";
import { withTempDir } from "../temp_dir.ts";

/** Calls `use` with a folder of runs, and one beside it with a precious file. */
function withFolders(
  use: (folders: { readonly runs: string; readonly outside: string }) => Promise<void>,
): Promise<void> {
  return withTempDir(async (dir) => {
    const [runs, outside] = [join(dir, "runs"), join(dir, "outside")];
    await Deno.mkdir(join(runs, "run"), { recursive: true });
    await Deno.mkdir(outside);
    await Deno.writeTextFile(join(runs, "run", "file"), "x");
    await Deno.writeTextFile(join(outside, "file"), "precious");
    await use({ runs, outside });
    assertEquals(await Deno.readTextFile(join(outside, "file")), "precious");
  });
}

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await assertRejects(() => work, UserError);
  assertEquals([error.code, error.exitCode], ["runs_dir_unusable", 1]);
  return error.message;
}

Deno.test("a path in the folder of runs is proven by what is there", async () => {
  await withFolders(async ({ runs }) => {
    const kinds: readonly (readonly [readonly string[], readonly ExpectedKind[]])[] = [
      [["run"], ["directory", "anything"]],
      [["run", "file"], ["file", "replaceable", "anything"]],
      [["run", "none"], ["nothing", "replaceable", "anything"]],
    ];
    for (const [names, fitting] of kinds) {
      for (const expected of ["file", "directory", "nothing", "replaceable", "anything"] as const) {
        const found = inside(runs, names, { expected });
        if (fitting.includes(expected)) assertEquals(await found, join(runs, ...names));
        else await refusal(found);
      }
    }
  });
});

Deno.test("no name leads out of the folder, whatever it is", async () => {
  await withFolders(async ({ runs }) => {
    const part = fc.constantFrom("..", ".", "", "/", "\\", "\0", "run", "file", "a");
    const strange = fc.array(part, { minLength: 1, maxLength: 5 })
      .map((parts) => parts.join("")).filter((name) =>
        /[/\\\0]/.test(name) || ["", ".", ".."].includes(name)
      );
    await fc.assert(fc.asyncProperty(strange, async (name) => {
      await refusal(inside(runs, [name], { expected: "anything" }));
      await refusal(inside(runs, ["run", name], { expected: "anything" }));
      await refusal(removeInside(runs, [name]));
    }));
  });
});

Deno.test("no link is followed on the way, and none is written through", async () => {
  await withFolders(async ({ runs, outside }) => {
    await Deno.symlink(outside, join(runs, "link"));
    await Deno.symlink(join(outside, "file"), join(runs, "run", "link"));
    assertStringIncludes(
      await refusal(inside(runs, ["link", "file"], { expected: "file" })),
      "a symbolic link, not a directory",
    );
    await refusal(inside(runs, ["link"], { expected: "directory" }));
    await refusal(inside(runs, ["run", "link"], { expected: "file" }));
    await refusal(removeInside(runs, ["link", "file"]));
    await refusal(moveInside(runs, { from: ["link"], to: ["moved"] }));
    // A link itself is the folder's own: it is removed, not what it leads to.
    await removeInside(runs, ["link"]);
    assertEquals([...Deno.readDirSync(runs)].map(({ name }) => name), ["run"]);
  });
});

Deno.test("a folder of runs may itself be a link", async () => {
  await withFolders(async ({ runs }) => {
    const linked = `${runs}-link`;
    await Deno.symlink(runs, linked);
    assertEquals(
      await inside(linked, ["run", "file"], { expected: "file" }),
      join(linked, "run", "file"),
    );
    await removeInside(linked, ["run"]);
    assertEquals([...Deno.readDirSync(runs)], []);
  });
});

Deno.test("what is moved takes the place of nothing", async () => {
  await withFolders(async ({ runs }) => {
    await Deno.mkdir(join(runs, "taken"));
    await refusal(moveInside(runs, { from: ["run"], to: ["taken"] }));
    assertEquals(await moveInside(runs, { from: ["run"], to: ["free"] }), join(runs, "free"));
    await removeInside(runs, ["run"]);
  });
});
