import type { AutoParts } from "../auto-parts.ts";
import { installIoredis } from "./ioredis.ts";
import { installPg } from "./pg.ts";
import { installQuestDb } from "./questdb.ts";
import { Sockets } from "./sockets.ts";
import { StoreState } from "./store-state.ts";

/** Spans and the state of PostgreSQL, Redis and QuestDB. */
export function installStores(parts: AutoParts): void {
  const postgres = new StoreState(parts.telemetry, "postgres");
  const redis = new StoreState(parts.telemetry, "redis");
  const questdb = new StoreState(parts.telemetry, "questdb");
  installPg(parts, { postgres, questdb });
  installIoredis(parts, redis);
  installQuestDb(parts, questdb, new Sockets(parts));
}
