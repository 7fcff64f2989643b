import { join } from "node:path";
import type { Log } from "./log/log.ts";
import { createMemoryLog } from "./log/memory-log.ts";
import { openLog } from "./log/open-log.ts";
import type { DashboardStore } from "./sinks/dashboard-store.ts";
import { createEmbeddedStore } from "./sinks/embedded-store.ts";

/** Nothing is kept on disk: for tests and for a look. */
export const IN_MEMORY = ":memory:";

/** A memory log is read by nobody but the engine, which has had each record when it is appended. */
const MEMORY_LOG_BYTES = 16 * 1024 * 1024;

/** The log and the embedded store of a data directory. Only one aggregator can have them open. */
export async function openStores(
  dataDir: string,
  now: () => number,
): Promise<{ log: Log; store: DashboardStore }> {
  if (dataDir === IN_MEMORY) {
    return { log: createMemoryLog({ maxBytes: MEMORY_LOG_BYTES }), store: createEmbeddedStore({ now }) };
  }
  // The log first: it makes the directory and locks it.
  const log = await openLog({ directory: dataDir });
  return { log, store: createEmbeddedStore({ file: join(dataDir, "dashboard.sqlite"), now }) };
}
