import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { readTarHeader, tarHeader, TarProblem } from "../../lib/transfer/tar_header.ts";

Deno.test("a header reads back as what was written, sizes up to the largest exact one", () => {
  const name = fc.stringMatching(/^[\x21-\x7e]{1,100}$/);
  const bytes = fc.oneof(fc.maxSafeNat(), fc.constantFrom(0, 8 ** 11 - 1, 8 ** 11));
  fc.assert(fc.property(name, bytes, (name, bytes) => {
    assertEquals(readTarHeader(tarHeader({ name, bytes })), { name, bytes, kind: "file" });
  }));
});

Deno.test("a name that does not fit is not written", () => {
  for (const name of ["", "x".repeat(101), "naïve", "a\0b"]) {
    assertThrows(() => tarHeader({ name, bytes: 0 }), RangeError);
  }
});

Deno.test("a header in which any one bit was changed says the same, or is refused", () => {
  const whole = tarHeader({ name: "20261123-085501-k3f9x2/run.log", bytes: 1234 });
  const entry = readTarHeader(whole);
  for (let bit = 0; bit < whole.length * 8; bit++) {
    const changed = whole.slice();
    changed[bit >> 3]! ^= 1 << (bit & 7);
    try {
      assertEquals(readTarHeader(changed), entry, `bit ${bit}`);
    } catch (error) {
      if (!(error instanceof TarProblem)) throw error;
    }
  }
});
