/** What one reply of a transaction is: an error or a value. */
export type RedisReply = readonly [error: Error | null, value: unknown];

/** Commands of one transaction: queued, then sent together by `exec`. */
export interface RedisTransaction {
  set(key: string, value: string, unit: "EX", seconds: number): unknown;
  del(...keys: string[]): unknown;
  zremrangebyscore(key: string, min: number, max: number): unknown;
  zadd(key: string, score: number, member: string): unknown;
  zcard(key: string): unknown;
  expireat(key: string, unixSeconds: number): unknown;
  exec(): Promise<readonly RedisReply[] | null>;
}

/** The least that the Redis store needs of a client; an ioredis client has it. */
export interface RedisClient {
  /** The connection's state where the client tells it; commands are given to it only while it is "ready". */
  readonly status?: string;
  multi(): RedisTransaction;
  mget(...keys: string[]): Promise<readonly (string | null)[]>;
  zrangebyscore(key: string, min: number, max: number): Promise<readonly string[]>;
  zcard(key: string): Promise<number>;
}
