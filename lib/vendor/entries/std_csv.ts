/** CSV, of Deno's standard library; apart from YAML, whose `stringify` has the same name. */
export { stringify } from "@std/csv/stringify";
