export type { Dashboards } from "./lib/dashboards/dashboards.ts";
export { createMemoryDashboards } from "./lib/dashboards/memory-dashboards.ts";
export type { ChangeSource, Changes } from "./lib/history/change-source.ts";
export { MemoryHistory } from "./lib/history/memory-history.ts";
export type { QuestDbClient } from "./lib/questdb/client.ts";
export { createQuestDbClientHistory } from "./lib/questdb/client-history.ts";
export { openQuestDbSink } from "./lib/questdb/lazy.ts";
export type { QuestDbOptions } from "./lib/questdb/options.ts";
export type { RedisClient } from "./lib/redis/redis-client.ts";
export { createRedisDashboards } from "./lib/redis/redis-dashboards.ts";
export { createDashboardSink, type DashboardSinkOptions } from "./lib/sinks/dashboard-sink.ts";
export {
  createHistorySink,
  type HistorySink,
  type HistorySinkOptions,
} from "./lib/sinks/history-sink.ts";
export type { PublishingSink, Sink, SinkStatus } from "./lib/sinks/sink.ts";
