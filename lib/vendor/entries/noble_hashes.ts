/** SHA-256 without waiting. */
export { sha256 } from "@noble/hashes/sha2.js";
