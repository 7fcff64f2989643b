import type { QuestDbStoreOptions } from "./questdb-store.ts";
import type { RedisStoreOptions } from "./redis-store.ts";
import type { Store } from "./store.ts";

export interface RealStores extends Omit<QuestDbStoreOptions, "conf">, Omit<RedisStoreOptions, "url"> {
  readonly questdb: string | undefined;
  readonly redis: string | undefined;
}

/**
 * The real databases that are named. Their clients are loaded only if they are needed.
 *
 * @throws SlipstreamError (`invalid_option`)
 */
export async function openStores({ questdb, redis, ...shared }: RealStores): Promise<readonly Store[]> {
  const stores: Store[] = [];
  if (questdb !== undefined) {
    const { questDbStore } = await import("./questdb-store.ts");
    stores.push(questDbStore({ conf: questdb, ...shared }));
  }
  if (redis !== undefined) {
    const { redisStore } = await import("./redis-store.ts");
    stores.push(redisStore({ url: redis, ...shared }));
  }
  return stores;
}
