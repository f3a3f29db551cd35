import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { type BlockSource, openBlocks } from "../../../lib/bars/source/block_source.ts";
import { sha256 } from "../../../lib/sha256.ts";

/** A size from which on a worker reads, whatever the file really has. */
const LARGE = 1 << 30;

async function withFile<T>(
  content: Uint8Array<ArrayBuffer>,
  use: (file: Deno.FsFile, path: string) => Promise<T>,
): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "data");
    await Deno.writeFile(path, content);
    using file = await Deno.open(path);
    return await use(file, path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** All blocks joined, and what they hash to. */
async function drain(blocks: BlockSource): Promise<{ bytes: number[]; digest: string }> {
  const bytes: number[] = [];
  try {
    for (let final = false; !final;) {
      const block = await blocks.next();
      bytes.push(...block.bytes.subarray(block.from, block.to));
      final = block.final;
      blocks.recycle(block);
    }
    return { bytes, digest: await blocks.digest() };
  } finally {
    blocks.close();
  }
}

for (const [reader, size] of [["this thread", 0], ["a worker", LARGE]] as const) {
  for (const length of [0, 1, 999, 1000, 1001, 12_345]) {
    Deno.test(`${reader} hands out a file of ${length} bytes in order, with its hash`, async () => {
      const content = Uint8Array.from({ length }, (_, at) => (at * 7 + (at >> 8)) % 256);
      await withFile(content, async (file, path) => {
        const drained = await drain(openBlocks(file, { path, size, blockBytes: 1000 }));
        assertEquals(drained.bytes, [...content]);
        assertEquals(drained.digest, await sha256(content));
      });
    });
  }
}

Deno.test("a block has room before its data and after it", async () => {
  await withFile(new Uint8Array(10), async (file, path) => {
    const blocks = openBlocks(file, { path, size: 10, blockBytes: 1000 });
    const { bytes, from, to } = await blocks.next();
    assertEquals(to - from, 10);
    assert(from >= 1 << 16 && bytes.length - to >= 64);
  });
});

Deno.test("what a worker cannot read fails as it would have here", async () => {
  await withFile(new Uint8Array(10), async (file, path) => {
    const missing = openBlocks(file, { path: `${path}-gone`, size: LARGE, blockBytes: 1000 });
    await assertRejects(() => drain(missing), Deno.errors.NotFound);
    const folder = openBlocks(file, { path: join(path, ".."), size: LARGE, blockBytes: 1000 });
    await assertRejects(() => drain(folder), Deno.errors.IsADirectory);
  });
});

Deno.test("there is no hash of a file that was not read to its end", async () => {
  await withFile(new Uint8Array(5000), async (file, path) => {
    const blocks = openBlocks(file, { path, size: LARGE, blockBytes: 1000 });
    await blocks.next();
    await assertRejects(() => blocks.digest(), Error, "not read to its end");
    blocks.close();
  });
});
