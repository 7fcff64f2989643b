import type { Cluster, Redis } from "ioredis";
import { makeClient, wait } from "./make-client.ts";
import { plainRedisError } from "./plain-error.ts";
import { type RedisAddress, redisAddress } from "./redis-address.ts";
import { watchSentinels } from "./sentinel-watch.ts";

/** A connection that recovers by itself. */
export interface RedisConnection {
  readonly client: Redis | Cluster;
  /** Resolves when the first attempt to connect has succeeded or failed. */
  readonly tried: Promise<void>;
  /** Why there is no connection at the moment; undefined if there is one. */
  fault(): string | undefined;
  /** Ends the connection at once; never rejects. */
  close(): Promise<void>;
}

export interface RedisConnectionOptions {
  /** Called when connecting fails, once for each reason: the message, which names the address and never a password. */
  readonly onError?: (message: string) => void;
  /** Called each time that the connection is made. */
  readonly onConnected?: () => void;
  /** Milliseconds within which a command must be answered; 2,000. */
  readonly commandTimeoutMs?: number;
}

/** What the client says of a connection that failed; why is in another error. */
const CLOSED = "Connection is closed.";

/**
 * Answers after which a new connection may reach a server that takes writes: a name or a floating address leads to the new
 * primary after a failover, and a password is sent again.
 */
const RECONNECT_ON = /^(?:READONLY|LOADING|MASTERDOWN|NOREPLICAS|NOAUTH)\b/;

/**
 * Connects to Redis by its URL (`redisAddress` names the forms). The connection is made in the background, and again whenever it is
 * lost or its server is no longer one that takes writes. While there is none, every command fails at once.
 * @throws SlipstreamError `redis_url` if the URL is not one of Redis. Its message shows the URL without the password.
 */
export function connectRedis(url: string, options: RedisConnectionOptions = {}): RedisConnection {
  const { onError, onConnected, commandTimeoutMs = 2000 } = options;
  const address = redisAddress(url);
  /** Why the connection is lost, or could not be made. */
  let reason: string | undefined;
  let told: string | undefined;
  let closed = false;
  let again: NodeJS.Timeout | undefined;
  const client = makeClient(url, address, commandTimeoutMs, (error) => {
    const leads = RECONNECT_ON.test(error.message);
    if (leads) reason = plainRedisError(error).message;
    return leads;
  });

  const fail = (error: Error): void => {
    const message = plainConnectionError(error, address, sentinelReason);
    if (closed || message === undefined) return;
    reason = message;
    if (message !== told) onError?.(message);
    told = message;
  };
  // What is wrong with the Sentinels; the client's own error does not say it.
  let sentinelReason: string | undefined;
  let refused = false;
  client.on("sentinelError", ({ message }: Error) => {
    if (!message.endsWith(CLOSED)) sentinelReason = message;
  });
  client.on("error", (error: Error) => {
    // What else fails on this connection fails because it is being closed.
    if (refused) return;
    fail(error);
    // The client would go on without what it asked for: on database 0, which may be another program's.
    refused = address.kind !== "cluster" && (client.status === "connect" || refusesDatabase(error));
    if (refused) client.disconnect(true);
  });
  client.on("close", () => {
    refused = false;
    reason ??= "The connection to Redis was closed.";
  });
  client.on("ready", () => {
    reason = undefined;
    told = undefined;
    sentinelReason = undefined;
    onConnected?.();
  });
  // A failover in the middle of connecting makes the client give up.
  client.on("end", () => {
    if (closed) return;
    again = setTimeout(() => void client.connect().catch(() => undefined), wait(1));
  });
  const stopWatching =
    address.kind === "sentinel"
      ? watchSentinels({
          address,
          timeoutMs: commandTimeoutMs,
          onSwitch: () => {
            if (client.status === "ready") client.disconnect(true);
          },
          onError: ({ message }) => {
            if (message !== CLOSED) sentinelReason = message;
          },
        })
      : undefined;
  let hasTried = false;
  let slow: NodeJS.Timeout | undefined;
  const tried = new Promise<void>((resolve) => {
    const onTried = (): void => {
      hasTried = true;
      resolve();
    };
    for (const event of ["ready", "close", "error", "end"]) client.once(event, onTried);
    // A server that loads its data is neither ready nor gone.
    slow = setTimeout(onTried, 2 * commandTimeoutMs).unref();
  });
  return {
    client,
    tried,
    fault() {
      if (client.status === "ready" || !hasTried) return undefined;
      return reason ?? statusText(client.status);
    },
    async close() {
      closed = true;
      clearTimeout(again);
      clearTimeout(slow);
      stopWatching?.();
      client.disconnect();
    },
  };
}

/** @returns undefined: nothing that is not known already */
function plainConnectionError(
  error: Error & { readonly lastNodeError?: unknown },
  address: RedisAddress,
  sentinelReason: string | undefined,
): string | undefined {
  if (error.message === CLOSED) return undefined;
  if (error.lastNodeError instanceof Error) return plainRedisError(error.lastNodeError).message;
  if (address.kind === "sentinel" && error.message.startsWith("All sentinels are unreachable")) {
    if (sentinelReason === undefined) return undefined;
    return /invalid reply|No such master/.test(sentinelReason)
      ? `No Sentinel knows a master "${address.master}". (The URL ends in the name that the Sentinels monitor.)`
      : `No Sentinel can be asked: ${plainRedisError(sentinelReason).message}`;
  }
  return plainRedisError(error).message;
}

/** Whether an error is Redis's answer to SELECT, the command that chooses the database. */
function refusesDatabase(error: Error & { readonly command?: { readonly name?: string } }): boolean {
  return error.command?.name === "select";
}

/** @param status as the client names it; "connect": the connection is there, and Redis is not ready */
function statusText(status: string): string {
  return status === "connect"
    ? "Redis is not ready. (It loads its data, or is slow to answer.)"
    : `Redis is not connected (${status}).`;
}
