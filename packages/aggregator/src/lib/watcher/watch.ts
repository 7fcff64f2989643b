import { SlipstreamError } from "@slipstream/conventions";
import type { BlockSourceSettings } from "./block-source.ts";

/** Where the blocks around the desk's trades come from; without either, no trade has a verdict. */
export interface WatchOptions {
  /** URL of a Solana node that answers `getBlock`. May hold a key: it is in no log, no message and no file. */
  readonly rpcUrl?: string | undefined;
  /** Folder of recorded blocks, `SLOT.json`, instead of a node. */
  readonly blocksDir?: string | undefined;
  /** Blocks that a node is asked for in a second, at most. Default 8: a slot takes 400 ms. */
  readonly blocksPerSecond?: number | undefined;
}

const TIMEOUT_MS = 15_000;
const BLOCKS_PER_SECOND = 8;

/**
 * Where to read blocks from, and how fast; undefined where nothing is given.
 *
 * @throws SlipstreamError where both are given
 */
export function blockSource({
  rpcUrl,
  blocksDir,
  blocksPerSecond = BLOCKS_PER_SECOND,
}: WatchOptions): { source: BlockSourceSettings; blocksPerSecond: number | undefined } | undefined {
  if (rpcUrl !== undefined && blocksDir !== undefined) {
    const message = "rpcUrl and blocksDir exclude each other: blocks are read from one of them";
    throw new SlipstreamError("invalid_option", message, { field: "blocksDir" });
  }
  if (rpcUrl !== undefined)
    return { source: { kind: "rpc", url: rpcUrl, timeoutMs: TIMEOUT_MS }, blocksPerSecond };
  if (blocksDir === undefined) return undefined;
  return { source: { kind: "folder", directory: blocksDir }, blocksPerSecond: undefined };
}
