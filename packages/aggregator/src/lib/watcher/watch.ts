import { readdirSync } from "node:fs";
import { type Config, valuesOf } from "@slipstream/config";
import { SlipstreamError } from "@slipstream/conventions";
import type { BlockSource, BlockSourceSettings } from "./block-source.ts";
import { createFolderSource } from "./folder-source.ts";
import { watcherOptions } from "./options.ts";
import { createRpcSource } from "./rpc-source.ts";

/** Where the blocks around the desk's trades come from; without either, no trade has a verdict. */
export type WatchOptions = Config<typeof watcherOptions>;

const TIMEOUT_MS = 15_000;

/**
 * Where to read blocks from, and how fast; undefined if nothing is given.
 *
 * @throws SlipstreamError if both are given
 */
export function blockSource(
  options: WatchOptions,
): { source: BlockSourceSettings; blocksPerSecond: number | undefined } | undefined {
  const { rpcUrl, blocksDir, blocksPerSecond } = valuesOf(watcherOptions, options);
  if (rpcUrl !== undefined && blocksDir !== undefined) {
    const message = "rpcUrl and blocksDir exclude each other: blocks are read from one of them";
    throw new SlipstreamError("invalid_option", message, { field: "blocksDir" });
  }
  if (rpcUrl !== undefined)
    return { source: { kind: "rpc", url: rpcUrl, timeoutMs: TIMEOUT_MS }, blocksPerSecond };
  if (blocksDir === undefined) return undefined;
  return { source: { kind: "folder", directory: blocksDir }, blocksPerSecond: undefined };
}

/**
 * Checks what can be known before there is anything to watch.
 *
 * @throws SlipstreamError `invalid_option` if both are given, or the folder cannot be read
 */
export function assertBlockSource(options: WatchOptions): void {
  const source = blockSource(options)?.source;
  if (source?.kind !== "folder") return;
  try {
    readdirSync(source.directory);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    throw new SlipstreamError(
      "invalid_option",
      `blocksDir = ${JSON.stringify(source.directory)} (--blocks, SLIPSTREAM_BLOCKS_DIR) ${folderFaults[code] ?? `cannot be read (${code})`}; give the folder of recorded blocks.`,
      { field: "blocksDir", cause: error },
    );
  }
}

const folderFaults: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  ENOTDIR: "is not a folder",
  EACCES: "may not be read by this user",
};

/**
 * Opens what blocks are read from; undefined if nothing is given. @throws SlipstreamError as `assertBlockSource`
 */
export function openBlockSource(options: WatchOptions): BlockSource | undefined {
  assertBlockSource(options);
  const found = blockSource(options);
  return found === undefined ? undefined : createBlockSource(found.source);
}

export function createBlockSource(settings: BlockSourceSettings): BlockSource {
  return settings.kind === "rpc"
    ? createRpcSource(settings.url, settings.timeoutMs)
    : createFolderSource(settings.directory);
}
