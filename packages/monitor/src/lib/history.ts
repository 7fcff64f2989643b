import {
  createHistorySink,
  createQuestDbClientHistory,
  type HistorySink,
  type Lease,
  MemoryHistory,
  openQuestDbSink,
  type ProcessWriter,
  processWriter,
  type QuestDbClient,
  QuestDbLease,
  type QuestDbOptions,
  type SinkStateChange,
} from "@slipstream/aggregator/sinks";
import { quantity } from "@slipstream/conventions";
import type { HistoryRow } from "@slipstream/engine";
import { leaseLog } from "./lease-log.ts";
import type { MonitorLogger } from "./logger.ts";

/** Writes the history to QuestDB. */
export interface History {
  write(rows: readonly HistoryRow[]): void;
  /** Writes what waits. Never rejects. */
  close(): Promise<void>;
}

export interface HistoryOptions {
  /** A configuration, or the service's own client. */
  readonly questdb: QuestDbOptions | QuestDbClient;
  /** How the tables are called and kept, for a client. */
  readonly tables: Pick<QuestDbOptions, "tablePrefix" | "ttlDays">;
  readonly writer: ProcessWriter;
  /** Who has the lease of Redis instead of us; undefined if nobody, or if it is not known here. */
  readonly redisWriter: () => Lease | undefined;
  readonly logger: MonitorLogger;
}

/**
 * Writes rows to QuestDB, out of the service's way. While it is away they wait in memory, 20,000 of them; beyond that the oldest
 * are dropped, and the log says how many.
 *
 * @throws SlipstreamError if the configuration string cannot be used
 */
export async function questDbHistory(options: HistoryOptions): Promise<History> {
  const { logger } = options;
  const source = new MemoryHistory();
  const onStateChange = ({ up, reason, refused }: SinkStateChange): void => {
    // The lease is logged by itself.
    if (refused) return;
    if (!up) logger.warn(`Writing the history to QuestDB failed, retrying: ${reason}`);
    else if (source.dropped === 0) logger.info("Writing the history to QuestDB works");
    else
      logger.warn(
        `Writing the history to QuestDB works again; dropped meanwhile: ${quantity(source.dropped, "row")}`,
      );
  };
  const sink = await open(options, { source, onStateChange });
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
  { questdb, tables: { tablePrefix = "", ttlDays }, redisWriter, logger, ...given }: HistoryOptions,
  options: Pick<Parameters<typeof openQuestDbSink>[1], "source" | "onStateChange">,
): Promise<HistorySink> {
  const writer = processWriter(given.writer);
  const onLease = leaseLog("QuestDB", logger);
  if ("conf" in questdb) return openQuestDbSink(questdb, { ...options, writer, onLease, redisWriter });
  const lease = new QuestDbLease({ writer, tablePrefix, onState: onLease });
  const store = createQuestDbClientHistory(questdb, { lease, redisWriter, tablePrefix, ttlDays });
  return createHistorySink({ ...options, store });
}
