/** Reads swaps and blocks from files. An entry of its own, so that who reads none does not load the schemas. */
export { readInput } from "./lib/cases/read-input.ts";
