/**
 * Which file system a folder is on, and how much room there is.
 *
 * @module
 */

import { statfs } from "node:fs/promises";

/** A file system. */
export interface FileSystem {
  /** What kind it is: `ext4`, `nfs`; null where that is not known. */
  readonly name: string | null;
  /** What follows from its kind. */
  readonly kind: FileSystemKind;
  /** Bytes that a user may still write. */
  readonly freeBytes: number;
}

/** Over a network; perhaps, as FUSE has any kind; in memory; or neither. */
export type FileSystemKind = "network" | "perhaps network" | "memory" | "local";

/** The magic numbers of linux/magic.h and of kernel modules, by what statfs(2) tells. */
const LINUX: ReadonlyMap<number, readonly [name: string, kind: FileSystemKind]> = new Map([
  [0x6969, ["nfs", "network"]],
  [0x517b, ["smb", "network"]],
  [0xff534d42, ["cifs", "network"]],
  [0xfe534d42, ["smb2", "network"]],
  [0x01021997, ["9p", "network"]],
  [0x5346414f, ["afs", "network"]],
  [0x6b414653, ["afs", "network"]],
  [0x00c36400, ["ceph", "network"]],
  [0x73757245, ["coda", "network"]],
  [0x564c, ["ncp", "network"]],
  [0x7461636f, ["ocfs2", "network"]],
  [0x01161970, ["gfs2", "network"]],
  [0x0bd00bd0, ["lustre", "network"]],
  [0x47504653, ["gpfs", "network"]],
  [0x19830326, ["beegfs", "network"]],
  [0x65735546, ["fuse", "perhaps network"]],
  [0x786f4256, ["vboxsf", "network"]],
  [0x01021994, ["tmpfs", "memory"]],
  [0x858458f6, ["ramfs", "memory"]],
  [0xef53, ["ext4", "local"]],
  [0x58465342, ["xfs", "local"]],
  [0x9123683e, ["btrfs", "local"]],
  [0x2fc12fc1, ["zfs", "local"]],
  [0xf2f52010, ["f2fs", "local"]],
  [0xca451a4e, ["bcachefs", "local"]],
  [0x794c7630, ["overlay", "local"]],
  [0x4d44, ["vfat", "local"]],
  [0x2011bab0, ["exfat", "local"]],
  [0x7366746e, ["ntfs3", "local"]],
]);

/** What a number of statfs(2) says; only Linux numbers file systems so. */
export function fileSystemKind(type: number, os: string): Pick<FileSystem, "name" | "kind"> {
  // Of 32 bits, which some systems give with a sign.
  const known = os === "linux" ? LINUX.get(type >>> 0) : undefined;
  return { name: known?.[0] ?? null, kind: known?.[1] ?? "local" };
}

/**
 * The file system of an existing path; undefined where this process may not
 * ask, or the system does not tell.
 */
export async function fileSystemOf(path: string, os: string): Promise<FileSystem | undefined> {
  try {
    const { type, bavail, bsize } = await statfs(path);
    return { ...fileSystemKind(Number(type), os), freeBytes: Number(bavail) * Number(bsize) };
  } catch {
    return undefined;
  }
}
