import { onTestFinished } from "vitest";
import { type AlertmanagerServer, startAlertmanager } from "./alertmanager-server.ts";
import { type QuestDbServer, type QuestDbServerOptions, startQuestDb } from "./questdb-server.ts";
import { type RedisServer, type RedisServerOptions, startRedis } from "./redis-server.ts";

/** A real Redis until the test's end. */
export async function startedRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const redis = await startRedis(options);
  onTestFinished(() => redis.close());
  return redis;
}

/** A real QuestDB until the test's end. */
export async function startedQuestDb(options: QuestDbServerOptions = {}): Promise<QuestDbServer> {
  const questdb = await startQuestDb(options);
  onTestFinished(() => questdb.close());
  return questdb;
}

/** A real Alertmanager until the test's end. @param config file of its configuration */
export async function startedAlertmanager(config: string): Promise<AlertmanagerServer> {
  const alertmanager = await startAlertmanager(config);
  onTestFinished(() => alertmanager.close());
  return alertmanager;
}
