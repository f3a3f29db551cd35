/**
 * Types of the standard library's functions in use: its npm package ships none.
 */

declare module "@std/assert" {
  export function assert(value: unknown, message?: string): asserts value;
  export function assertEquals<T>(actual: T, expected: T, message?: string): void;
  export function assertAlmostEquals(
    actual: number,
    expected: number,
    tolerance?: number,
    message?: string,
  ): void;
  export function assertStringIncludes(actual: string, expected: string, message?: string): void;
  export function assertMatch(actual: string, expected: RegExp, message?: string): void;
  export function assertThrows<E extends Error = Error>(
    run: () => unknown,
    // deno-lint-ignore no-explicit-any
    ErrorClass?: abstract new (...args: any[]) => E,
    includes?: string,
  ): E;
  export function assertRejects<E extends Error = Error>(
    run: () => PromiseLike<unknown>,
    // deno-lint-ignore no-explicit-any
    ErrorClass?: abstract new (...args: any[]) => E,
    includes?: string,
  ): Promise<E>;
}

declare module "@std/cli/parse-args" {
  export interface ParseOptions {
    readonly string?: readonly string[];
    readonly boolean?: readonly string[];
    readonly collect?: readonly string[];
    readonly alias?: Readonly<Record<string, string | readonly string[]>>;
    readonly unknown?: (argument: string, key?: string, value?: unknown) => unknown;
  }
  export function parseArgs(
    args: readonly string[],
    options?: ParseOptions,
  ): { readonly _: readonly (string | number)[]; readonly [flag: string]: unknown };
}

declare module "@std/csv/parse" {
  export function parse(text: string, options?: { readonly separator?: string }): string[][];
}

declare module "@std/csv/stringify" {
  export function stringify(
    rows: readonly (readonly unknown[])[],
    options?: { readonly headers?: boolean },
  ): string;
}

declare module "@std/text/levenshtein-distance" {
  export function levenshteinDistance(a: string, b: string): number;
}

declare module "@std/yaml/parse" {
  export function parse(
    text: string,
    options?: { readonly schema?: "failsafe" | "json" | "core" | "default" | "extended" },
  ): unknown;
}

declare module "@std/yaml/stringify" {
  export function stringify(
    data: unknown,
    options?: {
      readonly lineWidth?: number;
      readonly sortKeys?: boolean;
      readonly skipInvalid?: boolean;
    },
  ): string;
}
