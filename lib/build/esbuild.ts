/**
 * The little of esbuild that `vendor.ts` uses. It is named here alone and
 * loaded by a computed name, so that nobody else has to download it.
 *
 * @module
 */

const SPECIFIER = "npm:esbuild@0.28.1";

/** Makes one file of many. */
export interface Esbuild {
  /** Bundles what the options say. */
  build(
    options: Readonly<Record<string, unknown>> & { readonly plugins: readonly Plugin[] },
  ): Promise<{
    readonly outputFiles: readonly { readonly text: string }[];
    readonly metafile: { readonly inputs: Readonly<Record<string, unknown>> };
  }>;
  /** Ends its process. */
  stop(): Promise<void>;
}

/** What changes how modules are found and read. */
export interface Plugin {
  /** Its name in messages. */
  readonly name: string;
  /** Says what it wants to hear of. */
  setup(build: PluginBuild): void;
}

/** What a plugin is given. */
export interface PluginBuild {
  /** Calls `resolve` for what is imported; undefined leaves it to others. */
  onResolve(
    options: { readonly filter: RegExp },
    resolve: (args: Imported) => unknown,
  ): void;
  /** Calls `load` for the text of modules. */
  onLoad(
    options: { readonly filter: RegExp },
    load: (args: { readonly path: string }) => unknown,
  ): void;
  /** Finds a module as an import in a file of `resolveDir` would. */
  resolve(
    path: string,
    options: { readonly kind: string; readonly resolveDir: string; readonly pluginData: unknown },
  ): Promise<unknown>;
}

/** What is imported, and where. */
export interface Imported {
  /** As it is written. */
  readonly path: string;
  /** Path of the module that imports it. */
  readonly importer: string;
  /** By which statement. */
  readonly kind: string;
  /** What {@linkcode PluginBuild.resolve} was given with it. */
  readonly pluginData: unknown;
}

/** Loads it, from npm if need be. */
export async function loadEsbuild(): Promise<Esbuild> {
  const { default: esbuild } = await import(SPECIFIER);
  return esbuild;
}
