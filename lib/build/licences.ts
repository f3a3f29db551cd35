/**
 * The licences of packages, as they are to go with what is made of them.
 *
 * @module
 */

import { join } from "node:path";

/** A package, as far as something was made of it. */
export interface UsedPackage {
  /** Its folder. */
  readonly folder: string;
  /** Paths of the modules in use. */
  readonly modules: readonly string[];
}

interface Licence {
  readonly name: string;
  readonly title: string;
  /** Its SPDX identifier. */
  readonly id: string;
  /** Not every package has it. */
  readonly text: string | undefined;
  readonly notices: readonly string[];
}

/**
 * All licences as one text.
 *
 * @throws {Error} if the text of one is in none of the packages
 */
export async function licencesText(packages: readonly UsedPackage[]): Promise<string> {
  const licences = await Promise.all(packages.map(licenceOf));
  return licences.map(({ title, id, text, notices }) => {
    const same = licences.find((other) => other.id === id && other.text !== undefined);
    if (same === undefined) throw new Error(`Cannot find the text of ${id} for ${title}`);
    const terms = text ??
      `The package has no text of its licence, ${id}. It is the one under ${same.name}.`;
    return [title, "=".repeat(title.length), "", terms, ...notices, ""].join("\n");
  }).join("\n\n");
}

async function licenceOf({ folder, modules }: UsedPackage): Promise<Licence> {
  const { name, version, license, repository } = JSON.parse(
    await Deno.readTextFile(join(folder, "package.json")),
  );
  const files = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  const file = files.sort().find((file) => /^licen[cs]e(\.\w+)?$/i.test(file));
  return {
    name,
    title: `${name} ${version}, ${license}, ${repository.url ?? repository}`,
    id: license,
    text: file && (await Deno.readTextFile(join(folder, file))).trim(),
    notices: await notices(modules),
  };
}

/** The lines of comments that say whose a module is. */
async function notices(modules: readonly string[]): Promise<readonly string[]> {
  const sources = await Promise.all(modules.map((path) => Deno.readTextFile(path)));
  const lines = sources.flatMap((source) =>
    [...source.matchAll(/^\W*(Copyright .*?)\s*$/gm)].map(([, notice]) => notice!)
  );
  return [...new Set(lines)].sort();
}
