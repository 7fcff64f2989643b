import "@slipstream/conventions/needs-node-24";

export { plainRedisError } from "./lib/redis/plain-error.ts";
export { assertRedisTarget, redisAddress } from "./lib/redis/redis-address.ts";
export { connectRedis, type RedisConnection } from "./lib/redis/redis-connection.ts";
