export { createAggregator } from "./lib/aggregator.ts";
export type { Aggregator, AggregatorOptions } from "./lib/aggregator-options.ts";
export type { Readiness } from "./lib/api/health.ts";
export type { Dashboards } from "./lib/dashboards/dashboards.ts";
export { createMemoryDashboards } from "./lib/dashboards/memory-dashboards.ts";
export { IN_MEMORY } from "./lib/data-folder.ts";
export { encodeOpenMetrics, renderOpenMetrics } from "./lib/exposition/open-metrics-text.ts";
export { encodePrometheus, renderPrometheus } from "./lib/exposition/prometheus-text.ts";
export type { ChangeSource, Changes } from "./lib/history/change-source.ts";
export { EmbeddedHistory, type EmbeddedHistoryOptions } from "./lib/history/embedded-history.ts";
export { openEmbeddedReader } from "./lib/history/embedded-reader.ts";
export { MemoryHistory } from "./lib/history/memory-history.ts";
export type { HistoryQuery, HistoryReader } from "./lib/history/query.ts";
export type { HistoryRetention } from "./lib/history/retention.ts";
export { decodeChain } from "./lib/log/records/chain.ts";
export type { Logger } from "./lib/logger.ts";
export type { AdviceAnswer } from "./lib/mev-report/advice.ts";
export { answerMev, type MevAnswer, type MevQuestion } from "./lib/mev-report/question.ts";
export {
  type LossBy,
  type MevReport,
  type ReportDimension,
  reportDimensions,
} from "./lib/mev-report/report.ts";
export type { QuestDbClient } from "./lib/questdb/client.ts";
export { createQuestDbClientHistory } from "./lib/questdb/client-history.ts";
export { assertQuestDb, inspectQuestDb, openQuestDbReader, openQuestDbSink } from "./lib/questdb/lazy.ts";
export { type QuestDbFinding, type QuestDbOptions, questDbTarget } from "./lib/questdb/options.ts";
export type { RedisClient } from "./lib/redis/redis-client.ts";
export { connectRedis, type RedisConnection } from "./lib/redis/redis-connection.ts";
export { createRedisDashboards } from "./lib/redis/redis-dashboards.ts";
export { type Replay, type ReplayOptions, type ReplayProgress, replayLog } from "./lib/replay/replay.ts";
export { createDashboardSink, type DashboardSinkOptions } from "./lib/sinks/dashboard-sink.ts";
export {
  createHistorySink,
  type HistorySink,
  type HistorySinkOptions,
} from "./lib/sinks/history-sink.ts";
export type { Publisher, PublishingSink, Sink, SinkStatus } from "./lib/sinks/sink.ts";
export type { Checkpoint } from "./lib/state/checkpoint.ts";
export { StateStore, type StateStoreOptions } from "./lib/state/state-store.ts";
export type { WatchOptions } from "./lib/watcher/watch.ts";
