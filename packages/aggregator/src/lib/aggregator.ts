import { SlipstreamError } from "@slipstream/conventions";
import type { CurrentStatistics, Engine, EngineOptions, EngineRecord } from "@slipstream/engine";
import { announcements } from "./announce.ts";
import { routes } from "./api/routes.ts";
import { Checkpointer, DEFAULT_RETENTION } from "./checkpointer.ts";
import type { Dashboards } from "./dashboards/dashboards.ts";
import { openDataFolder } from "./data-folder.ts";
import type { HistoryRetention } from "./history/retention.ts";
import { RowBuffer } from "./history/row-buffer.ts";
import { createIntake } from "./intake/intake.ts";
import type { Retention } from "./log/retention.ts";
import { type Logger, silentLogger } from "./logger.ts";
import { feeReturnMetrics } from "./mev-report/fee-return-metrics.ts";
import { MevReports } from "./mev-report/mev-reports.ts";
import { ownMetrics } from "./own-metrics.ts";
import { createJournal } from "./pipeline/journal.ts";
import { assertQuestDb } from "./questdb/lazy.ts";
import type { QuestDbOptions } from "./questdb/options.ts";
import { catchUp, commitChangedOptions, resumeEngine } from "./recovery.ts";
import type { RedisClient } from "./redis/redis-client.ts";
import { createRedisSink } from "./redis/redis-sink.ts";
import { startServer } from "./server/server.ts";
import type { Sink, SinkStatus } from "./sinks/sink.ts";
import { startTicker } from "./ticker.ts";
import { blockSource, type WatchOptions } from "./watcher/watch.ts";
import { Watcher } from "./watcher/watcher.ts";

export interface AggregatorOptions extends WatchOptions {
  /** Directory of the log and the embedded stores, or ":memory:". */
  readonly dataDir: string;
  /** Default 127.0.0.1. Off loopback there must be a token. */
  readonly host?: string | undefined;
  /** Default 9480; 0: any free one. */
  readonly port?: number | undefined;
  /** Bearer token that senders and readers must carry. */
  readonly token?: string | undefined;
  /**
   * Host names, beside loopback's, that requests may be for, without a port: what a proxy in front is called. On
   * loopback any other is refused; elsewhere only if there are names here.
   */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Redis to write the dashboards to, beside the embedded store: a URL, or a client that stays its owner's. */
  readonly redis?: string | RedisClient | undefined;
  /** QuestDB to fill with the history, beside the embedded store. */
  readonly questdb?: QuestDbOptions | undefined;
  readonly engine?: Partial<EngineOptions> | undefined;
  /** How much of the log is kept. Default 7 days, 16 GiB at most. */
  readonly logRetention?: Partial<Retention> | undefined;
  /** A new segment of the log begins when one has reached this size. Default 128 MiB. */
  readonly segmentBytes?: number | undefined;
  /** How long history is kept. */
  readonly historyRetention?: HistoryRetention | undefined;
  /** Keep what can be read of a damaged log, and go on without the rest. */
  readonly salvage?: boolean | undefined;
  /** Spans, points and records after which a checkpoint is due. Default 300,000. */
  readonly checkpointItems?: number | undefined;
  /** Largest OTLP body, decompressed. Default 4 MiB. */
  readonly maxBodyBytes?: number | undefined;
  readonly logger?: Logger | undefined;
  /** Unix ms; the clock that stamps what comes in. */
  readonly now?: (() => number) | undefined;
}

export interface Aggregator {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Every current statistic, as `/api/current` answers it. */
  current(): CurrentStatistics;
  /** The embedded dashboard store: the nine keys and their series. */
  readonly dashboard: Dashboards;
  sinks(): Readonly<Record<string, SinkStatus>>;
  /**
   * Begins to look for the blocks around the trades, where the options named none. Returns how to stop that.
   * @throws SlipstreamError where it does already
   */
  watch(options: WatchOptions): () => Promise<void>;
  /** Answers what is in flight, writes what waits, and closes the log. */
  close(): Promise<void>;
}

export const DEFAULT_PORT = 9480;

/**
 * The aggregator: intake -> log -> engine -> sinks, and the pages that read the engine. What the log holds from an
 * earlier run is applied before the first request is taken.
 *
 * @throws SlipstreamError where the data directory is in use or cannot be read, the port is taken, or a value is wrong.
 */
export async function createAggregator(options: AggregatorOptions): Promise<Aggregator> {
  const { logger = silentLogger, now = Date.now, host = "127.0.0.1", port = DEFAULT_PORT, token } = options;
  const closers: (() => Promise<void> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  const announce = announcements(logger);
  const onError = (error: unknown): void => logger.error({ err: error }, "An error that no client caused");

  // Not there before the stores are.
  let watched: Engine | undefined;
  try {
    if (options.questdb !== undefined) await assertQuestDb(options.questdb);
    const {
      log,
      store,
      close: closeStores,
    } = await openDataFolder({
      dataDir: options.dataDir,
      salvage: options.salvage,
      segmentBytes: options.segmentBytes,
      retention: options.historyRetention,
      now,
      watermark: () => watched?.watermarkMs,
      questdb: options.questdb,
      onSalvaged: (salvaged) => logger.warn({ ...salvaged }, "A damaged part of the log was salvaged"),
      onFault: announce.store,
      onRemoteState: announce.sink,
    });
    closers.push(closeStores);
    const rows = new RowBuffer();
    const duties = { trackSeen: true, history: rows };
    const resumed = await resumeEngine({ log, store, options: options.engine ?? {}, duties, logger });
    const engine = resumed.engine;
    watched = engine;

    const redis =
      options.redis === undefined
        ? undefined
        : createRedisSink(options.redis, {
            repairFrom: store.dashboard,
            now,
            watermark: () => engine.watermarkMs,
            onStateChange: announce.sink,
            logger,
          });
    if (redis !== undefined) closers.push(() => redis.close());
    const sinks: Sink[] = [store, store.questdb, redis].filter((sink) => sink !== undefined);
    const checkpointer = new Checkpointer(
      {
        engine,
        store,
        log,
        retention: { ...DEFAULT_RETENTION, ...options.logRetention },
        logger,
        now,
        everyItems: options.checkpointItems,
      },
      resumed.position,
    );
    closers.push(() => checkpointer.close());
    let publishedMs: number | undefined;
    const apply = (record: EngineRecord, position: number): void => {
      const instants = engine.apply(record);
      for (const { timeMs } of instants) publishedMs = Math.max(publishedMs ?? 0, timeMs);
      store.publish(instants, rows.take());
      if (instants.length > 0) redis?.publish(instants);
      checkpointer.applied(record, position);
    };
    await catchUp({ log, after: resumed.position, apply, settled: () => store.settled(), logger });
    const journal = createJournal({ log, onCommitted: apply, onError });
    await commitChangedOptions({ journal, log, engine, options: options.engine ?? {}, now });
    const heldBack = (): string | undefined => store.heldBack;
    const intake = createIntake({ journal, maxBodyBytes: options.maxBodyBytes, heldBack, now });
    const watch = (from: WatchOptions): (() => Promise<void>) => {
      const found = blockSource(from);
      if (found === undefined) return async () => {};
      if (sinks.some(({ name }) => name === "watcher"))
        throw new SlipstreamError("invalid_option", "The chain is watched already", { field: "rpcUrl" });
      const watcher = new Watcher({
        ...found,
        verdicts: engine.verdicts,
        commit: journal.commit,
        onState: announce.blocks,
        now,
      });
      sinks.push(watcher);
      closers.push(() => watcher.close());
      return () => watcher.close();
    };
    const reports = new MevReports(options.dataDir, { rows: (query) => store.history(query) });
    closers.push(() => reports.close());
    const feeReturn = feeReturnMetrics({
      reports,
      watched: () => engine.verdicts.watched,
      windowSeconds: () => engine.options.mevWindowSeconds,
      now,
    });
    const metrics = [engine, feeReturn, ownMetrics({ log, sinks, publishedMs: () => publishedMs })];

    const server = await startServer({
      host,
      port,
      token,
      allowedHosts: options.allowedHosts,
      onError,
      routes,
      context: {
        intake,
        log,
        sinks,
        heldBack,
        current: () => engine.current(),
        metrics,
        dashboard: store.dashboard,
        history: (query) => store.history(query),
        reports,
        now,
      },
    });
    closers.push(() => server.close());

    const ticker = startTicker(journal, now);
    closers.push(() => ticker.stop());

    watch(options);

    return {
      url: server.url,
      host: server.host,
      port: server.port,
      current: () => engine.current(),
      dashboard: store.dashboard,
      sinks: () => Object.fromEntries(sinks.map((sink) => [sink.name, sink.status()])),
      watch,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
