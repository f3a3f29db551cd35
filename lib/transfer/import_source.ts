/**
 * What was found in the source of an import.
 *
 * @module
 */

/** A run that ended. */
export interface FoundRun {
  /** Its id. */
  readonly id: string;
  /** The source, as it was named. */
  readonly source: string;
  /**
   * Absolute path of its directory: in the staging folder, or in its place
   * already, where it is the same.
   */
  readonly directory: string;
  /** Whether that is its place. */
  readonly isHere: boolean;
  /** Absolute path of the directory whose labels.json is that of the source, if it has one. */
  readonly labelsIn: string;
}

/** A run that has no end. */
export interface UnfinishedRun {
  /** Its id. */
  readonly id: string;
  /** The source, as it was named. */
  readonly source: string;
  /** Whether its process lives. */
  readonly status: "running" | "crashed";
}

/** All that was found in a source. */
export interface FoundSource {
  /** The source, as it was named. */
  readonly source: string;
  /** Runs that ended. */
  readonly runs: readonly FoundRun[];
  /** Runs that have not. */
  readonly unfinished: readonly UnfinishedRun[];
  /** Kept data. */
  readonly data: FoundData;
}

/** The kept data of a source: staged as it was found, or still in its folder of runs. */
export type FoundData =
  | {
    readonly kind: "staged";
    /** Absolute paths of staged files, by their hash, which was checked. */
    readonly files: ReadonlyMap<string, string>;
    /** Whether there may be data of runs that are not there, which is left out; else it is refused. */
    readonly hasOthers: boolean;
  }
  /** Absolute path of the folder of runs. */
  | { readonly kind: "folder"; readonly runsDir: string };

/** Where what is found is put. */
export interface StagingPlace {
  /** Makes a folder for what belongs together; the result is its absolute path. */
  folder(...names: readonly string[]): Promise<string>;
}
