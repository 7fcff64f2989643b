import { Redis } from "ioredis";
import pg from "pg";

// A service that goes on whatever becomes of its stores.
const pool = new pg.Pool({ connectionString: process.env.PG, connectionTimeoutMillis: 500 });
pool.on("error", () => {});
const redis = new Redis(process.env.REDIS, { retryStrategy: () => 50, maxRetriesPerRequest: 0 });
redis.on("error", () => {});
setInterval(() => {
  pool.query("SELECT 1").catch(() => {});
  redis.set("alive", 1).catch(() => {});
}, 50);
console.log("ready");
