import { afterEach, beforeEach } from "vitest";
import { type Disk, disk } from "../disk.ts";
import { LogCore, type LogCoreOptions } from "../log-core.ts";
import { makeDirectory, removeDirectory } from "./folder.ts";

/** Logs as their thread has them, without the thread. */
export interface Cores {
  /** The data directory of the test that runs. */
  readonly directory: string;
  /** Those that were opened. */
  readonly open: LogCore[];
  openCore(options?: Partial<LogCoreOptions>, on?: Disk): LogCore;
}

/**
 * Gives each test of a file a data directory. After the test the logs that it opened are closed, and the directory is removed.
 *
 * @param usual options of the logs, unless a test says otherwise
 */
export function coresOfTests(usual: Partial<LogCoreOptions> = {}): Cores {
  let directory = "";
  const open: LogCore[] = [];
  beforeEach(() => {
    directory = makeDirectory();
  });
  afterEach(() => {
    for (const core of open.splice(0)) core.close();
    removeDirectory(directory);
  });
  return {
    get directory() {
      return directory;
    },
    open,
    openCore: (options = {}, on = disk) => {
      const bounds = { atLeast: 0, checkAfter: 0, segmentBytes: 1e9, segmentMs: 1e9 };
      const core = new LogCore({ directory, salvage: false, ...bounds, ...usual, ...options }, on);
      open.push(core);
      return core;
    },
  };
}
