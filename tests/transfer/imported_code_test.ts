/**
 * An archive carries results, and no code that anything would execute.
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { jsonText } from "../../lib/json_text.ts";
import { type Called, withWorkspace, type Workspace } from "../cli/workspace.ts";
import { entriesOf, type Entry, tar } from "./tar_archive.ts";

/** An experiment that leaves a trace wherever it is executed. */
function tracing(dir: string): string {
  return `import { defineExperiment } from "sigrun";
globalThis["executed ${dir}"] = true;
export default defineExperiment({
  name: "mine", version: 1, summary: "none", params: {}, columns: ["close"],
  signal: ({ bars }) => ({ positions: new Int8Array(bars.length), warmup: 0 }),
});
`;
}

/** Whether the experiment was executed in this process, since it was last asked. */
function wasExecuted(dir: string): boolean {
  const traces = globalThis as unknown as Record<string, unknown>;
  const was = traces[`executed ${dir}`] === true;
  delete traces[`executed ${dir}`];
  return was;
}

/** The files of a run, with another experiment in its config, hashes and all. */
function renamed(entries: readonly Entry[], experiment: string): readonly Entry[] {
  const text = (name: string): string => {
    const entry = entries.find((entry) => entry.name.endsWith(`/${name}`))!;
    return new TextDecoder().decode(entry.content as Uint8Array<ArrayBuffer>);
  };
  const config = text("config.yaml").replace(/^experiment: .*$/m, `experiment: ${experiment}`);
  const manifest = JSON.parse(text("manifest.json"));
  manifest.run.config.experiment = experiment;
  const artifact = manifest.run.artifacts.find(({ path }: { path: string }) =>
    path === "config.yaml"
  );
  artifact.bytes = new TextEncoder().encode(config).length;
  artifact.sha256 = `sha256:${createHash("sha256").update(config).digest("hex")}`;
  return entries.map((entry) =>
    entry.name.endsWith("/config.yaml")
      ? { ...entry, content: config }
      : entry.name.endsWith("/manifest.json")
      ? { ...entry, content: jsonText(manifest) }
      : entry
  );
}

/** A workspace with a run of an experiment given by path, and its files as entries. */
async function withRun(
  use: (
    run: Workspace & {
      readonly id: string;
      readonly entries: readonly Entry[];
      importing(entries: readonly Entry[], words?: string): Promise<Called>;
    },
  ) => Promise<void>,
): Promise<void> {
  await withWorkspace(async (workspace) => {
    const { call, dir, write } = workspace;
    await write("mine.ts", tracing(dir));
    await write("config.yaml", "version: v1\nseed: 42\nexperiment: ./mine.ts\nevaluate: false\n");
    assertEquals((await call("run")).exit, 0);
    const id = [...Deno.readDirSync(join(dir, "runs"))].map(({ name }) => name)
      .find((name) => /^\d{8}-/.test(name))!;
    wasExecuted(dir);
    await use({
      ...workspace,
      id,
      entries: entriesOf(join(dir, "runs", id)),
      async importing(entries, words = "") {
        await write("a.tar", tar(entries));
        return await call(`runs:import a.tar --runs-dir other ${words}`.trim());
      },
    });
  });
}

Deno.test("an archive or a folder with a file that no run writes is refused", async () => {
  await withRun(async ({ call, dir, entries, id, importing, write }) => {
    const code = tracing(dir);
    for (const name of ["evil.ts", "evil.js", "signals.ts", "mod.json", "package.json", "x.wasm"]) {
      const { exit, err } = await importing([...entries, { name: `${id}/${name}`, content: code }]);
      assertEquals(exit, 1);
      assertStringIncludes(err, `entry '${id}/${name}' is no file that a run writes`);
      await write(`runs/${id}/${name}`, code);
      const folder = await call("runs:import runs --runs-dir other");
      assertEquals(folder.exit, 1);
      assertStringIncludes(folder.err, `/${name}: it is no file that a run writes`);
      await Deno.remove(join(dir, "runs", id, name));
    }
    assertEquals((await call("runs:import runs --runs-dir other")).exit, 0);
  });
});

Deno.test("a file of the name that a run writes has its form, or the run is damaged", async () => {
  await withRun(async ({ dir, entries, id, importing }) => {
    const forms: [name: string, content: string][] = [
      ["run.log", tracing(dir)],
      ["run.log", "time=1\n"],
      ["run.log", "\xff"],
    ];
    for (const [name, content] of forms) {
      const bytes = new TextEncoder().encode(content);
      const hash = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
      const changed = entries.map((entry): Entry => {
        if (entry.name === `${id}/${name}`) return { ...entry, content: bytes };
        if (entry.name !== `${id}/manifest.json`) return entry;
        const manifest = JSON.parse(
          new TextDecoder().decode(entry.content as Uint8Array<ArrayBuffer>),
        );
        const artifact = manifest.run.artifacts.find(({ path }: { path: string }) => path === name);
        Object.assign(artifact, { bytes: bytes.length, sha256: hash });
        return { ...entry, content: jsonText(manifest) };
      });
      const { exit, err } = await importing(changed);
      assertEquals(exit, 3);
      assertMatch(err, /run\.log text, line 1 malformed/);
    }
  });
});

/** Commands that would execute the experiment of the run in `other`. */
function executing(id: string): readonly string[] {
  const config = `--config other/${id}/config.yaml`;
  return [
    `runs:reproduce ${id} --runs-dir other`,
    `check:lookahead ${id} --runs-dir other`,
    `check:startup ${id} --runs-dir other`,
    `check:seeds ${id} --runs-dir other`,
    `config:check ${config}`,
    `run ${config} --runs-dir other --dry-run`,
    `run ${config} --runs-dir other --if-new`,
    `check:lookahead ${config}`,
    `run ${config} --runs-dir other`,
  ];
}

Deno.test("nothing executes what an imported run names by path unless its hash is trusted", async () => {
  await withRun(async ({ call, dir, entries, id, importing }) => {
    assertEquals((await importing(entries)).exit, 0);
    const source = await Deno.readFile(join(dir, "mine.ts"));
    const hash = `sha256:${createHash("sha256").update(source).digest("hex")}`;
    for (const command of executing(id)) {
      for (const words of [command, `${command} --trust ${"0".repeat(64)}`]) {
        const { exit, out, err } = await call(words);
        assert(exit === 2 || exit === 3, `${words}: exit ${exit}`);
        assertStringIncludes(out + err, `Cannot execute the experiment $DIR/mine.ts`);
        assertStringIncludes(out + err, `add: --trust ${hash}`);
        assert(!wasExecuted(dir), words);
      }
    }
    assertEquals((await call(`run --trust x`)).exit, 2);
    const { exit, out } = await call(`runs:reproduce ${id} --runs-dir other --trust ${hash}`);
    assertEquals([exit, /identical$/m.test(out)], [0, true]);
    // A change of what is imported by it is a change of it.
    await Deno.writeTextFile(join(dir, "mine.ts"), `${tracing(dir)}import "./b.ts";\n`);
    await Deno.writeTextFile(join(dir, "b.ts"), "export {};\n");
    const changed = await call(`runs:reproduce ${id} --runs-dir other --trust ${hash}`);
    assertMatch(changed.out, /its hash is not one that is trusted/);
    const shown = /--trust (sha256:[0-9a-f]{64})/.exec(changed.out)![1]!;
    await Deno.writeTextFile(join(dir, "b.ts"), "export const b = 1;\n");
    const again = await call(`runs:reproduce ${id} --runs-dir other --trust ${shown}`);
    assertMatch(again.out, /its hash is not one that is trusted/);
  });
});

Deno.test("a run stays imported whatever becomes of its row, and through a second folder", async () => {
  await withRun(async ({ call, dir, entries, importing }) => {
    await importing(entries);
    const isRefused = async (folder: string): Promise<void> => {
      const { exit, out } = await call(`runs:reproduce latest --runs-dir ${folder}`);
      assertEquals(exit, 3);
      assertMatch(out, /Cannot execute the experiment/);
    };
    await Deno.remove(join(dir, "other/registry.db"));
    assertEquals((await call("runs:sync --runs-dir other")).exit, 0);
    await isRefused("other");
    await Deno.remove(join(dir, "other/registry.db"));
    assertEquals((await call("runs:verify --repair --runs-dir other")).exit, 0);
    await isRefused("other");
    assertEquals((await call("runs:tag latest x --runs-dir other")).exit, 0);
    assertEquals((await call("runs:verify --runs-dir other")).exit, 0);
    await isRefused("other");
    // Its note is no part of it: an export leaves it out, an import writes one of its own.
    assertEquals((await call("runs:export latest --runs-dir other -o b.tar")).exit, 0);
    assertEquals((await call("runs:import b.tar --runs-dir third")).exit, 0);
    await isRefused("third");
    assertEquals((await call("runs:import other --runs-dir fourth")).exit, 0);
    await isRefused("fourth");
    const show = JSON.parse((await call("runs:show latest --json --runs-dir fourth")).out);
    assertEquals(show.imported.source, "other");
    assertMatch(
      (await call("runs:show latest --runs-dir fourth")).out,
      /imported +2026-.* from other$/m,
    );
    // A run that was made here is one of one's own, also if it is imported again.
    assertEquals((await call("runs:import b.tar")).exit, 0);
    assertEquals((await call("runs:reproduce latest")).exit, 0);
  });
});

Deno.test("what a config names in a run directory is never code", async () => {
  await withRun(async ({ call, dir, entries, id, importing, write }) => {
    const code = tracing(dir);
    for (
      const experiment of [
        "./evil.ts",
        "./signals.csv",
        `../${id}/evil.ts`,
        `../../other/${id}/evil.ts`,
        "../../mine.ts",
        join(dir, "other", id, "evil.ts"),
        join(dir, "link", "evil.ts"),
        join(dir, "other", id.toUpperCase(), "evil.ts"),
      ]
    ) {
      await Deno.remove(join(dir, "other"), { recursive: true }).catch(() => {});
      assertEquals((await importing(renamed(entries, experiment))).exit, 0);
      // Where it came from, nobody knows: an import does not bring it.
      await write(`other/${id}/evil.ts`, code);
      await Deno.symlink(join(dir, "other", id), join(dir, "link")).catch(() => {});
      for (const command of executing(id)) {
        for (const words of [command, `${command} --trust ${"0".repeat(64)}`]) {
          const { exit, out, err } = await call(words);
          assert(exit === 2 || exit === 3, `${words}: exit ${exit}`);
          assertMatch(out + err, /lies in a run directory|Cannot (find|load) the experiment/);
          assert(!wasExecuted(dir), words);
        }
      }
    }
  });
});

Deno.test("a file without the ending of code is not executed as an experiment", async () => {
  await withRun(async ({ call, dir, write }) => {
    const hash = createHash("sha256").update(tracing(dir)).digest("hex");
    for (const name of ["mine.log", `data-${hash}`, "mine"]) {
      await write(name, tracing(dir));
      await write("config.yaml", `version: v1\nseed: 1\nexperiment: ./${name}\n`);
      const { exit, err } = await call("run");
      assertEquals(exit, 2);
      assertMatch(err, /it is no file of code/);
      assert(!wasExecuted(dir));
    }
  });
});
