import { setTimeout as sleep } from "node:timers/promises";
import type { RedisConnection } from "@slipstream/aggregator/redis";
import {
  createDashboardSink,
  createMemoryDashboards,
  createRedisDashboards,
  type PublishingSink,
  type RedisClient,
} from "@slipstream/aggregator/sinks";
import type { Publication } from "@slipstream/engine";
import type { MonitorLogger } from "./logger.ts";

export interface Dashboards {
  publish(publications: readonly Publication[]): void;
  /** Never rejects. */
  close(): Promise<void>;
}

/**
 * Writes the dashboards to Redis; what it missed while it was away is written from memory.
 *
 * @param redis a URL, or a client, which the caller closes
 * @throws SlipstreamError if the URL cannot be used
 */
export async function redisDashboards(
  redis: string | RedisClient,
  logger: MonitorLogger,
  watermark: () => number | undefined,
): Promise<Dashboards> {
  const connection = typeof redis === "string" ? await connect(redis, logger) : undefined;
  const client = connection?.client ?? (redis as RedisClient);
  const memory = createMemoryDashboards({});
  const onStateChange = ({ sink, up, reason }: { sink: string; up: boolean; reason?: string }): void => {
    if (up) logger.info(`Writing to ${sink} works`);
    else logger.warn(`Writing to ${sink} failed, retrying: ${reason}`);
  };
  const sinks: PublishingSink[] = [
    createDashboardSink({ store: memory, watermark }),
    createDashboardSink({
      store: createRedisDashboards({ client, tried: connection?.tried ?? triedToConnect(client) }),
      repairFrom: memory,
      watermark,
      onStateChange,
    }),
  ];
  return {
    publish(publications) {
      for (const sink of sinks) sink.publish(publications);
    },
    async close() {
      for (const sink of sinks) await sink.close();
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
async function connect(url: string, logger: MonitorLogger): Promise<RedisConnection> {
  const { connectRedis } = await import("@slipstream/aggregator/redis");
  return connectRedis(url, { onError: (message) => logger.warn(`Redis cannot be reached: ${message}`) });
}
