import { existsSync } from "node:fs";
import { join } from "node:path";
import { SlipstreamError } from "@slipstream/conventions";
import { DatabaseSync } from "../sqlite.ts";
import { findRows, readDesks } from "./embedded-query.ts";
import { allRows, type FoundRows, type HistoryQuery, type HistoryReader } from "./query.ts";

/** What is made of the log: checkpoints, dashboards and history. */
export const STATE_FILE = "state.sqlite";

/**
 * Reads the history of a data directory, also while an aggregator writes it. Nothing is made or changed.
 *
 * @throws SlipstreamError `history_missing`, `history_unreadable`; a query also `history_damaged`
 */
export function openEmbeddedReader(dataDir: string): HistoryReader {
  const file = join(dataDir, STATE_FILE);
  if (!existsSync(file)) {
    const demo = demoHistory(dataDir);
    const remedy =
      demo === undefined ? "Name the folder of one with --data." : `For the demo's: --data ${demo}`;
    throw new SlipstreamError(
      "history_missing",
      `There is no history in ${dataDir} (no ${STATE_FILE}): no aggregator has run there yet. ${remedy}`,
      { field: "data" },
    );
  }
  const database = guarded(file, () => new DatabaseSync(file, { readOnly: true, timeout: 5_000 }));
  const find = async (query: HistoryQuery): Promise<FoundRows> =>
    guarded(file, () => findRows(database, query));
  return {
    find,
    rows: async (query) => allRows(await find(query)),
    desks: async () => guarded(file, () => readDesks(database)),
    close: async () => database.close(),
  };
}

/** The folder below this one in which the demo keeps its history; undefined if there is none. */
export function demoHistory(dataDir: string): string | undefined {
  const demo = join(dataDir, "demo");
  return existsSync(join(demo, STATE_FILE)) ? demo : undefined;
}

function guarded<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof SlipstreamError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new SlipstreamError("history_unreadable", `The history in ${file} cannot be read: ${reason}.`, {
      field: "data",
      cause: error,
    });
  }
}
