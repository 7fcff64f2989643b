import { type Canary, OWN_DESK } from "@slipstream/engine";
import { byDesk } from "../dashboards/dashboard-point.ts";
import type { Dashboards } from "../dashboards/dashboards.ts";
import type { Logger } from "../logger.ts";
import { createDashboardSink, type DashboardSinkOptions } from "../sinks/dashboard-sink.ts";
import type { PublishingSink, SinkStatus } from "../sinks/sink.ts";
import type { LeaseState, Writer } from "../writer/writer.ts";
import { assertRedisTarget } from "./redis-address.ts";
import { RedisCanary } from "./redis-canary.ts";
import type { RedisClient } from "./redis-client.ts";
import { connectRedis } from "./redis-connection.ts";
import { createRedisDashboards } from "./redis-dashboards.ts";
import { RedisLease } from "./redis-lease.ts";

export interface RedisSinkOptions extends Pick<DashboardSinkOptions, "onStateChange"> {
  /** Dashboards that hold every instant of a desk. */
  readonly repairFrom: (desk: string) => Dashboards;
  /** The watermark of a desk, Unix ms; undefined before the first event. */
  readonly watermark?: ((desk: string) => number | undefined) | undefined;
  /** Desks that there are already. */
  readonly desks?: readonly string[];
  readonly writer: Writer;
  /** Comes before every key. */
  readonly prefix?: string | undefined;
  /** Called when the lease of a desk's keys is taken, lost or refused. */
  readonly onLease?: ((state: LeaseState, desk: string) => void) | undefined;
  /** Unix ms. */
  readonly now: () => number;
  readonly logger: Logger;
}

/** The dashboards in Redis, and beside them the newest canary. */
export interface RedisSink extends PublishingSink {
  /** Writes the newest of them of each desk. It never blocks and never throws. */
  putCanaries(canaries: readonly Canary[]): void;
}

/** What comes before the keys of a desk: of the own one nothing but the prefix, of others their name and a colon too. */
export function prefixOfDesk(prefix: string, desk: string): string {
  // Escaped, so that a name with a colon or braces makes no other key, and no hash tag of a Cluster.
  return desk === OWN_DESK ? prefix : `${prefix}${encodeURIComponent(desk)}:`;
}

/**
 * The dashboards of all desks in Redis, each desk's with keys, a queue, repairs and a lease of its own: another aggregator may have
 * the same prefix. A client that is handed in stays its owner's to close.
 */
export function createRedisSink(redis: string | RedisClient, options: RedisSinkOptions): RedisSink {
  const connection = useRedis(redis, options.prefix, options.logger);
  const sinks: Map<string, RedisSink> = new Map();
  const sinkOf = (desk: string): RedisSink => {
    const sink = sinks.get(desk) ?? createDeskSink(connection, desk, options);
    sinks.set(desk, sink);
    return sink;
  };
  const own = sinkOf(OWN_DESK);
  for (const desk of options.desks ?? []) sinkOf(desk);
  return {
    name: own.name,
    publish: (publications) => {
      for (const [desk, points] of byDesk(publications)) sinkOf(desk).publish(points);
    },
    putCanaries: (canaries) => {
      for (const canary of canaries) sinkOf(canary.desk ?? OWN_DESK).putCanaries([canary]);
    },
    status: () => joinedStatus(own.status(), [...sinks].slice(1)),
    async close() {
      await Promise.all(Array.from(sinks.values(), (sink) => sink.close()));
      await connection.close();
    },
  };
}

function createDeskSink(
  { client, tried, fault }: Connection,
  desk: string,
  options: RedisSinkOptions,
): RedisSink {
  const { writer, onLease, onStateChange, now } = options;
  const prefix = prefixOfDesk(options.prefix ?? "", desk);
  const lease = new RedisLease({
    client,
    tried,
    fault,
    writer,
    prefix,
    onState: (state) => onLease?.(state, desk),
  });
  const sink = createDashboardSink({
    store: createRedisDashboards({ client, lease, tried, fault, prefix, now }),
    repairFrom: options.repairFrom(desk),
    watermark: () => options.watermark?.(desk),
    now,
    // They have one connection, so one of them says how it is.
    ...(desk === OWN_DESK && onStateChange !== undefined && { onStateChange }),
  });
  const canary = new RedisCanary({ lease, prefix, now });
  return {
    name: sink.name,
    putCanaries: (canaries) => {
      for (const one of canaries) canary.put(one);
    },
    publish: (instants) => sink.publish(instants),
    status: () => {
      const status = { ...sink.status(), writer: lease.state };
      // Between two writes only the connection knows that Redis is away, and the lease that another writes.
      const lastError = fault() ?? lease.refusal?.message;
      return lastError === undefined ? status : { ...status, up: false, lastError };
    },
    async close() {
      await Promise.all([sink.close(), canary.close()]);
      await lease.close();
    },
  };
}

/** The own desk's status, with what waits of all, and with what is wrong at another if nothing is at the own. */
function joinedStatus(own: SinkStatus, others: readonly (readonly [string, PublishingSink])[]): SinkStatus {
  let { up, queueItems, dropped, lastError } = own;
  for (const [desk, sink] of others) {
    const status = sink.status();
    if (status.up === false) up = false;
    queueItems += status.queueItems;
    dropped += status.dropped;
    if (status.lastError !== undefined) lastError ??= `desk ${desk}: ${status.lastError}`;
  }
  return { ...own, up, queueItems, dropped, ...(lastError !== undefined && { lastError }) };
}

interface Connection {
  readonly client: RedisClient;
  readonly tried: Promise<void>;
  /** Why there is no connection; undefined if there is one, or if it is not known. */
  fault(): string | undefined;
  close(): Promise<void>;
}

function useRedis(redis: string | RedisClient, prefix: string | undefined, logger: Logger): Connection {
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
