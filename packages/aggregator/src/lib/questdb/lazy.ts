import type { HistoryReader } from "../history/query.ts";
import type { HistorySink, HistorySinkOptions } from "../sinks/history-sink.ts";
import type { Lease, LeaseState, Writer } from "../writer/writer.ts";
import type { QuestDbFinding, QuestDbOptions } from "./options.ts";

export interface QuestDbSinkOptions extends Omit<HistorySinkOptions, "store"> {
  readonly writer: Writer;
  /** Called when the lease is taken, lost or refused. */
  readonly onLease?: ((state: LeaseState) => void) | undefined;
  /** Who has the lease of Redis instead of us; undefined if nobody, or if there is no Redis. */
  readonly redisWriter?: (() => Lease | undefined) | undefined;
}

// QuestDB's client and the PostgreSQL one are loaded only where they are used.

/** @throws SlipstreamError `questdb_conf` where the configuration cannot be used */
export async function assertQuestDb({ conf, pgUrl }: QuestDbOptions): Promise<void> {
  const { questDbAddress } = await import("./address.ts");
  questDbAddress(conf, pgUrl);
}

/** @throws SlipstreamError `questdb_conf`, `questdb_unreachable`, `questdb_denied` */
export async function openQuestDbReader({
  conf,
  pgUrl,
  tablePrefix,
}: QuestDbOptions): Promise<HistoryReader> {
  const [{ questDbAddress }, { openQuestDbReader }] = await Promise.all([
    import("./address.ts"),
    import("./reader.ts"),
  ]);
  return openQuestDbReader(questDbAddress(conf, pgUrl), tablePrefix);
}

/** A sink that fills QuestDB while it has the lease. @throws SlipstreamError `questdb_conf` */
export async function openQuestDbSink(
  { conf, pgUrl, tablePrefix = "", ttlDays }: QuestDbOptions,
  { writer, onLease, redisWriter, ...options }: QuestDbSinkOptions,
): Promise<HistorySink> {
  const [{ questDbAddress }, { createQuestDbHistory }, { QuestDbLease }, { createHistorySink }] =
    await Promise.all([
      import("./address.ts"),
      import("./questdb-history.ts"),
      import("./questdb-lease.ts"),
      import("../sinks/history-sink.ts"),
    ]);
  const lease = new QuestDbLease({ writer, tablePrefix, onState: onLease });
  const address = questDbAddress(conf, pgUrl);
  const store = createQuestDbHistory({ address, lease, redisWriter, tablePrefix, ttlDays });
  const sink = createHistorySink({ ...options, store });
  return {
    name: sink.name,
    notify: () => sink.notify(),
    status: () => ({ ...sink.status(), writer: lease.state }),
    close: () => sink.close(),
  };
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
