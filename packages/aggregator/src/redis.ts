import "@slipstream/conventions/needs-node-24";

export { connectRedis, type RedisConnection } from "./lib/redis/redis-connection.ts";
