import { assert, assertEquals, assertMatch } from "@std/assert";
import { createClient } from "@libsql/client/sqlite3";
import { join } from "node:path";
import { registryLocation } from "../../lib/registry/location.ts";
import { RunDirectory } from "../../lib/store/run_directory.ts";
import { refusalOf } from "../bars/refusal.ts";
import { sigrun, startSigrun } from "../run/sigrun_process.ts";
import { filesIn, runAll, withAudited, wrongOf } from "./audited.ts";

/** Runs SQL on a registry, with nothing to hold it back. */
async function execute(path: string, script: string): Promise<void> {
  const client = createClient({ url: registryLocation(path, "/").url, concurrency: 1 });
  await client.executeMultiple(`PRAGMA foreign_keys = OFF; ${script}`);
  client.close();
}

Deno.test("a registry that was deleted comes back as it was, names and tags included", async () => {
  await withAudited(async (audited) => {
    await runAll(audited);
    const before = await audited.runs();
    await Deno.remove(audited.registryPath);
    assertEquals(wrongOf(await audited.verify())[0], "registry missing");
    const { repairs, ...report } = await audited.repair();
    assertEquals(wrongOf({ ...report, repairs }), []);
    assertEquals(repairs.map(({ action }) => action), [
      "registry rebuilt",
      ...Array(8).fill("row rebuilt"),
    ]);
    assertEquals(await audited.runs(), before);
    assertEquals((await audited.repair()).repairs, []);
  });
});

Deno.test("a registry that is none, or damaged, is kept aside byte for byte", async () => {
  const damages: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
    "text": () => new TextEncoder().encode("version: v1\n"),
    "a single byte": () => Uint8Array.of(0),
    "cut off in its first page": (bytes) => bytes.slice(0, 1000),
    "cut off": (bytes) => bytes.slice(0, bytes.length / 2),
    "without its last byte": (bytes) => bytes.slice(0, -1),
    "another version": (bytes) => bytes.with(63, 0),
    "overwritten": (bytes) => bytes.map((byte, at) => at > 4096 && at % 3 === 0 ? 255 : byte),
  };
  await withAudited(async (audited) => {
    const { registryPath, path } = audited;
    await audited.run({ name: "first", tags: ["a"] });
    const before = await audited.runs();
    let number = 0;
    for (const [kind, damage] of Object.entries(damages)) {
      const damaged = damage(await Deno.readFile(registryPath));
      await Deno.writeFile(registryPath, damaged);
      assert(wrongOf(await audited.verify()).some((text) => text.startsWith("registry")), kind);
      assertEquals(await Deno.readFile(registryPath), damaged, `${kind}: an audit changes nothing`);
      const report = await audited.repair();
      assertEquals(wrongOf(report), [], kind);
      const kept = path(`runs/registry.db.damaged-${++number}`);
      assertEquals(report.repairs[0]!.detail, `the one there was damaged; kept in ${kept}`);
      assertEquals([...filesIn(kept)], [["registry.db", damaged]], kind);
      assertEquals(await audited.runs(), before, kind);
    }
  });
});

Deno.test("an empty file becomes the registry", async () => {
  await withAudited(async (audited) => {
    await audited.run();
    const before = await audited.runs();
    await Deno.writeTextFile(audited.registryPath, "");
    assertEquals(wrongOf(await audited.verify())[0], "registry missing");
    assertEquals((await Deno.stat(audited.registryPath)).size, 0, "an audit changes nothing");
    assertEquals(wrongOf(await audited.repair()), []);
    assertEquals(await audited.runs(), before);
  });
});

Deno.test("a journal goes with its registry, so that the new one has nothing of it", async () => {
  await withAudited(async (audited) => {
    await audited.run();
    const before = await audited.runs();
    await Deno.writeTextFile(audited.registryPath, "damaged");
    await Deno.writeTextFile(`${audited.registryPath}-journal`, "its journal");
    assertEquals(wrongOf(await audited.repair()), []);
    const kept = filesIn(audited.path("runs/registry.db.damaged-1"));
    assertEquals([...kept.keys()], ["registry.db", "registry.db-journal"]);
    assertEquals(await audited.runs(), before);
  });
});

Deno.test("a registry of a newer sigrun, and another program's, are refused and left alone", async () => {
  const scripts = {
    "registry .* version 9": "PRAGMA user_version = 9",
    "another program's database": "PRAGMA application_id = 7",
  };
  for (const [message, script] of Object.entries(scripts)) {
    await withAudited(async (audited) => {
      await audited.run();
      await execute(audited.registryPath, script);
      const bytes = await Deno.readFile(audited.registryPath);
      for (const look of [audited.verify, audited.repair]) {
        const error = await refusalOf(look);
        assertEquals(error.code, "registry_incompatible");
        assertMatch(error.message, new RegExp(message));
        assertEquals(await Deno.readFile(audited.registryPath), bytes);
      }
    });
  }
});

Deno.test("a registry whose tables were changed is damaged", async () => {
  for (
    const script of ["DROP TABLE tags", "ALTER TABLE runs ADD x TEXT", "DROP INDEX runs_status"]
  ) {
    await withAudited(async (audited) => {
      await audited.run({ tags: ["a"] });
      const before = await audited.runs();
      await execute(audited.registryPath, script);
      assertEquals(wrongOf(await audited.verify())[0], "registry schema differs", script);
      assertEquals(wrongOf(await audited.repair()), []);
      assertEquals(await audited.runs(), before);
    });
  }
});

Deno.test("a row that is missing comes back, and so do details without a row", async () => {
  await withAudited(async (audited) => {
    const { run } = await audited.run({ tags: ["a"] });
    await audited.run();
    const before = await audited.runs();
    await execute(audited.registryPath, `DELETE FROM runs WHERE id = '${run.id}'`);
    assertEquals(wrongOf(await audited.verify()), [
      "registry foreign keys differs",
      "0 row missing",
    ]);
    assertEquals(
      wrongOf(await audited.verify(run.id)).length,
      2,
      "its directory is found by its id",
    );
    const { repairs, ...report } = await audited.repair();
    assertEquals(wrongOf({ ...report, repairs }), []);
    assertEquals(repairs, [{ run: run.id, action: "row rebuilt", detail: "from manifest.json" }]);
    assertEquals(await audited.runs(), before);
  });
});

Deno.test("where row and manifest differ neither is changed, and the run is marked", async () => {
  await withAudited(async (audited) => {
    const { run } = await audited.run({ name: "first" });
    await execute(audited.registryPath, "UPDATE runs SET name = 'other'");
    const files = filesIn(run.directory);
    const report = await audited.repair();
    assertEquals(wrongOf(report), ["0 row name differs"]);
    assertEquals(report.repairs, [
      { run: run.id, action: "marked", detail: "row name differs" },
    ]);
    assertEquals((await audited.runs())[0]!.name, "other");
    assertEquals(filesIn(run.directory), files);
    assertEquals((await audited.repair()).repairs, [], "it is marked once");
    await execute(audited.registryPath, "UPDATE runs SET name = 'first'");
    assertEquals(wrongOf(await audited.verify()), ["0 mark outdated"]);
    assertEquals((await audited.repair()).repairs.map(({ action }) => action), ["mark removed"]);
    assertEquals(wrongOf(await audited.verify()), []);
  });
});

Deno.test("a damaged run whose row is missing gets one, and a mark", async () => {
  await withAudited(async (audited) => {
    const { run } = await audited.run({ name: "first" });
    await audited.run();
    const [second] = await audited.runs();
    await Deno.remove(audited.registryPath);
    await Deno.remove(join(run.directory, "run.log"));
    await Deno.writeTextFile(join(second!.directory, "manifest.json"), "{");
    const { repairs } = await audited.repair();
    assertEquals(repairs.map(({ action }) => action), [
      "registry rebuilt",
      "row rebuilt",
      "marked",
      "row rebuilt",
      "marked",
    ]);
    const [unknown, first] = await audited.runs();
    assertEquals([first!.name, first!.status], ["first", "finished"]);
    // Of the other its id tells when it began, and no more.
    assertEquals([unknown!.id, unknown!.status], [second!.id, "running"]);
    assertEquals(unknown!.started_at, second!.started_at);
    assertEquals(wrongOf(await audited.verify()), [
      "0 run.log missing",
      "1 manifest.json malformed",
    ]);
    assertEquals((await audited.repair()).repairs, []);
  });
});

Deno.test("runs that are running are left alone, and those that crashed are no damage", async () => {
  await withAudited(async (audited) => {
    const { run } = await audited.run();
    const reserve = `INSERT INTO runs (id, status, started_at, directory, environment)
      SELECT '$ID', 'running', started_at, replace(directory, id, '$ID'), '{}' FROM runs LIMIT 1`;
    const [alive, dead, gone] = ["alive0", "dead00", "gone00"].map((suffix) =>
      `20261123-085501-${suffix.replaceAll("l", "1").replaceAll("i", "1").replaceAll("o", "0")}`
    );
    for (const id of [alive!, dead!, gone!]) {
      await execute(audited.registryPath, reserve.replaceAll("$ID", id));
    }
    const directory = await RunDirectory.reserve(audited.path(`runs/${alive}`));
    (await RunDirectory.reserve(audited.path(`runs/${dead}`))).close();
    await Deno.writeTextFile(audited.path(`runs/${dead}/.metrics.json.0.tmp`), "half");
    for (const look of [audited.verify, audited.repair]) {
      const report = await look();
      assertEquals(wrongOf(report), []);
      assertEquals(report.repairs, []);
      assertEquals(
        Object.fromEntries(report.runs.map(({ id, state }) => [id, state])),
        { [run.id]: "intact", [alive!]: "running", [dead!]: "crashed", [gone!]: "crashed" },
      );
    }
    // One that is running has its registry open: that is not replaced.
    await Deno.writeTextFile(audited.registryPath, "damaged");
    const error = await refusalOf(audited.repair);
    assertMatch(error.message, /Cannot replace the registry .*: run .* is still going/);
    assertEquals(await Deno.readTextFile(audited.registryPath), "damaged");
    // One that is gone keeps nobody from making another.
    await Deno.remove(audited.registryPath);
    const made = await audited.repair();
    assertEquals(made.runs.map(({ state }) => state), ["intact", "running", "crashed"]);
    directory.close();
    const rebuilt = await audited.repair();
    assertEquals(wrongOf(rebuilt), []);
    assertEquals(rebuilt.runs.map(({ state }) => state), ["intact", "crashed", "crashed"]);
  });
});

Deno.test("a run that is complete but was not recorded is recorded by a repair", async () => {
  await withAudited(async (audited) => {
    const { run } = await audited.run({ tags: ["a"] });
    const before = await audited.runs();
    await execute(
      audited.registryPath,
      `DELETE FROM params; DELETE FROM metrics; DELETE FROM artifacts;
      UPDATE runs SET status = 'running', duration_ms = NULL, signal_rate = NULL, config = NULL`,
    );
    const report = await audited.verify();
    assertEquals([wrongOf(report), report.runs[0]!.state], [[], "crashed"]);
    assertEquals((await audited.repair()).repairs, [
      { run: run.id, action: "row rebuilt", detail: "from manifest.json" },
    ]);
    assertEquals(await audited.runs(), before);
  });
});

Deno.test("run directories that were moved together are found, and are no damage", async () => {
  await withAudited(async (audited) => {
    const { run } = await audited.run();
    await execute(audited.registryPath, "UPDATE runs SET directory = '/moved/' || id");
    const manifest = join(run.directory, "manifest.json");
    const text = await Deno.readTextFile(manifest);
    await Deno.writeTextFile(manifest, text.replace(run.directory, `/moved/${run.id}`));
    const report = await audited.verify();
    assertEquals(wrongOf(report), []);
    assertEquals(report.runs[0]!.checks[0]!.status, "moved");
    await Deno.remove(run.directory, { recursive: true });
    assertEquals(wrongOf(await audited.verify()), ["0 directory missing"]);
  });
});

Deno.test("a run that could not publish a file is its row alone, and no damage", async () => {
  await withAudited(async (audited) => {
    const { run } = await audited.run({ set: ["window=6"] });
    await execute(audited.registryPath, "DELETE FROM artifacts");
    await Deno.remove(join(run.directory, "manifest.json"));
    assertEquals(wrongOf(await audited.verify()), []);
    await Deno.remove(run.directory, { recursive: true });
    assertEquals(wrongOf(await audited.verify()), []);
    await execute(audited.registryPath, "UPDATE runs SET status = 'finished'");
    assertEquals(wrongOf(await audited.verify()), ["0 directory missing"]);
  });
});

Deno.test("a repair that is killed at any moment can be made again", async () => {
  await withAudited(async (audited) => {
    for (let count = 0; count < 6; count++) {
      await audited.run({ name: `run ${count}`, tags: ["a"] });
    }
    const before = await audited.runs();
    const words = ["runs", "verify", "--repair"];
    const killed: boolean[] = [];
    for (let count = 1; count <= 25; count += 3) {
      await Deno.writeTextFile(audited.registryPath, "damaged");
      using watcher = Deno.watchFs(audited.path("runs"));
      const process = startSigrun(words, { cwd: audited.dir });
      let seen = 0;
      void (async () => {
        for await (const { kind } of watcher) {
          if (kind !== "access" && ++seen === count) process.kill("SIGKILL");
        }
      })();
      killed.push((await process.ended).signal === "SIGKILL");
      const { code, out, err } = await sigrun(words, { cwd: audited.dir });
      assertEquals([code, err], [0, ""], out);
      assertEquals(await audited.runs(), before);
    }
    assert(killed.filter(Boolean).length >= 4, killed.join());
    const kept = [...Deno.readDirSync(audited.path("runs"))].map(({ name }) => name)
      .filter((name) => name.startsWith("registry.db.damaged-"))
      .flatMap((name) => [...filesIn(audited.path(`runs/${name}`))])
      .filter(([name]) => name === "registry.db")
      .map(([, bytes]) => new TextDecoder().decode(bytes));
    assert(kept.filter((text) => text === "damaged").length >= killed.length, "none is lost");
  });
});

Deno.test("repairs and runs at once are in each other's way at no time", async () => {
  await withAudited(async (audited) => {
    await audited.run();
    await Deno.remove(audited.registryPath);
    const words = ["runs", "verify", "--repair"];
    const repairs = Array.from({ length: 3 }, () => sigrun(words, { cwd: audited.dir }));
    const runs = Array.from({ length: 3 }, () => sigrun(["run", "--quiet"], { cwd: audited.dir }));
    for (const { code, err } of await Promise.all(runs)) {
      // Whichever came first may have found the registry gone.
      assertMatch(err, /^(?:|warning: .* knows no run, but .*\nhint: .*\n)$/);
      assertEquals(code, 0);
    }
    for (const { code, out, err } of await Promise.all(repairs)) {
      assertEquals([code, err], [0, ""], out);
    }
    assertEquals(wrongOf(await audited.repair()), []);
    assertEquals((await audited.runs()).map(({ status }) => status), Array(4).fill("finished"));
  });
});
