import { SlipstreamError } from "@slipstream/conventions";
import { type Backoff, backoffMs } from "@slipstream/stats";
import { Redis, type RedisOptions } from "ioredis";
import { redisUrlPattern } from "./options.ts";

/** A connection that recovers by itself. */
export interface RedisConnection {
  readonly client: Redis;
  /** Resolves when the first attempt to connect has succeeded or failed. */
  readonly tried: Promise<void>;
  /** Ends the connection at once; never rejects. */
  close(): Promise<void>;
}

export interface RedisConnectionOptions {
  /** Called with each connection error: its message, which names the address and never a password. */
  readonly onError?: (message: string) => void;
  /** Called each time that the connection is made. */
  readonly onConnected?: () => void;
  /** Milliseconds within which a command must be answered; 2,000. */
  readonly commandTimeoutMs?: number;
}

const RECONNECT: Backoff = { firstMs: 100, longestMs: 1_000 };

/**
 * Connects to Redis by its URL (`redis://`, or `rediss://` for TLS). The connection is made in the background, and again
 * whenever it is lost. While there is none, every command fails at once.
 * @throws SlipstreamError `redis_url` if the URL is not one of Redis. Its message shows the URL without the password.
 */
export function connectRedis(url: string, options: RedisConnectionOptions = {}): RedisConnection {
  const { onError, onConnected, commandTimeoutMs = 2000 } = options;
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
  let refused = false;
  client.on("error", (error: Error) => {
    // What else fails on this connection fails because it is being closed.
    if (refused) return;
    onError?.(error.message);
    // The client would go on with database 0, which may be another program's.
    refused = refusesDatabase(error);
    if (refused) client.disconnect(true);
  });
  client.on("close", () => {
    refused = false;
  });
  client.on("ready", () => onConnected?.());
  const tried = new Promise<void>((resolve) => {
    client.once("ready", () => resolve()).once("close", () => resolve());
  });
  return {
    client,
    tried,
    async close() {
      client.disconnect();
    },
  };
}

/** A URL as it may be logged: the password, and a query that could hold one, replaced by `***`. */
export function redactUrl(url: string): string {
  return url.replace(/(\/\/[^:@]*:).*@/, "$1***@").replace(/([?&]password=)[^&#]*/gi, "$1***");
}

/** Whether an error is Redis's answer to SELECT, the command that chooses the database. */
function refusesDatabase(error: Error & { readonly command?: { readonly name?: string } }): boolean {
  return error.command?.name === "select";
}

function assertRedisUrl(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isRedis =
    parsed !== undefined && ["redis:", "rediss:"].includes(parsed.protocol) && parsed.hostname !== "";
  if (isRedis && redisUrlPattern.test(url)) return;
  throw new SlipstreamError(
    "redis_url",
    `"${redactUrl(url)}" is not a Redis URL. Write one like redis://127.0.0.1:6379 or rediss://user:password@host:6379/0.`,
    { field: "redis" },
  );
}
