import "@slipstream/conventions/needs-node-24";

export { createAggregator } from "./lib/aggregator.ts";
export type { Aggregator, AggregatorOptions } from "./lib/aggregator-options.ts";
export { withConsole } from "./lib/alerts/channels/create-channels.ts";
export { type ChannelAnswer, testChannels } from "./lib/alerts/test-channels.ts";
export { createMemoryDashboards } from "./lib/dashboards/memory-dashboards.ts";
export { IN_MEMORY } from "./lib/data-folder.ts";
export { explainTrade } from "./lib/explain/explain-trade.ts";
export { EmbeddedHistory } from "./lib/history/embedded-history.ts";
export { demoHistory, openEmbeddedReader } from "./lib/history/embedded-reader.ts";
export { missingInAll, missingText } from "./lib/history/missing-rows.ts";
export {
  type FoundRows,
  type HistoryQuery,
  type HistoryReader,
  historyOfDesk,
} from "./lib/history/query.ts";
export { inspectData } from "./lib/inspect/inspect-data.ts";
export type { LogInspection } from "./lib/inspect/inspect-log.ts";
export type { TradesInspection } from "./lib/inspect/inspect-trades.ts";
export { isDirectoryInUse } from "./lib/log/directory-lock.ts";
export { BEGINNING, isAfter, printPosition } from "./lib/log/position.ts";
export { decodeChain } from "./lib/log/records/chain.ts";
export type { Logger } from "./lib/logger.ts";
export type { AdviceAnswer } from "./lib/mev-report/advice.ts";
export { answerMev, type MevAnswer, type MevQuestion } from "./lib/mev-report/question.ts";
export type { LossBy, MevReport } from "./lib/mev-report/report.ts";
export type { ReportDimension } from "./lib/mev-report/report-dimension.ts";
export type { QuestDbClient } from "./lib/questdb/client.ts";
export { inspectQuestDb, openQuestDbReader } from "./lib/questdb/lazy.ts";
export { type QuestDbOptions, questDbTarget } from "./lib/questdb/options.ts";
export type { RedisClient } from "./lib/redis/redis-client.ts";
export { leaseOf, WRITER_KEY } from "./lib/redis/redis-lease.ts";
export { type Replay, replayLog } from "./lib/replay/replay.ts";
export { assertServerOptions } from "./lib/server/server.ts";
export { StateStore } from "./lib/state/state-store.ts";
export { openBlockSource } from "./lib/watcher/watch.ts";
export { readInstance } from "./lib/writer/identity.ts";
export { type Lease, leaseText } from "./lib/writer/writer.ts";
