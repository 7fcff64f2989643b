export { type AggregatorMetricKey, aggregatorMetrics } from "./lib/aggregator-metrics.ts";
export {
  type AttributeName,
  type AttributeType,
  attribute,
  type SpanAttribute,
  spanAttributes,
} from "./lib/attributes.ts";
export {
  CANARY_KEY,
  CANARY_SECONDS,
  type CanaryPart,
  canaryParts,
  DOCTOR_SERVICE,
} from "./lib/canary.ts";
export {
  type DashboardStatistic,
  type DashboardValue,
  dashboardKey,
  dashboardKeys,
  dashboardSeriesKey,
  dashboardValues,
} from "./lib/dashboard.ts";
export { redisWrites, sqlWrites } from "./lib/database-writes.ts";
export type { ErrorCode } from "./lib/error-codes.ts";
export { type FailureReason, failureReasons } from "./lib/failure-reasons.ts";
export type { HistoryColumn, HistoryColumnType, HistoryTable } from "./lib/history/column.ts";
export {
  DESK_COLUMN,
  type HistoryRecord,
  type HistoryTableName,
  historyTable,
  historyTableNames,
} from "./lib/history.ts";
export { type Host, HostSet } from "./lib/hosts/host-set.ts";
export { jupiterHosts } from "./lib/hosts/known-hosts.ts";
export { KEPT_FROM_MS, keptSpanNames } from "./lib/kept-traces.ts";
export {
  callKinds,
  callLatencyMetrics,
  type FailureLabel,
  failureLabelMetrics,
  failureLabels,
  type MevLabelMetrics,
  mevLabelMetrics,
  type TradeLabel,
  type TradeLabelMetrics,
  tradeLabelMetrics,
  tradeLabels,
} from "./lib/label-metrics.ts";
export { limits } from "./lib/limits.ts";
export type { ExposedType, LabelValues, MetricDefinition, MetricKind, Unit } from "./lib/metric.ts";
export { exposedType, metricUnitSuffix, ucumUnit } from "./lib/metric.ts";
export { allMetrics } from "./lib/metrics.ts";
export { type Bps, bps, type Lamports, lamports, type MicroUsd, microUsd } from "./lib/money.ts";
export { otlpHeaders } from "./lib/otlp-headers.ts";
export { percentDecoded } from "./lib/percent-decoded.ts";
export { processMetrics } from "./lib/process-metrics.ts";
export { quantity } from "./lib/quantity.ts";
export { urlAttributes } from "./lib/redaction.ts";
export {
  attributesReadApart,
  isSecretAttribute,
  isSecretFlag,
  secretRanges,
  type TextRange,
  withoutSecrets,
} from "./lib/secrets/secret-ranges.ts";
export { keyInPathHosts, secretFragments } from "./lib/secrets/secret-table.ts";
export { semconv } from "./lib/semconv.ts";
export { type ServiceMetricKey, serviceMetrics } from "./lib/service-metrics.ts";
export { hasCode, SlipstreamError } from "./lib/slipstream-error.ts";
export { type SpanName, spanName, spanNames } from "./lib/spans.ts";
export { withoutEffect } from "./lib/standard-variables.ts";
export { type LandingService, landingServices } from "./lib/tip-accounts.ts";
export {
  failureWords,
  plainWord,
  type TradeSide,
  type TradeSource,
  type TradeStatus,
  tradeSides,
  tradeSources,
} from "./lib/trade-words.ts";
export { AGGREGATOR_SERVICE, VERDICT_SPAN, verdictAttribute } from "./lib/verdict-span.ts";
export { VERSION } from "./lib/version.ts";
