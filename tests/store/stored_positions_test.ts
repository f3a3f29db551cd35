import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { storedPositions } from "../../lib/store/stored_positions.ts";
import { tableOf, TEST_CONFIG } from "../run/test_experiment.ts";
import { withWorkspace } from "../run/workspace.ts";

const SIGNAL = Int8Array.of(-1, 0, 1, 1, -1);

Deno.test("the positions of a run are read back from its signals file", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.write("config.yaml", TEST_CONFIG);
    await workspace.write(
      "data.csv",
      'time,close\n"Jan 14, 2020","1,234.5"\n"Jan 15, 2020","7"\n2020-01-16,1\n2020-01-17,1\n2020-01-18,1\n',
    );
    const experiments = tableOf(() => ({ positions: SIGNAL, warmup: 0 }));
    for (
      const [signals, positions] of [["csv", SIGNAL], ["parquet", SIGNAL], [
        "none",
        undefined,
      ]] as const
    ) {
      const { run, error } = await workspace.run({ experiments, set: [`signals=${signals}`] });
      assertEquals(error, undefined);
      assertEquals(await storedPositions(run, run.directory), positions);
    }
  });
});

Deno.test("a signals file that is not the run's says nothing of its positions", async () => {
  await withWorkspace(async (workspace) => {
    const { run } = await workspace.run();
    const path = join(run.directory, "signals.csv");
    const text = await Deno.readTextFile(path);
    assertEquals(await storedPositions(run, run.directory), Int8Array.of(0, 0, 1, 0, 1));
    const damaged = [
      text.replace("11,0\n", "11,1\n"),
      text.slice(0, -1),
      `${text}1,1,0\n`,
      text.replace("12,", '"12,'),
      "",
      "\n",
    ];
    for (const content of damaged) {
      await Deno.writeTextFile(path, content);
      assertEquals(await storedPositions(run, run.directory), undefined, content);
    }
    await Deno.writeTextFile(join(run.directory, "signals.parquet"), "PAR1 this is none PAR1");
    assertEquals(await storedPositions(run, run.directory), undefined);
  });
});
