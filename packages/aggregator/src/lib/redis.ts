import type { Logger } from "./logger.ts";
import type { RedisClient } from "./sinks/redis-client.ts";
import { connectRedis } from "./sinks/redis-connection.ts";

/** A client to use, and how to be done with it: one that was handed in is its owner's to close. */
export function useRedis(
  redis: string | RedisClient,
  logger: Logger,
): { readonly client: RedisClient; close(): Promise<void> } {
  if (typeof redis !== "string") return { client: redis, close: async () => {} };
  let told: string | undefined;
  return connectRedis(redis, {
    // The same error comes with each attempt to connect; it is told once.
    onError: (message) => {
      if (message !== told) logger.warn({ error: message }, "Redis cannot be reached; trying on");
      told = message;
    },
  });
}
