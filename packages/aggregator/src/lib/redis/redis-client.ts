/** The least that is needed of a Redis client; an ioredis client has it. */
export interface RedisClient {
  /** The connection's state, if the client knows it; commands are given to it only while it is "ready". */
  readonly status?: string;
  eval(script: string, keyCount: number, ...keysAndArguments: (string | number)[]): Promise<unknown>;
  mget(...keys: string[]): Promise<readonly (string | null)[]>;
  zrangebyscore(key: string, min: number, max: number): Promise<readonly string[]>;
  zcard(key: string): Promise<number>;
}

/** A command that writes: its name, its key, and what follows. */
export type RedisCommand = readonly [name: string, key: string, ...args: (string | number)[]];
