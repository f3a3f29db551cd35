import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { join } from "node:path";
import { storedSignalHash } from "../../lib/store/stored_positions.ts";
import { writeWhole } from "../../lib/store/files.ts";
import { signalHash } from "../../lib/hashes.ts";
import { signalsFile } from "../../lib/store/signals_file.ts";
import { loadText } from "../bars/load_text.ts";
import { withTempDir } from "../temp_dir.ts";

Deno.test("the positions in a signals file have the hash that the run gave them", async () => {
  const position = fc.constantFrom(-1, 0, 1);
  // Cells that need quotes, a quote within one, and blocks that end anywhere.
  const close = fc.constantFrom("1", '" 1,234.5 "', "7".padStart(3000), "2.5");
  const bars = fc.array(fc.tuple(close, position), { minLength: 1, maxLength: 1500 });
  await withTempDir(async (dir) => {
    await fc.assert(
      fc.asyncProperty(bars, fc.boolean(), async (bars, hasTime) => {
        const lines = bars.map(([close], t) => (hasTime ? `${10 ** 8 + t},` : "") + `${close},x`);
        const text = `${hasTime ? "time," : ""}close,note\n${lines.join("\n")}\n`;
        const loaded = await loadText(text, {
          overrides: hasTime ? {} : { time: "none" },
          keepLines: true,
        });
        const positions = Int8Array.from(bars, ([, position]) => position);
        for (const format of ["csv", "parquet"] as const) {
          const { name, content } = (await signalsFile(format, { loaded, positions }))!;
          await writeWhole(join(dir, name), content);
          assertEquals(await storedSignalHash(join(dir, name)), await signalHash(positions));
        }
      }),
      { numRuns: 40 },
    );
  });
});

Deno.test("a file that is no list of positions is refused", async () => {
  const texts = {
    "first line": ["", "timestamp,close\n1,2\n", "timestamp,close,signal"],
    "line 2 does not end": [
      "x\n",
      "1,2,2\n",
      "1,2,-0\n",
      "1,2,10\n",
      "1,2,--1\n",
      "1,2,1\r\n",
      "\n",
    ],
    "line 3 does not end": ["1,2,1\n1,2\n"],
    "cut off": ["1,2,1", '1,2,1\n"1,2,1\n'],
  };
  await withTempDir(async (dir) => {
    const path = join(dir, "signals.csv");
    for (const [reason, bodies] of Object.entries(texts)) {
      for (const body of bodies) {
        const header = reason === "first line" ? "" : "timestamp,close,signal\n";
        await Deno.writeTextFile(path, header + body);
        await assertRejects(() => storedSignalHash(path), Error, reason);
      }
    }
    const other = join(dir, "signals.parquet");
    await Deno.writeTextFile(other, "PAR1PAR1");
    await assertRejects(() => storedSignalHash(other));
  });
});
