import { type Config, givenTo, valuesOf } from "@slipstream/config";
import { SlipstreamError } from "@slipstream/conventions";
import type { CurrentStatistics, Engine, EngineRecord } from "@slipstream/engine";
import {
  type aggregatorComponents,
  engineOptions,
  intakeOptions,
  logOptions,
  serverOptions,
  stateOptions,
  tokenOptions,
} from "../options.ts";
import { announcements } from "./announce.ts";
import { routes } from "./api/routes.ts";
import { Checkpointer } from "./checkpointer.ts";
import type { Dashboards } from "./dashboards/dashboards.ts";
import { openDataFolder } from "./data-folder.ts";
import { historyRetention } from "./history/retention.ts";
import { RowBuffer } from "./history/row-buffer.ts";
import { createIntake } from "./intake/intake.ts";
import { logRetention } from "./log/retention.ts";
import { type Logger, silentLogger } from "./logger.ts";
import { feeReturnMetrics } from "./mev-report/fee-return-metrics.ts";
import { MevReports } from "./mev-report/mev-reports.ts";
import { ownMetrics } from "./own-metrics.ts";
import { createJournal } from "./pipeline/journal.ts";
import { assertQuestDb } from "./questdb/lazy.ts";
import { questDbTarget } from "./questdb/options.ts";
import { catchUp, commitChangedOptions, resumeEngine } from "./recovery.ts";
import type { RedisClient } from "./redis/redis-client.ts";
import { createRedisSink } from "./redis/redis-sink.ts";
import { startServer } from "./server/server.ts";
import type { Sink, SinkStatus } from "./sinks/sink.ts";
import { startTicker } from "./ticker.ts";
import { blockSource, type WatchOptions } from "./watcher/watch.ts";
import { Watcher } from "./watcher/watcher.ts";

/**
 * The keys of the configuration (`docs/configuration.md`), and what a program has already. Values are trusted: check what comes from
 * outside with `checkConfig`.
 */
export interface AggregatorOptions
  extends Omit<Config<(typeof aggregatorComponents)[number]>, "dataDir" | "redis"> {
  /** Folder of the log and the embedded stores, or `IN_MEMORY`. */
  readonly dataDir: string;
  /** Redis for the dashboards: a URL, or a client, which stays its owner's. */
  readonly redis?: string | RedisClient | undefined;
  /** Keep what can be read of a damaged log, and go on without the rest. Default false. */
  readonly salvage?: boolean | undefined;
  /** Default: nothing is logged. */
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

/**
 * The aggregator: intake -> log -> engine -> sinks, and the pages that read the engine. What the log holds from an
 * earlier run is applied before the first request is taken.
 *
 * @throws SlipstreamError where the data directory is in use or cannot be read, the port is taken, or a value is wrong.
 */
export async function createAggregator(options: AggregatorOptions): Promise<Aggregator> {
  const { logger = silentLogger, now = Date.now } = options;
  const engineConfig = givenTo(engineOptions, options);
  const questdb = questDbTarget(options);
  const closers: (() => Promise<void> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  const announce = announcements(logger);
  const onError = (error: unknown): void => logger.error({ err: error }, "An error that no client caused");

  // Not there before the stores are.
  let watched: Engine | undefined;
  try {
    if (questdb !== undefined) await assertQuestDb(questdb);
    const {
      log,
      store,
      close: closeStores,
    } = await openDataFolder({
      dataDir: options.dataDir,
      salvage: options.salvage,
      segmentBytes: valuesOf(logOptions, options).logSegmentBytes,
      retention: historyRetention(options),
      now,
      watermark: () => watched?.watermarkMs,
      questdb,
      onSalvaged: (salvaged) => logger.warn({ ...salvaged }, "A damaged part of the log was salvaged"),
      onFault: announce.store,
      onRemoteState: announce.sink,
    });
    closers.push(closeStores);
    const rows = new RowBuffer();
    const duties = { trackSeen: true, history: rows };
    const resumed = await resumeEngine({ log, store, options: engineConfig, duties, logger });
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
        retention: logRetention(options),
        logger,
        now,
        everyItems: valuesOf(stateOptions, options).checkpointItems,
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
    await commitChangedOptions({ journal, log, engine, options: engineConfig, now });
    const heldBack = (): string | undefined => store.heldBack;
    const intake = createIntake({ journal, ...valuesOf(intakeOptions, options), heldBack, now });
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
      ...valuesOf(serverOptions, options),
      ...valuesOf(tokenOptions, options),
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
