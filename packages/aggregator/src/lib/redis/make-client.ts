import { type Backoff, backoffMs } from "@slipstream/stats";
import { Cluster, Redis, type RedisOptions } from "ioredis";
import type { RedisAddress } from "./redis-address.ts";

const RECONNECT: Backoff = { firstMs: 100, longestMs: 1_000 };
/** A Cluster is asked this often where its slots are, ms. */
const SLOTS_REFRESH_MS = 5_000;

/** How long to wait before a connection is tried again, ms. @param attempt from 1 */
export function wait(attempt: number): number {
  return backoffMs(attempt - 1, RECONNECT, Math.random());
}

/**
 * A client that connects in the background, to whichever kind of Redis there is at the address. While it is not connected, every
 * command fails at once.
 *
 * @param timeoutMs for connecting, and for the answer to a command
 * @param reconnectOnError whether the error that Redis answered is a reason to connect again
 */
export function makeClient(
  url: string,
  address: RedisAddress,
  timeoutMs: number,
  reconnectOnError: (error: Error) => boolean,
): Redis | Cluster {
  const shared = {
    connectionName: "slipstream-aggregator",
    commandTimeout: timeoutMs,
    connectTimeout: timeoutMs,
    // A peer that is gone without a word is noticed by its silence, and the connection is made again.
    socketTimeout: 5 * timeoutMs,
    // What could not be sent is old by the time Redis returns: the sink sends the newest values then.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    // What waits for an answer when the connection breaks fails at once.
    maxRetriesPerRequest: 0,
    retryStrategy: wait,
    reconnectOnError,
  } satisfies RedisOptions;
  if (address.kind === "server") return new Redis(url, shared);
  if (address.kind === "cluster") {
    const { kind: _, hosts, tls, ...login } = address;
    return new Cluster([...hosts], {
      enableOfflineQueue: false,
      clusterRetryStrategy: wait,
      slotsRefreshInterval: SLOTS_REFRESH_MS,
      slotsRefreshTimeout: timeoutMs,
      // A certificate is made for a name, and the name would be replaced by its address.
      ...(tls ? { dnsLookup: (name, done) => done(null, name) } : {}),
      redisOptions: { ...shared, ...login, ...(tls ? { tls: {} } : {}) },
    });
  }
  const { kind: _, hosts, tls, master, database, ...logins } = address;
  return new Redis({
    ...shared,
    ...logins,
    ...(tls ? { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true } : {}),
    sentinels: [...hosts],
    name: master,
    db: database,
    sentinelCommandTimeout: timeoutMs,
    sentinelRetryStrategy: wait,
  });
}
