export { connectRedis, type RedisConnection } from "./lib/redis/redis-connection.ts";
