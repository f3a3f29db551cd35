import { assert, assertEquals, assertMatch } from "@std/assert";
import { createClient } from "@libsql/client/sqlite3";
import { sql } from "drizzle-orm";
import { join } from "node:path";
import { UserError } from "../../lib/errors.ts";
import { localRegistry, registryLocation } from "../../lib/registry/location.ts";
import { APPLICATION_ID, SCHEMA_VERSION } from "../../lib/registry/migrate.ts";
import {
  openExisting,
  openRegistry,
  type Registry,
  registryError,
  registryExists,
} from "../../lib/registry/open.ts";
import { openReadOnly } from "../../lib/registry/read_only.ts";
import { listRuns } from "../../lib/registry/list_runs.ts";
import { commitRun } from "../../lib/registry/store.ts";
import { refusalOf } from "../bars/refusal.ts";
import { withTempDir } from "../temp_dir.ts";
import init from "../../lib/registry/migrations/0001_init.sql" with { type: "text" };
import { sampleRun, withRegistryAt } from "./temp_registry.ts";

/** Root may write anywhere, so that a test of permissions says nothing. */
const ROOT = Deno.build.os !== "windows" && Deno.uid() === 0;

async function pragma(registry: Registry, name: string): Promise<unknown> {
  const [row] = await registry.database.all<Record<string, unknown>>(sql.raw(`PRAGMA ${name}`));
  return Object.values(row ?? {})[0];
}

/** Makes a SQLite file by hand. */
async function sqliteFile(path: string, script: string): Promise<void> {
  const client = createClient({ url: registryLocation(path, "/").url });
  await client.executeMultiple(script);
  client.close();
}

Deno.test("a registry is made from nothing, folders and all", async () => {
  await withTempDir(async (dir) => {
    const path = join(dir, "deep", "er", "registry.db");
    const location = localRegistry(path);
    assertEquals(await registryExists(location), false);
    await withRegistryAt(path, async (registry) => {
      assertEquals(await pragma(registry, "user_version"), SCHEMA_VERSION);
      assertEquals(await pragma(registry, "application_id"), APPLICATION_ID);
      assertEquals(await pragma(registry, "integrity_check"), "ok");
      assertEquals(await listRuns(registry), { total: 0, runs: [] });
    });
    assertEquals(await registryExists(location), true);
  });
});

Deno.test("a connection is set up alike whether the registry is new or old", async () => {
  await withTempDir(async (dir) => {
    for (const age of ["new", "old"]) {
      await withRegistryAt(join(dir, "registry.db"), async (registry) => {
        for (const when of ["at first", "after a transaction"]) {
          const settings = {
            journal_mode: await pragma(registry, "journal_mode"),
            synchronous: await pragma(registry, "synchronous"),
            foreign_keys: await pragma(registry, "foreign_keys"),
            trusted_schema: await pragma(registry, "trusted_schema"),
          };
          const expected = {
            journal_mode: "delete",
            synchronous: 2,
            foreign_keys: 1,
            trusted_schema: 0,
          };
          assertEquals(settings, expected, `${age}, ${when}`);
          await commitRun(registry, sampleRun());
        }
      });
    }
  });
});

Deno.test("what is in a registry is there when it is opened again", async () => {
  await withTempDir(async (dir) => {
    const path = join(dir, "registry.db");
    await withRegistryAt(path, (registry) => commitRun(registry, sampleRun()));
    const bytes = await Deno.readFile(path);
    await withRegistryAt(path, async (registry) => {
      assertEquals((await listRuns(registry)).runs, [sampleRun()]);
    });
    assertEquals(await Deno.readFile(path), bytes, "looking changes nothing");
    assertEquals([...Deno.readDirSync(dir)].map(({ name }) => name), ["registry.db"]);
  });
});

Deno.test("an empty file becomes a registry", async () => {
  await withTempDir(async (dir) => {
    const path = join(dir, "registry.db");
    await Deno.writeTextFile(path, "");
    await withRegistryAt(path, async (registry) => {
      assertEquals((await listRuns(registry)).total, 0);
    });
  });
});

Deno.test("a registry of the first schema is brought up to date, runs and all", async () => {
  await withTempDir(async (dir) => {
    const path = join(dir, "registry.db");
    await sqliteFile(
      path,
      `${init}
      INSERT INTO runs (id, name, seed, status, started_at, directory, environment)
        VALUES ('20260102-030405-k3f9x2', 'old', '42', 'failed', '2026-01-02T03:04:05.000Z', '/r', '{}');
      INSERT INTO tags VALUES ('20260102-030405-k3f9x2', 'kept');
      PRAGMA application_id = ${APPLICATION_ID};
      PRAGMA user_version = 1;`,
    );
    await withRegistryAt(path, async (registry) => {
      assertEquals(await pragma(registry, "user_version"), SCHEMA_VERSION);
      const { runs: [run] } = await listRuns(registry);
      assertEquals([run?.name, run?.seed, run?.tags], ["old", 42, ["kept"]]);
      assertEquals([run?.note, run?.deleted_at, run?.evaluation], [null, null, null]);
      await commitRun(registry, sampleRun({ note: "new" }));
      assertEquals((await listRuns(registry)).runs, [sampleRun({ note: "new" })]);
    });
  });
});

Deno.test("any path will do", async () => {
  await withTempDir(async (dir) => {
    const names = [
      "a b",
      "100%",
      "a#b",
      "a?mode=memory",
      "%20",
      "größe 日本 🎲",
      "&;'",
      ":memory:",
    ];
    for (const name of names) {
      const path = join(dir, name, `${name}.db`);
      await withRegistryAt(path, (registry) => commitRun(registry, sampleRun({ name })));
      assert((await Deno.stat(path)).isFile, name);
      await withRegistryAt(path, async (registry) => {
        assertEquals((await listRuns(registry)).runs.map((run) => run.name), [name]);
      });
    }
    assertEquals([...Deno.readDirSync(dir)].map(({ name }) => name).sort(), [...names].sort());
  });
});

Deno.test("a registry of a newer sigrun is refused by its version, and left as it is", async () => {
  await withTempDir(async (dir) => {
    const path = join(dir, "registry.db");
    await withRegistryAt(path, (registry) => commitRun(registry, sampleRun()));
    await sqliteFile(path, `PRAGMA user_version = ${SCHEMA_VERSION + 7}`);
    const before = await Deno.readFile(path);
    const error = await refusalOf(() => openRegistry(registryLocation(path, "/")));
    assertEquals([error.code, error.exitCode], ["registry_incompatible", 1]);
    assertMatch(
      error.message,
      new RegExp(`version ${SCHEMA_VERSION + 7}, .* up to ${SCHEMA_VERSION}`),
    );
    assertMatch(error.hint!, /Update sigrun/);
    assertEquals(await Deno.readFile(path), before);
  });
});

Deno.test("another program's database is refused, and left as it is", async () => {
  const scripts: Readonly<Record<string, string>> = {
    "with a table": "CREATE TABLE theirs (x)",
    "with a table called runs": "CREATE TABLE runs (id TEXT)",
    "with an application id": "PRAGMA application_id = 7; CREATE TABLE t (x); DROP TABLE t",
    "with a version": "PRAGMA user_version = 1",
    "in WAL mode": "PRAGMA journal_mode = WAL; CREATE TABLE theirs (x)",
  };
  for (const [kind, script] of Object.entries(scripts)) {
    await withTempDir(async (dir) => {
      const path = join(dir, "theirs.db");
      await sqliteFile(path, script);
      const before = await Deno.readFile(path);
      const error = await refusalOf(() => openRegistry(registryLocation(path, "/")));
      assertEquals([error.code, error.exitCode], ["registry_incompatible", 1], kind);
      assertMatch(error.message, /theirs\.db as a registry: it is another program's database/);
      assertEquals(await Deno.readFile(path), before, kind);
    });
  }
});

Deno.test("a file that is no database is refused, and left as it is", async () => {
  for (const content of ["xy", "version: v1\nseed: 42\n", "id,name\n".repeat(10_000)]) {
    await withTempDir(async (dir) => {
      const path = join(dir, "registry.db");
      await Deno.writeTextFile(path, content);
      const error = await refusalOf(() => openRegistry(registryLocation(path, "/")));
      assertEquals([error.code, error.exitCode], ["registry_unavailable", 1]);
      assertMatch(error.message, /Cannot use the registry .*registry\.db: .*not a database/);
      assertMatch(error.hint!, /run directories hold all/);
      assertEquals(await Deno.readTextFile(path), content);
    });
  }
});

Deno.test("a registry that was cut off is refused as damaged", async () => {
  await withTempDir(async (dir) => {
    const path = join(dir, "registry.db");
    await withRegistryAt(path, (registry) => commitRun(registry, sampleRun()));
    const { size } = await Deno.stat(path);
    await Deno.truncate(path, size / 2);
    const error = await refusalOf(() =>
      withRegistryAt(path, (registry) => commitRun(registry, sampleRun()))
    );
    assertEquals(error.code, "registry_unavailable");
    assertMatch(error.hint!, /damaged/);
  });
});

Deno.test("a folder in place of the registry, or a file in place of its folder, is refused", async () => {
  await withTempDir(async (dir) => {
    await Deno.writeTextFile(join(dir, "file"), "");
    for (const path of [dir, join(dir, "file", "registry.db")]) {
      const error = await refusalOf(() => openRegistry(registryLocation(path, "/")));
      assertEquals([error.code, error.exitCode], ["registry_unavailable", 1]);
      assertMatch(
        error.message,
        new RegExp(
          `^Cannot use the registry ${path}: (it is a directory|it exists already|what should)`,
        ),
      );
    }
    for (const look of [registryExists, openExisting, openReadOnly]) {
      const error = await refusalOf(() => look(localRegistry(dir)));
      assertEquals([error.code, error.exitCode], ["registry_unavailable", 1]);
      assertEquals(error.message, `Cannot use the registry ${dir}: it is a directory`);
      assertMatch(error.hint!, /--runs-dir DIR/);
    }
  });
});

Deno.test({
  name: "a registry that may only be read is read, and refused for writing (needs not to be root)",
  ignore: ROOT || Deno.build.os === "windows",
  async fn() {
    await withTempDir(async (dir) => {
      const path = join(dir, "registry.db");
      await withRegistryAt(path, (registry) => commitRun(registry, sampleRun()));
      await Deno.chmod(path, 0o444);
      await Deno.chmod(dir, 0o555);
      try {
        await withRegistryAt(path, async (registry) => {
          assertEquals((await listRuns(registry)).runs, [sampleRun()]);
          const error = await refusalOf(() => commitRun(registry, sampleRun()));
          assertEquals(error.code, "registry_unavailable");
          assertMatch(error.hint!, /permissions/);
        });
        const error = await refusalOf(() =>
          openRegistry(registryLocation(join(dir, "other.db"), "/"))
        );
        assertEquals(error.code, "registry_unavailable");
      } finally {
        await Deno.chmod(dir, 0o755);
      }
    });
  },
});

Deno.test({
  name: "a registry whose folder may only be read is refused for writing (needs not to be root)",
  ignore: ROOT || Deno.build.os === "windows",
  async fn() {
    await withTempDir(async (dir) => {
      await withRegistryAt(join(dir, "registry.db"), async (registry) => {
        await Deno.chmod(dir, 0o555);
        try {
          const error = await refusalOf(() => commitRun(registry, sampleRun()));
          assertEquals([error.code, error.exitCode], ["registry_unavailable", 1]);
          assertMatch(error.hint!, /permissions of the file and of its folder/);
        } finally {
          await Deno.chmod(dir, 0o755);
        }
      });
    });
  },
});

Deno.test("a registry that has no room to grow says so", async () => {
  await withTempDir(async (dir) => {
    await withRegistryAt(join(dir, "registry.db"), async (registry) => {
      await registry.database.run(sql`PRAGMA max_page_count = 1`);
      const note = "x".repeat(1 << 20);
      const error = await refusalOf(() => commitRun(registry, sampleRun({ note })));
      assertEquals([error.code, error.exitCode], ["registry_unavailable", 1]);
      assertMatch(error.message, /: database or disk is full$/);
      assertMatch(error.hint!, /Make room/);
    });
  });
});

/** Errors as libsql nests them, the outermost first. */
function nested(...errors: readonly (readonly [code: string, message: string])[]): Error {
  return errors.toReversed().reduce<Error | undefined>(
    (cause, [code, message]) => Object.assign(new Error(message, { cause }), { code }),
    undefined,
  )!;
}

Deno.test("a failure of SQLite is told with what to do, however libsql wraps it", () => {
  const cases: [error: Error, reason: string, hint: RegExp][] = [
    [
      nested(
        ["SQLITE_READONLY", "SQLITE_READONLY: SQLITE_READONLY: attempt to write"],
        ["UNKNOWN_SQLITE_ERROR_1544", "attempt to write a readonly database"],
      ),
      "attempt to write a readonly database",
      /permissions of the file and of its folder/,
    ],
    [
      nested(["SQLITE_FULL", "SQLITE_FULL: full"], ["SQLITE_FULL", "database or disk is full"]),
      "database or disk is full",
      /^Is its disk full\? Make room/,
    ],
    [
      nested(["SQLITE_IOERR", "SQLITE_IOERR"], ["UNKNOWN_SQLITE_ERROR_7434", "disk I/O error"]),
      "disk I/O error",
      /^Is its disk full\? Make room/,
    ],
    [nested(["UNKNOWN_SQLITE_ERROR_9999", "something new"]), "something new", /^Check the path/],
    [
      nested(["SQLITE_BUSY", "SQLITE_BUSY"], ["UNKNOWN_SQLITE_ERROR_773", "database is locked"]),
      "database is locked",
      /^Another process holds it/,
    ],
  ];
  for (const [error, reason, hint] of cases) {
    const told = registryError(error, localRegistry("/r.db"));
    assert(told instanceof UserError, reason);
    assertEquals(told.message, `Cannot use the registry /r.db: ${reason}`);
    assertEquals([told.code, told.exitCode], ["registry_unavailable", 1]);
    assertMatch(told.hint!, hint);
  }
  const bug = new TypeError("x is undefined");
  assertEquals(registryError(bug, localRegistry("/r.db")), bug);
});

Deno.test("a writer waits for another one, and says so when it waits too long", async () => {
  await withTempDir(async (dir) => {
    const path = join(dir, "registry.db");
    await withRegistryAt(path, async (registry) => {
      const other = createClient({ url: registry.location.url });
      const transaction = await other.transaction("write");
      await registry.database.run(sql`PRAGMA busy_timeout = 1`);
      const error = await refusalOf(() => commitRun(registry, sampleRun()));
      assertEquals([error.code, error.exitCode], ["registry_unavailable", 1]);
      assertMatch(error.message, /locked/);
      assertMatch(error.hint!, /Another process holds it/);
      await transaction.rollback();
      other.close();
    });
  });
});
