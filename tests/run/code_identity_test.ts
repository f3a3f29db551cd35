import { assert, assertEquals, assertMatch } from "@std/assert";
import { dirname, join } from "node:path";
import {
  codeHash,
  codeHashWith,
  codeIdentity,
  EMBEDDED_IDENTITY,
  parseGitStatus,
} from "../../lib/run/code_identity.ts";
import type { RunHashes } from "../../lib/record.ts";
import { withTempDir } from "../temp_dir.ts";
import { sha256Of } from "./complete.ts";
import { sigrun } from "./sigrun_process.ts";
import { PROGRAM, withWorkspace } from "./workspace.ts";

/** A copy of the program, as far as its hash goes. */
async function copyProgram(target: string): Promise<void> {
  const copy = async (path: string): Promise<void> => {
    const source = join(PROGRAM, path);
    if ((await Deno.stat(source)).isDirectory) {
      for await (const { name } of Deno.readDir(source)) await copy(`${path}/${name}`);
    } else {
      await Deno.mkdir(dirname(join(target, path)), { recursive: true });
      await Deno.copyFile(source, join(target, path));
    }
  };
  for (const path of ["main.ts", "lib", "experiments", "deno.json", "deno.lock"]) await copy(path);
}

Deno.test("the code hash is that of sorted paths and bytes", async () => {
  await withTempDir(async (dir) => {
    const files = [
      "deno.json",
      "deno.lock",
      "experiments/b.ts",
      "lib/a/z.ts",
      "lib/a.ts",
      "main.ts",
    ];
    for (const path of files) {
      await Deno.mkdir(dirname(join(dir, path)), { recursive: true });
      await Deno.writeTextFile(join(dir, path), `// ${path}`);
    }
    const text = [...files].sort().map((path) => `${path}\0${path.length + 3}\0// ${path}`).join(
      "",
    );
    assertEquals(await codeHash(dir), sha256Of(new TextEncoder().encode(text)));
  });
});

Deno.test("the code hash is the same wherever the program lies, and another for other code", async () => {
  await withTempDir(async (dir) => {
    const root = join(dir, "a place with spaces", "%20");
    await copyProgram(root);
    const expected = await codeHash(PROGRAM);
    assertEquals(await codeHash(root), expected);
    const seen = new Set([expected]);
    const differs = async (): Promise<void> => {
      const hash = await codeHash(root);
      assert(!seen.has(hash));
      seen.add(hash);
    };
    for (
      const path of ["main.ts", "deno.json", "deno.lock", "lib/errors.ts", "lib/registry/store.ts"]
    ) {
      await Deno.writeTextFile(join(root, path), "\n", { append: true });
      await differs();
    }
    await Deno.writeTextFile(join(root, "experiments/new.ts"), "");
    await differs();
    await Deno.rename(join(root, "experiments/new.ts"), join(root, "experiments/newer.ts"));
    await differs();
    await Deno.remove(join(root, "experiments/newer.ts"));
    const before = await codeHash(root);
    assert(seen.has(before));
    await Deno.writeTextFile(join(root, "README.md"), "is no code");
    await Deno.mkdir(join(root, "tests"));
    await Deno.writeTextFile(join(root, "tests/x_test.ts"), "is none either");
    assertEquals(await codeHash(root), before);
  });
});

Deno.test("a run of a program that was changed has another code hash and another fingerprint", async () => {
  await withWorkspace(async (workspace) => {
    const program = workspace.path("program");
    await copyProgram(program);
    const hashes = async (): Promise<RunHashes> => {
      const { out, err } = await sigrun(["run", "--json"], { cwd: workspace.dir, program });
      assertEquals(err, "");
      return JSON.parse(out).hashes;
    };
    const here = (await workspace.run()).run.hashes;
    assertEquals(await hashes(), here);
    await Deno.writeTextFile(join(program, "lib/errors.ts"), "// changed\n", { append: true });
    const changed = await hashes();
    assert(changed.code !== here.code && changed.fingerprint !== here.fingerprint);
    assertEquals([changed.config, changed.result], [here.config, here.result]);
  });
});

Deno.test("an experiment given by path adds its files, by path from its folder, to the code hash", async () => {
  await withTempDir(async (dir) => {
    const write = async (name: string, text: string): Promise<string> => {
      await Deno.mkdir(dirname(join(dir, name)), { recursive: true });
      await Deno.writeTextFile(join(dir, name), text);
      return join(dir, name);
    };
    const code = "sha256:program";
    const hash = await codeHashWith(code, await write("a/mine.ts", "x"));
    assertEquals(hash, sha256Of(new TextEncoder().encode(`${code}\0mine.ts\0${"x".length}\0x`)));
    assertEquals(await codeHashWith(code, await write("b/mine.ts", "x")), hash);
    const others = [
      await codeHashWith("sha256:other", join(dir, "a/mine.ts")),
      await codeHashWith(code, await write("a/yours.ts", "x")),
      await codeHashWith(code, await write("c/mine.ts", "y")),
    ];
    assertEquals(new Set([hash, ...others]).size, 4);

    const source = 'import { mean } from "../shared/mean.ts";';
    await write("shared/mean.ts", 'export * from "./sum.ts"');
    await write("shared/sum.ts", "1");
    await write("shared/unused.ts", "1");
    const importing = await codeHashWith(code, await write("a/mine.ts", source));
    const listed = [
      ["../shared/mean.ts", 'export * from "./sum.ts"'],
      ["../shared/sum.ts", "1"],
      ["mine.ts", source],
    ].map(([path, text]) => `${path}\0${text!.length}\0${text}`).join("");
    assertEquals(importing, sha256Of(new TextEncoder().encode(`${code}\0${listed}`)));
    await write("shared/unused.ts", "2");
    assertEquals(await codeHashWith(code, join(dir, "a/mine.ts")), importing);
    await write("shared/sum.ts", "2");
    assert(await codeHashWith(code, join(dir, "a/mine.ts")) !== importing);
    await Deno.remove(join(dir, "shared/sum.ts"));
    assert(await codeHashWith(code, join(dir, "a/mine.ts")) !== importing);
  });
});

Deno.test("the binary says what it was built from", async () => {
  await withTempDir(async (dir) => {
    const identity = { hash: "sha256:built", git: null };
    await Deno.mkdir(dirname(join(dir, EMBEDDED_IDENTITY)), { recursive: true });
    await Deno.writeTextFile(join(dir, EMBEDDED_IDENTITY), JSON.stringify(identity));
    assertEquals(await codeIdentity({ programRoot: dir, standalone: true }), identity);
  });
});

Deno.test("a program outside of any repository has a hash and no commit", async () => {
  await withTempDir(async (dir) => {
    await copyProgram(dir);
    // A repository further up is not the program's.
    await Deno.writeTextFile(join(dir, ".git"), "gitdir: /nowhere");
    const { hash, git } = await codeIdentity({ programRoot: dir, standalone: false });
    assertMatch(hash, /^sha256:[0-9a-f]{64}$/);
    assertEquals(git, null);
  });
});

Deno.test("a program that differs from its commit is dirty, and each difference has its hash", async () => {
  await withTempDir(async (dir) => {
    // Not at the top of its repository, as a part of a larger one.
    const root = join(dir, "tools", "sigrün");
    await copyProgram(root);
    const git = async (...args: string[]): Promise<string> => {
      const settings = ["-c", "user.name=x", "-c", "user.email=x@example.com"];
      const { success, stdout, stderr } = await new Deno.Command("git", {
        args: [...settings, ...args],
        cwd: dir,
      }).output();
      const decoder = new TextDecoder();
      assert(success, decoder.decode(stderr));
      return decoder.decode(stdout).trim();
    };
    const state = async () => (await codeIdentity({ programRoot: root, standalone: false })).git!;
    await git("init", "--quiet", "--initial-branch=trunk");
    const unborn = { commit: null, branch: "trunk", dirty: true, diff: null };
    assertEquals(await state(), unborn);
    await git("add", "--all");
    await git("commit", "--quiet", "--message=first");
    const commit = await git("rev-parse", "HEAD");
    const clean = { commit, branch: "trunk", dirty: false, diff: null };
    assertEquals(await state(), clean);
    await Deno.writeTextFile(join(root, "README.md"), "is no code");
    assertEquals(await state(), clean);

    const seen = new Set<string>();
    const differs = async (): Promise<string> => {
      const { diff, ...rest } = await state();
      assertEquals(rest, { commit, branch: "trunk", dirty: true });
      assertMatch(diff!, /^sha256:[0-9a-f]{64}$/);
      assert(!seen.has(diff!));
      seen.add(diff!);
      return diff!;
    };
    await Deno.writeTextFile(join(root, "lib/errors.ts"), "// changed\n", { append: true });
    const changed = await differs();
    // Colours and prefixes of the user's diffs are the user's alone.
    await git("config", "color.ui", "always");
    await git("config", "diff.noprefix", "true");
    await git("add", "--all");
    assertEquals((await state()).diff, changed);
    await Deno.writeTextFile(join(root, "lib/größe 1.ts"), "export {};");
    await differs();
    await Deno.writeTextFile(join(root, "lib/größe 1.ts"), "export { };");
    await differs();
    await Deno.rename(join(root, "lib/größe 1.ts"), join(root, "lib/größe 2.ts"));
    await differs();
    await Deno.writeFile(join(root, "lib/bars/plain/plain_rows.wasm"), new Uint8Array([0, 255]));
    await differs();
    await Deno.remove(join(root, "lib/nearest.ts"));
    await differs();
    await git("add", "--all");
    await git("commit", "--quiet", "--message=second");
    const second = { ...clean, commit: await git("rev-parse", "HEAD") };
    assertEquals(await state(), second);
    await git("checkout", "--quiet", "--detach");
    assertEquals(await state(), { ...second, branch: null });
  });
});

Deno.test("the answers of git are understood", () => {
  const commit = "1d40fdf4c7c2eb107b05eead7d0b7f4c9aeef365";
  const head = (oid: string, name: string) => `# branch.oid ${oid}\n# branch.head ${name}\n`;
  assertEquals(parseGitStatus(head(commit, "main")), { commit, branch: "main", dirty: false });
  assertEquals(parseGitStatus(head(commit, "(detached)")), { commit, branch: null, dirty: false });
  assertEquals(parseGitStatus(head("(initial)", "main")), {
    commit: null,
    branch: "main",
    dirty: false,
  });
  for (const change of ["1 .M N... 100644 100644 100644 a b lib/x.ts", "? lib/new.ts"]) {
    assertEquals(parseGitStatus(`${head(commit, "a/b")}${change}\n`).dirty, true);
  }
  assertEquals(parseGitStatus(""), { commit: null, branch: null, dirty: false });
});
