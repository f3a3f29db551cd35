import { assertEquals } from "@std/assert";
import { SCHEMA_SQL } from "../../lib/registry/known_schema.ts";
import { openMemoryRegistry } from "../../lib/registry/open.ts";
import { Random } from "../fuzz/random.ts";
import { withWorkspace } from "../cli/workspace.ts";
import { hostileAnswer, setSchema } from "./hostile_server.ts";

const COMMANDS = [
  ...["run", "run --if-new", "runs:list", "runs:list --all --csv", "runs:list --where window>1"],
  ...[
    "runs:show latest",
    "runs:show k3f9x2",
    "runs:compare latest latest~1",
    "runs:best --max ones",
  ],
  ...["runs:tag latest x", "runs:delete latest --yes", "runs:restore k3f9x2", "runs:gc --yes"],
  ...[
    "runs:sync",
    "runs:verify",
    "runs:verify --repair",
    "runs:export --all --output a.tar --force",
  ],
  ...["runs:import sound --runs-dir other", "runs:reproduce latest", "doctor"],
];

/** Other ones with HOSTILE_SEED in the environment. */
const SEED = Number(Deno.env.get("HOSTILE_SEED") ?? 2);

/** How many commands are called; more of them with HOSTILE_CASES in the environment. */
const CASES = Number(Deno.env.get("HOSTILE_CASES") ?? 150);

Deno.test("a server that answers what it wants ends commands in errors, and harms nothing", async () => {
  const registry = await openMemoryRegistry();
  const { rows } = await registry.client.execute(`SELECT ${SCHEMA_SQL} AS tables`);
  registry.close();
  setSchema(new Uint8Array(rows[0]![0] as ArrayBuffer));
  const findings: string[] = [];
  let random = new Random(0, 0);
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => hostileAnswer(request, random),
  );
  try {
    await withWorkspace(async ({ dir, call }) => {
      await call("run");
      await Deno.rename(`${dir}/runs`, `${dir}/sound`);
      for (let number = 0; number < CASES; number++) {
        random = new Random(SEED, number);
        const words = `${random.pick(COMMANDS)} --registry http://127.0.0.1:${server.addr.port}`;
        const began = performance.now();
        const { exit, out, err } = await call(
          `${words}${Deno.env.has("HOSTILE_TRACE") ? " --debug" : ""}`,
        );
        const said = `case ${number}: ${words}: exit ${exit}\n${out.slice(0, 500)}\n${err}`;
        const isFine = [0, 1, 2, 3].includes(exit) && !(out + err).includes("\u001b[2J") &&
          performance.now() - began < 10_000;
        if (!isFine) findings.push(said);
      }
    });
  } finally {
    await server.shutdown();
  }
  assertEquals(findings, []);
});
