/**
 * Errors of the system, told as what they are: what was refused, where, why,
 * and what to do. Deno has classes for some of them; the others come as plain
 * errors with a code, or with nothing but a number in their message.
 *
 * @module
 */

/** What the system refused. */
export interface SystemFailure {
  /** What was tried and where: `open /runs/x`; empty where that is not known. */
  readonly attempt: string;
  /** Why it was refused: `no space left on the disk`. */
  readonly reason: string;
  /** What to do about it. */
  readonly hint: string;
}

/** Reason and hint by the code of POSIX. */
const CODES: Readonly<Record<string, readonly [reason: string, hint: string]>> = {
  ENOSPC: ["no space left on the disk", "Make room, or name another folder: --runs-dir DIR."],
  EDQUOT: ["the disk quota is used up", "Make room, or name another folder: --runs-dir DIR."],
  EFBIG: ["the file would be too large", "Name a folder on another disk: --runs-dir DIR."],
  EROFS: [
    "the file system is read-only",
    "Make it writable, or name another folder: --runs-dir DIR.",
  ],
  EMFILE: ["too many open files in this process", "Raise the limit: ulimit -n 1024."],
  ENFILE: ["too many open files on this machine", "End other programs, or raise its limit."],
  ENOMEM: ["not enough memory", "End other programs, or take fewer data at once."],
  EAGAIN: [
    "the system is short of processes or memory",
    "End other programs, or raise its limits.",
  ],
  EIO: [
    "the disk failed",
    "The log of the system (dmesg) says more. Copy what you need to another disk.",
  ],
  ESTALE: ["the network file system has lost the file", "Try again, or name a local folder."],
  ETIMEDOUT: ["the network file system gives no answer", "Try again, or name a local folder."],
  EACCES: ["permission denied", "Check the permissions of the file and of its folders."],
  EPERM: ["not permitted", "Check who owns it, and whether the file system allows it."],
  EBUSY: ["it is in use", "End what uses it, then try again."],
  ETXTBSY: ["it is being executed", "End what uses it, then try again."],
  ENAMETOOLONG: ["the name is too long", "Name a folder with a shorter path."],
  ELOOP: ["too many levels of symbolic links", "Look at the links on the way there."],
  ENOENT: ["no such file or directory", "Was it removed meanwhile? Try again."],
  ENOTDIR: ["what should be a folder is a file", "Look at what is on the way there."],
  EISDIR: ["it is a directory", "Name a file."],
  EEXIST: ["it exists already", "Was it made meanwhile? Try again."],
  ENOTEMPTY: ["the folder is not empty", "Was something added meanwhile? Try again."],
  EXDEV: ["it is on another file system", "Name a folder on the same file system."],
  ENOTSUP: ["the file system cannot do this", "Name a folder on a local disk: --runs-dir DIR."],
  EINVAL: ["the file system cannot do this", "Name a folder on a local disk: --runs-dir DIR."],
  ENOLCK: ["the file system has no locks left", "Name a folder on a local disk: --runs-dir DIR."],
};

/** Codes of the numbers that Linux gives, and macOS where it has others. */
const NUMBERS: Readonly<Record<"linux" | "darwin", Readonly<Record<number, string>>>> = {
  linux: {
    ...{ 11: "EAGAIN", 36: "ENAMETOOLONG", 37: "ENOLCK", 39: "ENOTEMPTY", 40: "ELOOP" },
    ...{ 95: "ENOTSUP", 110: "ETIMEDOUT", 116: "ESTALE", 122: "EDQUOT" },
  },
  darwin: {
    ...{ 35: "EAGAIN", 45: "ENOTSUP", 60: "ETIMEDOUT", 62: "ELOOP", 63: "ENAMETOOLONG" },
    ...{ 66: "ENOTEMPTY", 69: "EDQUOT", 70: "ESTALE", 77: "ENOLCK" },
  },
};

/** Those that both have. */
const COMMON_NUMBERS: Readonly<Record<number, string>> = {
  ...{ 1: "EPERM", 2: "ENOENT", 5: "EIO", 12: "ENOMEM", 13: "EACCES", 16: "EBUSY", 17: "EEXIST" },
  ...{ 18: "EXDEV", 20: "ENOTDIR", 21: "EISDIR", 22: "EINVAL", 23: "ENFILE", 24: "EMFILE" },
  ...{ 26: "ETXTBSY", 27: "EFBIG", 28: "ENOSPC", 30: "EROFS" },
};

/** What the system refused; undefined for an error that is not the system's. */
export function systemFailure(error: unknown): SystemFailure | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = systemCode(error);
  const isSystems = code !== undefined || isOfSystem(error);
  if (!isSystems) return undefined;
  const [message, attempt = ""] = error.message.split(/(?: \(os error \d+\))?: (?=\w+ ')/);
  const [reason, hint] = CODES[code ?? ""] ?? [
    withoutNumber(message!),
    "The log of the system may say more.",
  ];
  return { attempt: attempt.replaceAll("'", ""), reason, hint };
}

/** Why something failed, for a message that says what: without path and number where the system says so. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return systemFailure(error)?.reason ?? message;
}

/** Codes that are a matter of the path, of which whoever names it knows more. */
const OF_PATHS: readonly string[] = [
  ...["EACCES", "ENOENT", "ENOTDIR", "EISDIR", "EEXIST", "ENOTEMPTY", "ELOOP", "ENAMETOOLONG"],
];

/** What to do about an error of the system; `other` where that is a matter of the path, or unknown. */
export function hintFor(error: unknown, other: string): string {
  const code = systemCode(error) ?? "";
  return OF_PATHS.includes(code) ? other : CODES[code]?.[1] ?? other;
}

/** The code of an error of the system, `ENOSPC`; undefined for another error, or one without. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as { readonly code?: unknown };
  if (typeof code === "string" && Object.hasOwn(CODES, code)) return code;
  const number = Number(/\(os error (\d+)\)/.exec(error.message)?.[1]);
  const os = Deno.build.os === "darwin" ? "darwin" : "linux";
  return COMMON_NUMBERS[number] ?? NUMBERS[os][number];
}

/** Whether Deno has a class for it, or it has a number of the system. */
function isOfSystem(error: Error): boolean {
  const { NotCapable, BadResource, InvalidData, Http } = Deno.errors;
  if ([NotCapable, BadResource, InvalidData, Http].some((kind) => error instanceof kind)) {
    return false;
  }
  return error.name in Deno.errors || /\(os error \d+\)/.test(error.message);
}

function withoutNumber(message: string): string {
  const text = message.replace(/ \(os error \d+\)/, "");
  return `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;
}
