import { SlipstreamError } from "@slipstream/conventions";
import { type Backoff, backoffMs } from "@slipstream/stats";
import { Redis, type RedisOptions } from "ioredis";

/** A connection that recovers by itself. */
export interface RedisConnection {
  readonly client: Redis;
  /** Ends the connection at once; never rejects. */
  close(): Promise<void>;
}

export interface RedisConnectionOptions {
  /** Told of each connection error: its message, which names the address and never a password. */
  readonly onError?: (message: string) => void;
  /** Milliseconds within which a command must be answered; 2,000. */
  readonly commandTimeoutMs?: number;
}

const RECONNECT: Backoff = { firstMs: 100, longestMs: 1_000 };

/**
 * Connects to Redis by its URL (`redis://`, or `rediss://` for TLS). The connection is
 * made in the background and made anew for ever; while there is none every command fails at once.
 * @throws SlipstreamError where the URL is none of Redis. Its message shows the URL without the password.
 */
export function connectRedis(url: string, options: RedisConnectionOptions = {}): RedisConnection {
  const { onError, commandTimeoutMs = 2000 } = options;
  assertRedisUrl(url);
  const redisOptions = {
    connectionName: "slipstream-aggregator",
    commandTimeout: commandTimeoutMs,
    connectTimeout: commandTimeoutMs,
    // A peer that is gone without a word is noticed by its silence, and the connection made anew.
    socketTimeout: 5 * commandTimeoutMs,
    // What could not be sent is old by the time Redis returns: the sink sends the newest values then.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    // What waits for an answer when the connection breaks fails at once.
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt: number) => backoffMs(attempt - 1, RECONNECT, Math.random()),
  } satisfies RedisOptions;
  const client = new Redis(url, redisOptions);
  client.on("error", (error: Error) => onError?.(error.message));
  return {
    client,
    async close() {
      client.disconnect();
    },
  };
}

/** A URL as it may be logged: the password, and a query that could hold one, replaced by `***`. */
export function redactUrl(url: string): string {
  return url.replace(/(\/\/[^:@]*:).*@/, "$1***@").replace(/([?&]password=)[^&#]*/gi, "$1***");
}

function assertRedisUrl(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed !== undefined && ["redis:", "rediss:"].includes(parsed.protocol) && parsed.hostname !== "")
    return;
  throw new SlipstreamError(
    "redis_url",
    `"${redactUrl(url)}" is no Redis URL. Give one like redis://127.0.0.1:6379 or rediss://user:password@host:6379/0.`,
    { field: "redis" },
  );
}
