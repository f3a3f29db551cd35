/**
 * The files of a series, as the hash of its data knows them. Pure.
 *
 * @module
 */

/** What a series knows of a file. */
export interface ListedFile {
  /** SHA-256 of its bytes, as `sha256:…`. */
  readonly dataHash: string;
  /** Its size. */
  readonly bytes: number;
}

/** A line for each file, in the order of the series: its hash, a space, its size in bytes. */
export function seriesList(files: readonly ListedFile[]): string {
  return files.map(({ dataHash, bytes }) => `${dataHash} ${bytes}\n`).join("");
}

/** The files of a list, or undefined if it is none. */
export function parseSeriesList(text: string): readonly ListedFile[] | undefined {
  const lines = text.match(/.*\n/g) ?? [];
  const files = lines.flatMap((line) => {
    const [, dataHash, bytes] = /^(sha256:[0-9a-f]{64}) (\d{1,15})\n$/.exec(line) ?? [];
    return dataHash === undefined ? [] : [{ dataHash, bytes: Number(bytes) }];
  });
  return files.length > 1 && seriesList(files) === text ? files : undefined;
}
