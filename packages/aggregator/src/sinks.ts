import "@slipstream/conventions/needs-node-24";

export { createMemoryDashboards } from "./lib/dashboards/memory-dashboards.ts";
export { MemoryHistory } from "./lib/history/memory-history.ts";
export type { QuestDbClient } from "./lib/questdb/client.ts";
export { createQuestDbClientHistory, makesTables } from "./lib/questdb/client-history.ts";
export { openQuestDbSink } from "./lib/questdb/lazy.ts";
export type { QuestDbOptions } from "./lib/questdb/options.ts";
export { QuestDbLease } from "./lib/questdb/questdb-lease.ts";
export type { RedisClient } from "./lib/redis/redis-client.ts";
export { createRedisDashboards } from "./lib/redis/redis-dashboards.ts";
export { RedisLease } from "./lib/redis/redis-lease.ts";
export { createDashboardSink } from "./lib/sinks/dashboard-sink.ts";
export { createHistorySink, type HistorySink } from "./lib/sinks/history-sink.ts";
export type { PublishingSink, SinkStateChange } from "./lib/sinks/sink.ts";
export { type ProcessWriter, processWriter } from "./lib/writer/identity.ts";
export { type Lease, type LeaseState, leaseNews, leaseText } from "./lib/writer/writer.ts";
