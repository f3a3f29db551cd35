/** Canonical JSON, RFC 8785. */
export { default } from "canonicalize";
