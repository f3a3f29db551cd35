import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { EXIT_BUG, EXIT_FAILED, UserError } from "../lib/errors.ts";
import { asUserError } from "../lib/failure.ts";
import { hintFor, reasonOf, systemFailure } from "../lib/system_error.ts";
import { withTempDir } from "./temp_dir.ts";

/** An error as Deno makes it where it has no class for it. */
function plain(message: string, code?: string): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

Deno.test("an error of the system is told as what it is, whether it has a class, a code or a number", () => {
  const cases: readonly [error: Error, message: string][] = [
    [
      plain("No space left on device (os error 28): mkdir '/r'", "ENOSPC"),
      "Cannot mkdir /r: no space left on the disk",
    ],
    [
      plain("Read-only file system (os error 30): open '/r/x'"),
      "Cannot open /r/x: the file system is read-only",
    ],
    [
      plain("Too many open files (os error 24)"),
      "Cannot do what was asked: too many open files in this process",
    ],
    [plain("EDQUOT: write", "EDQUOT"), "Cannot do what was asked: the disk quota is used up"],
    [plain("Input/output error (os error 5)"), "Cannot do what was asked: the disk failed"],
    [
      new Deno.errors.PermissionDenied("Permission denied (os error 13): readdir '/r'"),
      "Cannot readdir /r: permission denied",
    ],
    [
      plain("Value too large (os error 75): stat '/a' -> '/b'"),
      "Cannot stat /a -> /b: value too large",
    ],
  ];
  for (const [error, message] of cases) {
    const told = asUserError(error);
    assertEquals([told.message, told.exitCode], [message, EXIT_FAILED]);
    assertEquals(told.code, "system_error");
  }
});

Deno.test("an error that is not the system's is a bug, and what was told already stays as it is", () => {
  for (const error of [new TypeError("x is null"), new Error("E"), new RangeError("os error")]) {
    assertEquals(systemFailure(error), undefined);
    assertEquals(asUserError(error).exitCode, EXIT_BUG);
    assertEquals(reasonOf(error), error.message);
    assertEquals(hintFor(error, "other"), "other");
  }
  const told = new UserError("told", { code: "usage" });
  assertEquals(asUserError(told), told);
});

Deno.test("what this system refuses has a reason and a hint", async () => {
  await withTempDir(async (dir) => {
    const path = (name: string): string => join(dir, name);
    await Deno.writeTextFile(path("file"), "");
    await Deno.symlink("circle", path("circle"));
    const cases: readonly [() => Promise<unknown>, string][] = [
      [() => Deno.open(path("none")), "no such file or directory"],
      [() => Deno.mkdir(path("file")), "it exists already"],
      [() => Deno.open(path("file/x")), "what should be a folder is a file"],
      [() => Deno.open(path("x".repeat(300))), "the name is too long"],
      [() => Deno.open(path("circle")), "too many levels of symbolic links"],
      [() => Deno.readTextFile(dir), "it is a directory"],
    ];
    for (const [attempt, reason] of cases) {
      const error = await assertRejects(attempt);
      assertEquals(systemFailure(error)?.reason, reason);
    }
  });
});
