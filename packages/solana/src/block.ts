/** Reads blocks as a node gives them. An entry of its own, so that who reads none does not load the schema. */

export { readBlockBytes, type TakeTransaction } from "./lib/block/bytes/block-bytes.ts";
export { parseBlock, parseBlockText, readBlock } from "./lib/block/parse-block.ts";
