/** Of Deno's standard library: YAML, flags, and how near two words are. */
export { parseArgs } from "@std/cli/parse-args";
export { levenshteinDistance } from "@std/text/levenshtein-distance";
export { parse } from "@std/yaml/parse";
export { stringify } from "@std/yaml/stringify";
