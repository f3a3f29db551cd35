/**
 * Makes run directories, and what lies beside them, such as somebody else left.
 *
 * @module
 */

import { join } from "node:path";
import type { Random } from "../fuzz/random.ts";
import { hostileBytes } from "./hostile_values.ts";

const FILES = [
  ...["manifest.json", "manifest.json", "metrics.json", "config.yaml", "run.log", "labels.json"],
  ...["signals.csv", "imported.json", "extra.ts", "."],
];

/** Changes a file or a folder; the result says what was done. */
export async function changeDirectory(
  runsDir: string,
  { random, victim }: {
    readonly random: Random;
    /** A folder elsewhere, which nothing is to touch. */
    readonly victim: string;
  },
): Promise<string> {
  const ids = [...Deno.readDirSync(runsDir)].map(({ name }) => name)
    .filter((name) => /^\d{8}-/.test(name)).sort();
  if (ids.length === 0) return "nothing";
  const name = random.once(12) ? "data" : random.pick(ids);
  const file = name === "data" ? "." : random.pick(FILES);
  const path = join(runsDir, name, file);
  const before = await Deno.readFile(path).catch(() => new Uint8Array());
  const kind = random.pick([
    "bytes",
    "bytes",
    "bytes",
    "bytes",
    "gone",
    "link",
    "folder",
    "pipe",
    "large",
  ]);
  if (file === "." && kind === "bytes") return "nothing";
  await Deno.remove(path, { recursive: true }).catch(() => {});
  switch (kind) {
    case "bytes":
      await Deno.writeFile(path, hostileBytes(random, before));
      break;
    case "gone":
      break;
    case "link":
      await Deno.symlink(
        random.pick([victim, join(victim, "file"), join(victim, "none"), path]),
        path,
      );
      break;
    case "folder":
      await Deno.mkdir(join(path, "inner"), { recursive: true });
      break;
    case "pipe":
      await new Deno.Command("mkfifo", { args: [path], stderr: "null" }).output();
      break;
    case "large":
      await Deno.writeFile(path, before);
      await Deno.truncate(path, 3_000_000_000).catch(() => {});
      break;
  }
  return `${name}/${file}: ${kind}`;
}
