import {
  connectRedis,
  createDashboardSink,
  createMemoryDashboards,
  createRedisDashboards,
  type PublishingSink,
  type RedisClient,
} from "@slipstream/aggregator";
import type { Publication } from "@slipstream/engine";
import type { MonitorLogger } from "./logger.ts";

export interface Dashboards {
  publish(publications: readonly Publication[]): void;
  /** Never rejects. */
  close(): Promise<void>;
}

/** Writes the dashboards to Redis; what it missed while it was away is brought back from memory. */
export function redisDashboards(
  redis: string | RedisClient,
  logger: MonitorLogger,
  watermark: () => number | undefined,
): Dashboards {
  const connection =
    typeof redis === "string"
      ? connectRedis(redis, { onError: (message) => logger.warn(`Redis cannot be reached: ${message}`) })
      : undefined;
  const client = connection?.client ?? (redis as RedisClient);
  const memory = createMemoryDashboards({});
  const onStateChange = ({ sink, up, reason }: { sink: string; up: boolean; reason?: string }): void => {
    if (up) logger.info(`Writing to ${sink} works`);
    else logger.warn(`Writing to ${sink} failed, retrying: ${reason}`);
  };
  const sinks: PublishingSink[] = [
    createDashboardSink({ store: memory, watermark }),
    createDashboardSink({
      store: createRedisDashboards({ client }),
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
