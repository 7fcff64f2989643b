/** Decodes blocks as a node gives them. An entry of its own, so that who reads none does not load the schema. */
export { decodeBlockBytes } from "./lib/swaps/decode-bytes.ts";
