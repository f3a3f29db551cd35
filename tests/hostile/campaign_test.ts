import { hostileCase, withRuns } from "./campaign.ts";

Deno.test("folders of runs that others wrote to do no harm, whatever command is given them", async () => {
  await withRuns(async (workspace) => {
    for (let number = 0; number < 25; number++) await hostileCase(workspace, { seed: 1, number });
  });
});
