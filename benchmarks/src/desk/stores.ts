import { startQuestDb } from "@slipstream/testing/questdb-server";
import { startRedis } from "@slipstream/testing/redis-server";
import type { Stores } from "./aggregator.ts";

export interface RunningStores extends Stores {
  close(): Promise<void>;
}

/** A real Redis and a real QuestDB, those that the tests of servers use. @throws Error that says what is not installed */
export async function startStores(): Promise<RunningStores> {
  const redis = await startRedis();
  try {
    const questdb = await startQuestDb();
    return {
      redisUrl: redis.url,
      questDbConf: questdb.conf,
      questDbPgUrl: questdb.pgUrl,
      close: async () => {
        await redis.close();
        await questdb.close();
      },
    };
  } catch (error) {
    await redis.close();
    throw error;
  }
}
