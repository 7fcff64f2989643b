import { setTimeout as sleep } from "node:timers/promises";
import type { RedisConnection } from "@slipstream/aggregator/redis";
import {
  createDashboardSink,
  createMemoryDashboards,
  createRedisDashboards,
  type Lease,
  type ProcessWriter,
  type PublishingSink,
  processWriter,
  type RedisClient,
  RedisLease,
  type SinkStateChange,
} from "@slipstream/aggregator/sinks";
import type { Publication } from "@slipstream/engine";
import { leaseLog } from "./lease-log.ts";
import type { MonitorLogger } from "./logger.ts";

export interface Dashboards {
  publish(publications: readonly Publication[]): void;
  /** Who has the lease of Redis instead of us; undefined if nobody, or if it is not known. */
  readonly redisWriter: Lease | undefined;
  /** Never rejects. */
  close(): Promise<void>;
}

export interface DashboardsOptions {
  /** A URL, or a client, which the caller closes. */
  readonly redis: string | RedisClient;
  /** Comes before every key. */
  readonly prefix: string | undefined;
  readonly writer: ProcessWriter;
  readonly logger: MonitorLogger;
  /** The engine's watermark, Unix ms. */
  readonly watermark: () => number | undefined;
  /** Unix ms, as what comes in is stamped. Default: the machine's clock. */
  readonly now?: () => number;
}

/**
 * Writes the dashboards to Redis; what it missed while it was away is written from memory.
 *
 * @throws SlipstreamError if the URL cannot be used
 */
export async function redisDashboards(options: DashboardsOptions): Promise<Dashboards> {
  const { redis, prefix, writer, logger, watermark, now = Date.now } = options;
  const connection = typeof redis === "string" ? await connect(redis, prefix, logger) : undefined;
  const client = connection?.client ?? (redis as RedisClient);
  const memory = createMemoryDashboards({});
  const tried = connection?.tried ?? triedToConnect(client);
  const fault = connection?.fault;
  const onStateChange = ({ sink, up, reason, refused }: SinkStateChange): void => {
    // The lease is logged by itself.
    if (refused) return;
    if (up) logger.info(`Writing to ${sink} works`);
    else logger.warn(`Writing to ${sink} failed, retrying: ${reason}`);
  };
  const lease = new RedisLease({
    client,
    tried,
    fault,
    prefix,
    writer: processWriter(writer),
    onState: leaseLog("Redis", logger),
  });
  const sinks: PublishingSink[] = [
    createDashboardSink({ store: memory, watermark, now }),
    createDashboardSink({
      store: createRedisDashboards({ client, lease, prefix, tried, fault }),
      repairFrom: memory,
      watermark,
      now,
      onStateChange,
    }),
  ];
  return {
    get redisWriter() {
      return lease.other;
    },
    publish(publications) {
      for (const sink of sinks) sink.publish(publications);
    },
    async close() {
      for (const sink of sinks) await sink.close();
      await lease.close();
      await memory.close();
      await connection?.close();
    },
  };
}

/** Resolves when a client of the service has its first connection, has failed, or has taken a second. */
async function triedToConnect(client: RedisClient): Promise<void> {
  const deadline = performance.now() + 1_000;
  const isConnecting = () => client.status === "connecting" || client.status === "connect";
  while (isConnecting() && performance.now() < deadline) await sleep(10, undefined, { ref: false });
}

/** A service that has a client of its own, or no Redis, does not load another. */
async function connect(
  url: string,
  prefix: string | undefined,
  logger: MonitorLogger,
): Promise<RedisConnection> {
  const { assertRedisTarget, connectRedis } = await import("@slipstream/aggregator/redis");
  assertRedisTarget(url, prefix);
  return connectRedis(url, { onError: (message) => logger.warn(`Redis cannot be reached: ${message}`) });
}
