import {
  createHistorySink,
  createQuestDbClientHistory,
  type HistorySink,
  MemoryHistory,
  openQuestDbSink,
  type QuestDbClient,
  type QuestDbOptions,
} from "@slipstream/aggregator/sinks";
import type { HistoryRow } from "@slipstream/engine";
import type { MonitorLogger } from "./logger.ts";

/** Writes the history to QuestDB. */
export interface History {
  write(rows: readonly HistoryRow[]): void;
  /** Writes what waits. Never rejects. */
  close(): Promise<void>;
}

/**
 * Writes rows to QuestDB, out of the service's way. While it is away they wait in memory, 20,000 of them; past that the
 * oldest are dropped, and it is told how many.
 *
 * @throws SlipstreamError where the configuration string cannot be used
 */
export async function questDbHistory(
  questdb: QuestDbOptions | QuestDbClient,
  logger: MonitorLogger,
): Promise<History> {
  const source = new MemoryHistory();
  const onStateChange = ({ up, reason }: { up: boolean; reason?: string }): void => {
    if (!up) logger.warn(`Writing the history to QuestDB failed, retrying: ${reason}`);
    else if (source.dropped === 0) logger.info("Writing the history to QuestDB works");
    else
      logger.warn(
        `Writing the history to QuestDB works again; ${source.dropped} rows were dropped meanwhile`,
      );
  };
  const sink = await open(questdb, { source, onStateChange });
  return {
    write(rows) {
      if (rows.length === 0) return;
      for (const row of rows) source.record(row);
      sink.notify();
    },
    close: () => sink.close(),
  };
}

async function open(
  questdb: QuestDbOptions | QuestDbClient,
  options: Parameters<typeof openQuestDbSink>[1],
): Promise<HistorySink> {
  if ("conf" in questdb) return openQuestDbSink(questdb, options);
  return createHistorySink({ ...options, store: createQuestDbClientHistory(questdb) });
}
