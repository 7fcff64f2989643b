import { join } from "node:path";
import { type DirectoryLock, LOCK_FILE, lockDirectory } from "./directory-lock.ts";
import { knownFile } from "./known-files.ts";
import type { Log } from "./log.ts";
import { logOptions } from "./options.ts";
import { BEGINNING, numberOf, type Position } from "./position.ts";
import type { Salvaged } from "./salvage.ts";
import { ThreadLog } from "./thread-log.ts";

export interface OpenLogOptions {
  /** The data directory: made where it is missing, and locked against a second aggregator. */
  readonly directory: string;
  /** The lock, where the caller has it already; it stays the caller's. */
  readonly lock?: DirectoryLock | undefined;
  /** The next record gets a position beyond this one, in a new segment if the log has not come so far. Default: `BEGINNING`. */
  readonly atLeast?: Position | undefined;
  /** Segments with records after this position are checked for damage. Default: `BEGINNING`, so all. */
  readonly checkAfter?: Position | undefined;
  /**
   * Where a segment is damaged or missing, go on with what can be read: damaged files are moved aside, never deleted.
   * Default false: that is an error.
   */
  readonly salvage?: boolean | undefined;
  /** Told of each part that was salvaged, before the log is open. */
  readonly onSalvaged?: ((salvaged: Salvaged) => void) | undefined;
  /** Called with the reason when appends begin to fail, and with undefined when they succeed again. */
  readonly onFault?: ((reason: string | undefined) => void) | undefined;
  /** A new segment begins when one has reached this size. Default: that of `logSegmentBytes`. */
  readonly segmentBytes?: number | undefined;
  /** A new segment begins when the first record of one was received this long ago. Default 6 h. */
  readonly segmentMs?: number | undefined;
  /** Bytes that may wait to be written; more are refused. Default 32 MiB. */
  readonly maxWaitingBytes?: number | undefined;
  /** Where records come in fast (more than 200 a second), those of this time share a transaction. Default 10 ms. */
  readonly groupMs?: number | undefined;
  /** While writes fail, how often one is tried where none comes by itself. Default 1 s. */
  readonly probeIntervalMs?: number | undefined;
}

/**
 * The log of a data directory, in files that a thread of its own appends to.
 * @throws SlipstreamError `data_in_use`, `data_unusable`, `log_corrupt`, `log_gap`, `log_version`, `log_unusable`,
 * `log_ambiguous`
 */
export async function openLog(options: OpenLogOptions): Promise<Log> {
  const { directory, lock, atLeast = BEGINNING, checkAfter = BEGINNING } = options;
  const own = lock === undefined ? lockDirectory(directory) : undefined;
  try {
    return await ThreadLog.open({
      core: {
        directory,
        atLeast: numberOf(atLeast),
        checkAfter: numberOf(checkAfter),
        salvage: options.salvage ?? false,
        segmentBytes: options.segmentBytes ?? logOptions.options.logSegmentBytes.default,
        segmentMs: options.segmentMs ?? 6 * 3_600_000,
        knownFiles: [knownFile(directory), knownFile(join(directory, LOCK_FILE))],
      },
      maxWaitingBytes: options.maxWaitingBytes ?? 32 * 1024 * 1024,
      groupMs: options.groupMs ?? 10,
      probeIntervalMs: options.probeIntervalMs ?? 1_000,
      onSalvaged: options.onSalvaged ?? (() => {}),
      onFault: options.onFault,
      onClosed: () => own?.release(),
    });
  } catch (error) {
    own?.release();
    throw error;
  }
}
