/** The least that is needed of a Redis client; an ioredis client has it. */
export interface RedisClient {
  /** The connection's state, if the client knows it; commands are given to it only while it is "ready". */
  readonly status?: string;
  eval(script: string, keyCount: number, ...keysAndArguments: (string | number)[]): Promise<unknown>;
  mget(...keys: string[]): Promise<readonly (string | null)[]>;
  zrangebyscore(key: string, min: number, max: number): Promise<readonly string[]>;
  zcard(key: string): Promise<number>;
}

/** How a client stands to its server. */
export interface RedisReadiness {
  readonly client: Pick<RedisClient, "status">;
  /** Resolves when the client has tried to connect; until then, everything waits. */
  readonly tried?: Promise<void> | undefined;
  /** Why the client is not connected, if that is known. */
  readonly fault?: (() => string | undefined) | undefined;
}

/**
 * A client that holds commands back while it is not connected would send old values later as if they were new.
 *
 * @throws Error that says why there is no connection
 */
export async function assertReady({ client, tried, fault }: RedisReadiness): Promise<void> {
  await tried;
  if (client.status === undefined || client.status === "ready") return;
  throw new Error(fault?.() ?? `Redis is not connected (${client.status}).`);
}

/** A command that writes: its name, its key, and what follows. */
export type RedisCommand = readonly [name: string, key: string, ...args: (string | number)[]];
