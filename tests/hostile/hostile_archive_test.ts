import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { Random } from "../fuzz/random.ts";
import { withRuns } from "./campaign.ts";
import { snapshotOf } from "./folder_snapshot.ts";
import { hostileArchive } from "./hostile_archive.ts";

/** How many archives are made, and of which seed. */
const CASES = Number(Deno.env.get("HOSTILE_CASES") ?? 150);
const SEED = Number(Deno.env.get("HOSTILE_SEED") ?? 3);

Deno.test("an archive that others wrote is imported as it should be, or not at all", async () => {
  await withRuns(async ({ dir, call }) => {
    const { exit } = await call("runs:export --all --with-data --output a.tar --runs-dir sound");
    assertEquals(exit, 0);
    const archive = await Deno.readFile(join(dir, "a.tar"));
    const findings: string[] = [];
    let imported = 0;
    for (let number = 0; number < CASES; number++) {
      const random = new Random(SEED, number);
      await Deno.remove(join(dir, "other"), { recursive: true }).catch(() => {});
      await Deno.writeFile(join(dir, "b.tar"), hostileArchive(archive, random));
      const before = await snapshotOf(dir);
      const skip = random.once(2) ? " --skip-damaged" : "";
      const { exit, out, err } = await call(`runs:import b.tar --runs-dir other${skip}`);
      const said = `seed ${SEED}, case ${number}: exit ${exit}\n${out}${err}`;
      const outside = [...await snapshotOf(dir)].filter(([path]) => !/^other(?:\/|$)/.test(path));
      const isSame = JSON.stringify(outside) === JSON.stringify([...before]);
      if (![0, 1, 2, 3].includes(exit) || !isSame) findings.push(said);
      if (exit !== 0) continue;
      imported++;
      const verified = await call("runs:verify --runs-dir other");
      if (verified.exit !== 0) findings.push(`${said}\n${verified.out}${verified.err}`);
    }
    assertEquals(findings, []);
    assert(imported > 0 && imported < CASES, `${imported} were imported`);
  });
});
