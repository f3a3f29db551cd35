/**
 * A folder that lives for one test.
 *
 * @module
 */

/** Calls `use` with the absolute path of a new, empty folder, and removes it afterwards. */
export async function withTempDir<T>(use: (path: string) => Promise<T>): Promise<T> {
  // The real path, as some systems keep temporary files behind a symbolic link.
  const path = await Deno.realPath(await Deno.makeTempDir({ prefix: "sigrun-test-" }));
  try {
    return await use(path);
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}
