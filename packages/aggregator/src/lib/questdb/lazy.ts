import type { HistoryReader } from "../history/query.ts";
import type { HistorySink, HistorySinkOptions } from "../sinks/history-sink.ts";
import type { QuestDbFinding, QuestDbOptions } from "./options.ts";

// QuestDB's client and the PostgreSQL one are loaded only where they are used.

/** @throws SlipstreamError `questdb_conf` where the configuration cannot be used */
export async function assertQuestDb({ conf, pgUrl }: QuestDbOptions): Promise<void> {
  const { questDbAddress } = await import("./address.ts");
  questDbAddress(conf, pgUrl);
}

/** @throws SlipstreamError `questdb_conf`, `questdb_unreachable`, `questdb_denied` */
export async function openQuestDbReader({ conf, pgUrl }: QuestDbOptions): Promise<HistoryReader> {
  const [{ questDbAddress }, { openQuestDbReader }] = await Promise.all([
    import("./address.ts"),
    import("./reader.ts"),
  ]);
  return openQuestDbReader(questDbAddress(conf, pgUrl));
}

/** A sink that fills QuestDB. @throws SlipstreamError `questdb_conf` */
export async function openQuestDbSink(
  { conf, pgUrl, ttlDays }: QuestDbOptions,
  options: Omit<HistorySinkOptions, "store">,
): Promise<HistorySink> {
  const [{ questDbAddress }, { createQuestDbHistory }, { createHistorySink }] = await Promise.all([
    import("./address.ts"),
    import("./questdb-history.ts"),
    import("../sinks/history-sink.ts"),
  ]);
  return createHistorySink({
    ...options,
    store: createQuestDbHistory({ address: questDbAddress(conf, pgUrl), ttlDays }),
  });
}

/**
 * Whether QuestDB answers on both of its ports, and how its tables are. Nothing is made or changed.
 *
 * @throws SlipstreamError `questdb_conf`, `questdb_unreachable`, `questdb_denied`, `questdb_table`
 */
export async function inspectQuestDb(options: QuestDbOptions, timeoutMs: number): Promise<QuestDbFinding> {
  const { inspect } = await import("./inspect.ts");
  return inspect(options, timeoutMs);
}
