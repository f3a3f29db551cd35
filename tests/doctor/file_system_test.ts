import { assert, assertEquals } from "@std/assert";
import { fileSystemKind, fileSystemOf } from "../../lib/doctor/file_system.ts";
import { withTempDir } from "../temp_dir.ts";

Deno.test("network file systems are known by their numbers, which may have a sign", () => {
  assertEquals(fileSystemKind(0x6969, "linux"), { name: "nfs", kind: "network" });
  assertEquals(fileSystemKind(0xff534d42, "linux"), { name: "cifs", kind: "network" });
  assertEquals(fileSystemKind(0xff534d42 | 0, "linux"), { name: "cifs", kind: "network" });
  assertEquals(fileSystemKind(0x65735546, "linux"), { name: "fuse", kind: "perhaps network" });
  assertEquals(fileSystemKind(0x01021994, "linux"), { name: "tmpfs", kind: "memory" });
  assertEquals(fileSystemKind(0xef53, "linux"), { name: "ext4", kind: "local" });
});

Deno.test("a number that is not known, and one of another system, says nothing", () => {
  assertEquals(fileSystemKind(1, "linux"), { name: null, kind: "local" });
  assertEquals(fileSystemKind(0x6969, "darwin"), { name: null, kind: "local" });
});

Deno.test("a folder's file system has some room, a path that is not there has none to tell", async () => {
  await withTempDir(async (dir) => {
    const system = await fileSystemOf(dir, Deno.build.os);
    assert(system !== undefined && system.freeBytes > 0);
    assertEquals(await fileSystemOf(`${dir}/nope`, Deno.build.os), undefined);
  });
});
