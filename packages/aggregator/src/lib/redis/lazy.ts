import type { RedisClient } from "./redis-client.ts";
import type { RedisSink, RedisSinkOptions } from "./redis-sink.ts";

/**
 * The dashboards of all desks in Redis. Its client is loaded only here: it takes some 10 MiB.
 * @param redis a URL, or a client that stays its owner's to close
 */
export async function openRedisSink(
  redis: string | RedisClient,
  options: RedisSinkOptions,
): Promise<RedisSink> {
  const { createRedisSink } = await import("./redis-sink.ts");
  return createRedisSink(redis, options);
}
