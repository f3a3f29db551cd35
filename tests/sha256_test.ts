import { assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { createHash } from "node:crypto";
import { Sha256, sha256 } from "../lib/sha256.ts";

const MIB = 1 << 20;

function reference(...pieces: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const piece of pieces) hash.update(piece);
  return `sha256:${hash.digest("hex")}`;
}

Deno.test("a hash is sha256: and 64 hex digits", async () => {
  assertMatch(await sha256("x"), /^sha256:[0-9a-f]{64}$/);
});

Deno.test("the published examples come out", async () => {
  // FIPS 180-4's examples and the empty message.
  const cases: [text: string, hex: string][] = [
    ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    [
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    ],
    ["a".repeat(1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"],
  ];
  for (const [text, hex] of cases) assertEquals(await sha256(text), `sha256:${hex}`);
  assertEquals(await sha256(), `sha256:${cases[0]![1]}`);
});

Deno.test("text counts as UTF-8", async () => {
  assertEquals(await sha256("Größe 收盘 👍"), reference("Größe 收盘 👍"));
});

Deno.test("how the bytes are cut into pieces does not matter", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 20 }),
      async (pieces) => {
        assertEquals(await sha256(...pieces), reference(...pieces));
      },
    ),
    { seed: 3, numRuns: 100 },
  );
});

Deno.test("sizes around that at which hashing goes on piece by piece come out alike", async () => {
  const bytes = Uint8Array.from({ length: 3 * MIB + 7 }, (_, at) => at * 31 + (at >> 8));
  for (const size of [MIB - 1, MIB, MIB + 1, 2 * MIB, bytes.length]) {
    const whole = bytes.subarray(0, size);
    const expected = reference(whole);
    assertEquals(await sha256(whole), expected);
    for (const step of [64 * 1024 + 1, MIB - 1, MIB]) {
      const hash = new Sha256();
      for (let at = 0; at < size; at += step) {
        await hash.update(whole.subarray(at, Math.min(size, at + step)));
      }
      assertEquals(await hash.digest(), expected, `${size} bytes in steps of ${step}`);
    }
  }
});

Deno.test("the caller may use its buffer again at once", async () => {
  for (const size of [1000, MIB]) {
    const hash = new Sha256();
    const buffer = new Uint8Array(size);
    const pieces = [1, 2, 3].map((fill) => new Uint8Array(size).fill(fill));
    for (const piece of pieces) {
      buffer.set(piece);
      await hash.update(buffer);
    }
    buffer.fill(9);
    assertEquals(await hash.digest(), reference(...pieces));
  }
});

Deno.test("a view into a larger buffer counts only itself", async () => {
  const large = new TextEncoder().encode("xxabcxx");
  assertEquals(await sha256(large.subarray(2, 5)), reference("abc"));
});
