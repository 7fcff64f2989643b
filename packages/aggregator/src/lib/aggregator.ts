import { healthRoutes } from "./api/health.ts";
import { statisticsRoutes } from "./api/statistics.ts";
import { Engine } from "./engine/engine.ts";
import type { CurrentStatistics, EngineRecord } from "./engine/model.ts";
import type { EngineOptions } from "./engine/options.ts";
import { createIntake } from "./intake/intake.ts";
import { createJournal } from "./intake/journal.ts";
import { type Logger, silentLogger } from "./logger.ts";
import { ownMetrics } from "./own-metrics.ts";
import { recover } from "./recovery.ts";
import { useRedis } from "./redis.ts";
import { startServer } from "./server/server.ts";
import { createTokenCheck } from "./server/token.ts";
import { createDashboardSink, type SinkStateChange } from "./sinks/dashboard-sink.ts";
import type { DashboardStore } from "./sinks/dashboard-store.ts";
import type { RedisClient } from "./sinks/redis-client.ts";
import { createRedisStore } from "./sinks/redis-store.ts";
import type { Sink, SinkStatus } from "./sinks/sink.ts";
import { openStores } from "./stores.ts";
import { startTicker } from "./ticker.ts";

export interface AggregatorOptions {
  /** Directory of the log and the embedded stores, or ":memory:". */
  readonly dataDir: string;
  /** Default 127.0.0.1. Off loopback there must be a token. */
  readonly host?: string | undefined;
  /** Default 9480; 0: any free one. */
  readonly port?: number | undefined;
  /** Bearer token that senders and readers must carry. */
  readonly token?: string | undefined;
  /** Redis to write the dashboards to, beside the embedded store: a URL, or a client that stays its owner's. */
  readonly redis?: string | RedisClient | undefined;
  readonly engine?: Partial<EngineOptions> | undefined;
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
  readonly dashboard: DashboardStore;
  sinks(): Readonly<Record<string, SinkStatus>>;
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
  const onError = (error: unknown): void => logger.error({ err: error }, "An error that no client caused");

  try {
    const engine = new Engine(options.engine);
    const { log, store } = await openStores(options.dataDir, now);
    closers.push(() => log.close());
    closers.push(() => store.close());

    const started = now();
    const applied = await recover({
      log,
      engine,
      store,
      onProgress: ({ done, total }) => logger.info({ done, total }, "Reading the log"),
    });
    if (applied > 0) logger.info({ records: applied, ms: now() - started }, "The log was read");

    const sinks = dashboardSinks({ options, store, engine, logger, now, closers });
    let publishedMs: number | undefined;
    const apply = (record: EngineRecord): void => {
      const publications = engine.apply(record);
      if (publications.length === 0) return;
      publishedMs = Math.max(publishedMs ?? 0, ...publications.map(({ timeMs }) => timeMs));
      for (const sink of sinks) sink.publish(publications);
    };
    const journal = createJournal({ log, onCommitted: apply, onError });
    const intake = createIntake({ journal, token, maxBodyBytes: options.maxBodyBytes, now, onError });
    const metrics = [engine, ownMetrics({ log, sinks, publishedMs: () => publishedMs })];

    const server = await startServer({
      host,
      port,
      token,
      onError,
      routes: [
        ...intake.routes,
        ...statisticsRoutes({
          current: () => engine.current(),
          metrics,
          checkToken: createTokenCheck(token),
        }),
        ...healthRoutes({ log, sinks, requests: intake.counts }),
      ],
    });
    closers.push(() => server.close());

    const ticker = startTicker(journal.commitTick, now);
    closers.push(() => ticker.stop());

    return {
      url: server.url,
      host: server.host,
      port: server.port,
      current: () => engine.current(),
      dashboard: store,
      sinks: () => Object.fromEntries(sinks.map((sink) => [sink.name, sink.status()])),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The embedded store always, for it is what Redis is repaired from; Redis where there is one. */
function dashboardSinks(parts: {
  readonly options: AggregatorOptions;
  readonly store: DashboardStore;
  readonly engine: Engine;
  readonly logger: Logger;
  readonly now: () => number;
  readonly closers: (() => Promise<void> | void)[];
}): readonly Sink[] {
  const { options, store, engine, logger, now, closers } = parts;
  const watermark = (): number | undefined => engine.watermarkMs;
  const onStateChange = ({ sink, up, reason }: SinkStateChange): void => {
    if (up) logger.info({ sink }, "The sink takes writes");
    else logger.warn({ sink, reason }, "The sink takes no writes; trying on");
  };

  const embedded = createDashboardSink({ store, now, watermark, onStateChange });
  closers.push(() => embedded.close());
  if (options.redis === undefined) return [embedded];

  const { client, close } = useRedis(options.redis, logger);
  closers.push(close);
  const redis = createDashboardSink({
    store: createRedisStore({ client, now }),
    repairFrom: store,
    now,
    watermark,
    onStateChange,
  });
  closers.push(() => redis.close());
  return [embedded, redis];
}
