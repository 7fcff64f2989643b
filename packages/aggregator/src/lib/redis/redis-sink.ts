import type { Logger } from "../logger.ts";
import { createDashboardSink, type DashboardSinkOptions } from "../sinks/dashboard-sink.ts";
import type { PublishingSink } from "../sinks/sink.ts";
import type { LeaseState, Writer } from "../writer/writer.ts";
import { assertRedisTarget } from "./redis-address.ts";
import type { RedisClient } from "./redis-client.ts";
import { connectRedis } from "./redis-connection.ts";
import { createRedisDashboards } from "./redis-dashboards.ts";
import { RedisLease } from "./redis-lease.ts";

export interface RedisSinkOptions
  extends Pick<DashboardSinkOptions, "repairFrom" | "watermark" | "onStateChange"> {
  readonly writer: Writer;
  /** Comes before every key. */
  readonly prefix?: string | undefined;
  /** Called when the lease is taken, lost or refused. */
  readonly onLease?: ((state: LeaseState) => void) | undefined;
  /** Unix ms. */
  readonly now: () => number;
  readonly logger: Logger;
}

/** The dashboards in Redis. A client that is handed in stays its owner's to close. */
export function createRedisSink(redis: string | RedisClient, options: RedisSinkOptions): PublishingSink {
  const { logger, writer, prefix, onLease, ...sinkOptions } = options;
  const { client, tried, fault, close } = useRedis(redis, prefix, logger);
  const lease = new RedisLease({ client, tried, fault, writer, prefix, onState: onLease });
  const sink = createDashboardSink({
    ...sinkOptions,
    store: createRedisDashboards({ client, lease, tried, fault, prefix, now: options.now }),
  });
  return {
    name: sink.name,
    publish: (instants) => sink.publish(instants),
    status: () => {
      const status = { ...sink.status(), writer: lease.state };
      // Between two writes only the connection knows that Redis is away, and the lease that another writes.
      const lastError = fault() ?? lease.refusal?.message;
      return lastError === undefined ? status : { ...status, up: false, lastError };
    },
    async close() {
      await sink.close();
      await lease.close();
      await close();
    },
  };
}

function useRedis(
  redis: string | RedisClient,
  prefix: string | undefined,
  logger: Logger,
): {
  readonly client: RedisClient;
  readonly tried: Promise<void>;
  /** Why there is no connection; undefined if there is one, or if it is not known. */
  fault(): string | undefined;
  close(): Promise<void>;
} {
  if (typeof redis !== "string")
    return { client: redis, tried: Promise.resolve(), fault: () => undefined, close: async () => {} };
  assertRedisTarget(redis, prefix);
  let away = false;
  return connectRedis(redis, {
    onError: (message) => {
      logger.warn({ error: message }, "Cannot connect to Redis; retrying");
      away = true;
    },
    onConnected: () => {
      if (away) logger.info({}, "Connected to Redis again");
      away = false;
    },
  });
}
