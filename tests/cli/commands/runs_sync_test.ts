import { assert, assertEquals, assertMatch } from "@std/assert";
import { createClient } from "@libsql/client/http";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { serverTest } from "../../registry/sqld.ts";
import { withWorkspace, type Workspace } from "../workspace.ts";

/** Ids of the run directories, oldest first. */
function ids({ dir }: Workspace): readonly string[] {
  return [...Deno.readDirSync(join(dir, "runs"))].map(({ name }) => name)
    .filter((name) => /^\d{8}-/.test(name)).sort();
}

/** Calls `use` while the runs of another machine are out of sight, as on a disk of its own. */
async function without<T>({ dir }: Workspace, use: () => Promise<T>): Promise<T> {
  const [runs, away] = [join(dir, "runs"), join(dir, "away")];
  const isThere = existsSync(runs);
  if (isThere) await Deno.rename(runs, away);
  try {
    return await use();
  } finally {
    if (isThere) await Deno.rename(away, runs);
  }
}

Deno.test("runs that a registry lacks are recorded, once", async () => {
  await withWorkspace(async (workspace) => {
    const { call, dir } = workspace;
    await call("run --name first --tag x");
    await call("run --set window=4");
    await call("runs:note latest a --registry file:runs/registry.db");
    const before = (await call("runs:list --json")).out;
    await Deno.remove(join(dir, "runs/registry.db"));
    assertEquals(await call("runs:sync --dry-run"), {
      exit: 0,
      out: "7adgkp  would be: run recorded\n" +
        "ekrx27  would be: run recorded\n" +
        "2 run directories: 2 run recorded (nothing written)\n",
      err: "",
    });
    assertEquals(workspace.files().includes("runs/registry.db"), false);
    assertEquals(await call("runs:sync"), {
      exit: 0,
      out: "7adgkp  run recorded\nekrx27  run recorded\n2 run directories: 2 run recorded\n",
      err: "",
    });
    assertEquals((await call("runs:list --json")).out, before);
    assertEquals((await call("runs:sync")).out, "2 run directories: 2 as recorded\n");
    assertEquals((await call("runs:verify")).exit, 0);
  });
});

Deno.test("what is no complete run is not recorded, and what cannot be is told", async () => {
  await withWorkspace(async (workspace) => {
    const { call, dir } = workspace;
    for (let run = 0; run < 4; run++) await call(`run --set seed=${run}`);
    await Deno.remove(join(dir, "runs/registry.db"));
    const [gone, other, broken] = ids(workspace);
    const file = (id: string, name: string): string => join(dir, "runs", id, name);
    await Deno.remove(file(gone!, "manifest.json"));
    await Deno.copyFile(file(broken!, "manifest.json"), file(other!, "manifest.json"));
    await Deno.writeTextFile(file(broken!, "labels.json"), "{}");
    await Deno.mkdir(join(dir, "runs/notes"));
    const { exit, out, err } = await call("runs:sync --json");
    const { runs, ...counts } = JSON.parse(out);
    assertEquals([exit, err], [1, ""]);
    assertEquals(counts, {
      schema: 1,
      dry_run: false,
      total: 4,
      unchanged: 0,
      running: 0,
      incomplete: 1,
      recorded: 1,
      failed: 2,
    });
    assertEquals(runs.map(({ action }: { action: string }) => action), [
      "failed",
      "failed",
      "run recorded",
    ]);
    assertMatch(runs[0].reason, /manifest\.json is damaged, or of another run/);
    assertMatch(runs[1].reason, /Cannot understand .*labels\.json/);
  });
});

Deno.test("labels are brought to where they are older, either way", async () => {
  await withWorkspace(async (workspace) => {
    const { call, dir } = workspace;
    await call("run");
    const [id] = ids(workspace);
    const labels = join(dir, "runs", id!, "labels.json");
    await call("runs:tag latest old");
    const older = await Deno.readTextFile(labels);
    await call("runs:tag latest new");
    const newer = await Deno.readTextFile(labels);
    await Deno.writeTextFile(labels, older);
    assertEquals((await call("runs:sync")).out.split("\n")[0], "7adgkp  labels.json written");
    assertEquals(await Deno.readTextFile(labels), newer);
    const newest = newer.replace(/"labels_at": "\d{4}/, '"labels_at": "2099')
      .replace('"new"', '"newest"');
    await Deno.writeTextFile(labels, newest);
    assertEquals((await call("runs:sync")).out.split("\n")[0], "7adgkp  labels recorded");
    const { runs } = JSON.parse((await call("runs:list --json")).out);
    assertEquals(runs[0].tags, ["newest", "old"]);
    assertEquals((await call("runs:sync")).out, "1 run directory: 1 as recorded\n");
  });
});

Deno.test("without a single run directory there is nothing to do", async () => {
  await withWorkspace(async ({ call, files }) => {
    const before = files();
    assertEquals(await call("runs:sync --dry-run"), {
      exit: 0,
      out: "0 run directories (nothing written)\n",
      err: "",
    });
    assertEquals(files(), before);
  });
});

serverTest("a run whose server is down says what to do, and a sync does it", async (server) => {
  await withWorkspace(async (workspace) => {
    const { call } = workspace;
    const env = { SIGRUN_REGISTRY: server.url };
    await server.stop();
    const text = await call("run", { env });
    assertEquals(text.exit, 1);
    assertMatch(text.out, /^run +\S+ {2}finished, not recorded\n/);
    assertMatch(text.out, /\nnext +deno task runs:sync\n$/);
    assertEquals(
      text.err,
      `error: Run ${ids(workspace)[0]} is complete, but not in the registry: ` +
        `Cannot use the registry ${server.url}: connection refused\n` +
        `hint: Nothing is lost: it is in $DIR/runs/${
          ids(workspace)[0]
        }, and runs:sync records it. ` +
        "Is the server up? Check the host and the port of the URL.\n",
    );
    const json = await call("run --json --set window=4", { env });
    assertEquals([json.exit, JSON.parse(json.out).status], [1, "success"]);
    const list = await call("runs:list", { env });
    assertEquals([list.exit, list.out], [1, ""]);
    assertMatch(list.err, /connection refused/);
    assertEquals((await call("runs:sync", { env })).exit, 1);
    await server.start();
    assertEquals(
      (await call("runs:sync", { env })).out,
      "7adgkp  run recorded\nekrx27  run recorded\n2 run directories: 2 run recorded\n",
    );
    assertEquals((await call("run --if-new", { env })).exit, 0);
    assertEquals(JSON.parse((await call("runs:list --json", { env })).out).total, 2);
  });
});

serverTest(
  "every command works on a server, and tells what is on another machine",
  async (server) => {
    await withWorkspace(async (ours) => {
      await withWorkspace(async (theirs) => {
        const env = { SIGRUN_REGISTRY: server.url };
        const machine = (hostname: string) => ({ env, system: { hostname } });
        const here = (words: string) => without(theirs, () => ours.call(words, machine("here")));
        const there = (words: string) => without(ours, () => theirs.call(words, machine("there")));
        // Both clocks and sources of entropy begin alike: this makes ids differ.
        for (let draw = 0; draw < 3; draw++) await theirs.call("run --runs-dir other");
        assertEquals((await here("runs:list --json")).exit, 0);
        assertEquals((await here("runs:show latest")).exit, 2);
        assertEquals((await there("run --name theirs --tag x")).exit, 0);
        assertEquals((await here("run --set window=4")).exit, 0);
        const [mine] = ids(ours);
        const [their] = ids(theirs);
        const { total, runs: listed } = JSON.parse((await here("runs:list --json")).out);
        assertEquals(total, 2);
        assertEquals(
          new Map(listed.map((run: { id: string; environment: { hostname: string } }) => [
            run.id,
            run.environment.hostname,
          ])),
          new Map([[mine, "here"], [their, "there"]]),
        );
        assertMatch((await here(`runs:show ${their}`)).out, /hostname +there\n/);
        assertEquals((await here(`runs:compare ${mine} ${their}`)).exit, 0);
        assertEquals((await here(`runs:tag ${their} from-here`)).exit, 0);
        const verified = await here("runs:verify --verbose");
        assertEquals(verified.exit, 0, verified.out + verified.err);
        assertMatch(verified.out, /directory .* on host there +not checked/);
        assertMatch(verified.out, /2 runs: 1 intact, 1 elsewhere; the registry is sound\n$/);
        // The tag that was given elsewhere comes to the directory.
        assertMatch((await there("runs:sync")).out, /labels\.json written/);
        assertMatch((await there("runs:verify")).out, /1 intact, 1 elsewhere/);
        // The config is in the row, and the data is the same here.
        const data = JSON.parse((await here("runs:list --json")).out).runs[0].hashes.data;
        const reproduced = await here(`runs:reproduce ${their} --data data.csv --json`);
        const { runs: [run] } = JSON.parse(reproduced.out);
        assertEquals([reproduced.exit, run.verdict], [0, "identical"], reproduced.out);
        assert(data.startsWith("sha256:"));
        assertEquals((await here(`check:lookahead ${their} --data data.csv`)).exit, 0);
        const repaired = await here("runs:verify --repair --json");
        assertEquals([repaired.exit, JSON.parse(repaired.out).repairs], [0, []]);
      });
    });
  },
);

serverTest("rows that a server lost are made again from local directories", async (server) => {
  await withWorkspace(async ({ call }) => {
    const env = { SIGRUN_REGISTRY: server.url };
    await call("run --tag x");
    assertEquals((await call("runs:verify", { env })).exit, 3);
    const { exit, out } = await call("runs:verify --repair", { env });
    assertEquals(exit, 0, out);
    assertMatch(out, /registry rebuilt: none was there\n7adgkp: row rebuilt: from manifest\.json/);
    assertEquals((await call("runs:verify", { env })).exit, 0);
  });
});

serverTest("a registry on a server that is damaged is not set aside from here", async (server) => {
  await withWorkspace(async ({ call }) => {
    const env = { SIGRUN_REGISTRY: server.url };
    await call("run", { env });
    const client = createClient({ url: server.url });
    await client.execute("DROP TABLE damage");
    client.close();
    assertMatch(
      (await call("runs:verify", { env })).out,
      /registry schema +damage +another, or none/,
    );
    const { exit, err } = await call("runs:verify --repair", { env });
    assertEquals(exit, 1);
    assertMatch(err, /Cannot replace the registry http:\S+: it is on a server\n.*runs:sync/);
  });
});

serverTest("the doctor asks a server whether it answers", async (server) => {
  await withWorkspace(async ({ call }) => {
    const env = { SIGRUN_REGISTRY: server.url, SIGRUN_REGISTRY_TOKEN: "hunter2" };
    assertMatch((await call("doctor", { env })).out, /an empty database/);
    await call("run", { env });
    const well = await call("doctor", { env });
    assertMatch(well.out, /answers in \d+ ms/);
    assertMatch(well.out, /from SIGRUN_REGISTRY_TOKEN/);
    await server.stop();
    const down = await call("doctor", { env });
    assertEquals([well.exit, down.exit], [0, 1]);
    assertMatch(down.out, /connection refused/);
    assert(!`${well.out}${down.out}`.includes("hunter2"));
  });
});
