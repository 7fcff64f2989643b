import {
  aggregatorMetrics,
  callKinds,
  callLatencyMetrics,
  type FailureLabel,
  failureLabelMetrics,
  failureLabels,
  type MetricDefinition,
  mevLabelMetrics,
  serviceMetrics,
  spanName,
  type TradeLabel,
  tradeLabelMetrics,
  tradeLabels,
} from "@slipstream/conventions";
import type { Series } from "./promql.ts";

/** Services send their metrics themselves, also while the aggregator is dead. The rest only the aggregator knows. */
export type Source = "services" | "aggregator";

/** Which of the aggregator's windows a gauge of it has; null: none. */
export type GaugeWindow = "rates" | "percentiles" | "mev" | null;

/** A share of what counters have counted in a window. */
export interface ShareForm {
  readonly kind: "share";
  readonly source: Source;
  readonly part: Series;
  readonly whole: Series;
}

/** A percentile, as the share of a histogram's values that are within a bound. */
export interface WithinForm {
  readonly kind: "within";
  readonly source: Source;
  readonly histogram: MetricDefinition;
  /** A bound, divided by what it is in the statistic's unit. */
  readonly scale: number;
  /** What its values are: "calls". */
  readonly what: string;
  /** Its name in the aggregator's percentiles, for thresholds that are no bound. */
  readonly operation?: string;
}

/** Counted in a minute. */
export interface PaceForm {
  readonly kind: "pace";
  readonly counter: Series;
}

/** A gauge of the aggregator, as it is. */
export interface GaugeForm {
  readonly kind: "gauge";
  readonly series: Series;
  /** Its value, divided by the statistic's. */
  readonly scale: number;
  readonly window: GaugeWindow;
  /** Where the number of samples is; absent: no series has it. */
  readonly samples?: SamplesOf;
}

/** Another gauge, or what a counter has counted in the window. */
export interface SamplesOf {
  readonly series: Series;
  readonly isCounter: boolean;
  /** Labels that only the value has. */
  readonly ignoring: readonly string[];
  /** Labels over which the samples are summed up. */
  readonly without: readonly string[];
}

/** A gauge that each process of a service has: only what is fresh counts. */
export interface FreshForm {
  readonly kind: "fresh";
  readonly metric: string;
  /** Its share of this one. */
  readonly of?: string;
  readonly combine: "sum" | "each";
  readonly scale: number;
}

/** Words, which are numbers in Prometheus. */
export type WordForm = WordFormOf<"breaker"> | WordFormOf<"dependency"> | WordFormOf<"up">;

interface WordFormOf<Kind> {
  readonly kind: Kind;
  readonly series: Series;
}

export interface SilenceForm {
  readonly kind: "silence";
}

export interface NoForm {
  readonly kind: "none";
  /** A phrase. */
  readonly reason: string;
}

/** How a statistic is had from series in Prometheus. */
export type Form =
  | ShareForm
  | WithinForm
  | PaceForm
  | GaugeForm
  | FreshForm
  | WordForm
  | SilenceForm
  | NoForm;

const PERCENT = 0.01;
const MS = 0.001;
const BPS = 0.0001;

const trades = (status?: string): Series => ({
  metric: serviceMetrics.trades.name,
  ...(status !== undefined && { chosen: { status } }),
});

const none = (reason: string): NoForm => ({ kind: "none", reason });
const notExported = none("the aggregator's /metrics has no series of it");
const successOf = (status: string): ShareForm => ({
  kind: "share",
  source: "services",
  part: trades(status),
  whole: trades(),
});

function within(histogram: MetricDefinition, what: string, more: Partial<WithinForm> = {}): WithinForm {
  return { kind: "within", source: "services", histogram, scale: MS, what, ...more };
}

function gauge(
  { name }: MetricDefinition,
  more: Partial<Omit<GaugeForm, "kind" | "series">> & { readonly chosen?: Series["chosen"] } = {},
): GaugeForm {
  const { chosen, ...rest } = more;
  return {
    kind: "gauge",
    series: { metric: name, ...(chosen !== undefined && { chosen }) },
    scale: 1,
    window: null,
    ...rest,
  };
}

const counted = (
  series: Series,
  isCounter: boolean,
  { ignoring = [], without = [] }: Partial<Pick<SamplesOf, "ignoring" | "without">> = {},
): Pick<GaugeForm, "samples"> => ({ samples: { series, isCounter, ignoring, without } });

const mevShare = (value: MetricDefinition, samples: MetricDefinition): GaugeForm =>
  gauge(value, { scale: PERCENT, window: "mev", ...counted({ metric: samples.name }, false) });

const fresh = ({ name }: MetricDefinition, combine: FreshForm["combine"]): FreshForm => ({
  kind: "fresh",
  metric: name,
  combine,
  scale: 1,
});

const {
  canary,
  canarySpans,
  canaryUp,
  completeness,
  diskFree,
  latency,
  logUsed,
  mevAvoidance,
  mevAvoidanceSamples,
  mevDetection,
  mevDetectionSamples,
  mevLoss,
  mevTrades,
  mevUnknown,
  mevUnknownSamples,
  operationLatency,
  pnl,
  sinkLag,
  sinkUp,
  spans,
  spansArrived,
  spansEnded,
  tradeConfirmation,
  tradeFailures,
  unknownStatus,
} = aggregatorMetrics;

const confirmation: WithinForm = within(tradeConfirmation, "confirmations", { source: "aggregator" });
const slippage: WithinForm = within(serviceMetrics.slippageError, "trades", { scale: BPS });

/** The percentiles of every operation, which the aggregator has over its own window only. */
export const latencyForm: GaugeForm = gauge(latency, {
  scale: MS,
  window: "percentiles",
  ...counted({ metric: `${operationLatency.name}_count` }, true, { ignoring: ["quantile"] }),
});

/** By the name of the statistic. A test compares them with the catalogue. */
export const forms: ReadonlyMap<string, Form> = new Map<string, Form>([
  [
    "trade_latency_p99",
    within(serviceMetrics.tradeExecutionLatency, "trades", { operation: spanName.tradeExecute }),
  ],
  ["node_latency_p99", within(serviceMetrics.solanaNodeLatency, "calls", { operation: spanName.solanaRpc })],
  ["jupiter_latency_p99", within(serviceMetrics.jupiterApiLatency, "calls")],
  [
    "database_latency_p99",
    within(serviceMetrics.databaseWriteLatency, "writes", { operation: spanName.dbWrite }),
  ],
  ["trade_confirmation_p50", confirmation],
  ["trade_confirmation_p99", confirmation],
  ["latency", latencyForm],
  ["trades", gauge(serviceMetrics.trades)],
  ["trades_per_minute", { kind: "pace", counter: trades() }],
  ["success_rate", successOf("success")],
  ["failure_rate", successOf("failed")],
  ["trades_unknown_status", gauge(unknownStatus)],
  ["trade_failures", gauge(tradeFailures)],
  ...failureLabels.map((label: FailureLabel): [string, Form] => [
    `trade_failures_by_${label}`,
    gauge(failureLabelMetrics[label]),
  ]),
  ...tradeLabels.flatMap(byTradeLabel),
  ...callKinds.flatMap((kind): [string, Form][] => [
    // How many calls are behind it is not exported, so a rule must ask for none.
    [`${kind}_latency_by_service`, gauge(callLatencyMetrics[kind], { scale: MS, window: "percentiles" })],
    [`${kind}_error_rate_by_service`, notExported],
  ]),
  ["node_error_rate", notExported],
  ["slippage_p50", slippage],
  ["slippage_p99", slippage],
  ["mev_avoidance_rate", mevShare(mevAvoidance, mevAvoidanceSamples)],
  ["mev_detection_rate", mevShare(mevDetection, mevDetectionSamples)],
  ["mev_unknown_rate", mevShare(mevUnknown, mevUnknownSamples)],
  ["mev_loss_usd", gauge(mevLoss, { window: "mev" })],
  // By pair, size and protection; a condition is about their sum.
  ["mev_trades", none(`${mevTrades.name} has further labels, which the statistic sums up`)],
  ["circuit_breaker_state", { kind: "breaker", series: { metric: serviceMetrics.circuitBreakerState.name } }],
  [
    "circuit_breaker_state_by_service",
    { kind: "breaker", series: { metric: serviceMetrics.circuitBreakerState.name } },
  ],
  ["active_positions", fresh(serviceMetrics.openPositions, "sum")],
  ["active_positions_by_service", fresh(serviceMetrics.openPositions, "sum")],
  ["priority_fees_lamports", gauge(serviceMetrics.priorityFeesPaid)],
  ["total_pnl", none("Prometheus does not know the desk's capital; total_pnl_usd can be had")],
  ["total_pnl_usd", gauge(pnl)],
  ["active_connections", fresh(serviceMetrics.activeConnections, "sum")],
  ["dependency_up", { kind: "dependency", series: { metric: serviceMetrics.dependencyUp.name } }],
  [
    "memory_used",
    { ...fresh(serviceMetrics.memoryUsage, "each"), of: serviceMetrics.memoryLimit.name, scale: PERCENT },
  ],
  ["memory_usage_by_process", fresh(serviceMetrics.memoryUsage, "each")],
  ["cpu_usage_by_process", fresh(serviceMetrics.cpuUsage, "each")],
  ["service_silent_seconds", { kind: "silence" }],
  [
    "completeness",
    gauge(completeness, {
      scale: PERCENT,
      ...counted({ metric: spans.name, chosen: { state: "received" } }, false, { without: ["state"] }),
    }),
  ],
  ["sink_up", { kind: "up", series: { metric: sinkUp.name } }],
  ["sink_lag_seconds", gauge(sinkLag)],
  ["blocks_readable", { kind: "up", series: { metric: sinkUp.name, chosen: { sink: "watcher" } } }],
  ["canary_seconds", gauge(canary)],
  ["canary_up", { kind: "up", series: { metric: canaryUp.name } }],
  ["canary_spans", gauge(canarySpans)],
  ["log_used", gauge(logUsed, { scale: PERCENT })],
  ["disk_free", gauge(diskFree, { scale: PERCENT })],
  ["benchmark_results", notExported],
]);

/** Of the spans that ended in a window; without one it is the aggregator's gauge. */
export const recentCompletenessForm: ShareForm = {
  kind: "share",
  source: "aggregator",
  part: { metric: spansArrived.name },
  whole: { metric: spansEnded.name },
};

/** The accuracy of slippage depends on a tolerance. Without a bucket that ends there, only the aggregator knows it. */
export function slippageAccuracyForm(toleranceBps: number): Form {
  const { name, buckets } = serviceMetrics.slippageError;
  const bound = buckets.find((candidate) => isClose(candidate, toleranceBps * BPS));
  if (bound === undefined) {
    const samples = counted({ metric: aggregatorMetrics.slippageAccuracySamples.name }, false);
    return gauge(aggregatorMetrics.slippageAccuracy, { scale: PERCENT, window: "rates", ...samples });
  }
  return {
    kind: "share",
    source: "services",
    part: { metric: `${name}_bucket`, chosen: { le: String(bound) } },
    whole: { metric: `${name}_count` },
  };
}

/** Whether they are the same but for the noise of a multiplication. */
export function isClose(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.abs(b);
}

function byTradeLabel(label: TradeLabel): readonly [string, Form][] {
  const { trades: by, latency: latencyBy, pnl: pnlBy } = tradeLabelMetrics[label];
  const { verdicts, attacked, unknown, loss, meanLoss, knownLosses } = mevLabelMetrics[label];
  const perWindow = { window: "mev" } as const;
  return [
    [`trades_by_${label}`, gauge(by)],
    [
      `success_rate_by_${label}`,
      {
        kind: "share",
        source: "aggregator",
        part: { metric: by.name, chosen: { status: "success" } },
        whole: { metric: by.name },
      },
    ],
    [
      `trade_latency_by_${label}`,
      gauge(latencyBy, {
        scale: MS,
        window: "percentiles",
        ...counted({ metric: by.name }, true, { ignoring: ["quantile"], without: ["status"] }),
      }),
    ],
    [`pnl_usd_by_${label}`, gauge(pnlBy)],
    [`mev_verdicts_by_${label}`, gauge(verdicts, perWindow)],
    [
      `mev_detection_rate_by_${label}`,
      none(`compare ${attacked.name} with ${verdicts.name}, without the unknown ones`),
    ],
    [`mev_avoidance_rate_by_${label}`, none(`compare the verdicts avoided and impacted of ${verdicts.name}`)],
    [
      `mev_unknown_rate_by_${label}`,
      gauge(unknown, {
        ...perWindow,
        scale: PERCENT,
        ...counted({ metric: verdicts.name }, false, { without: ["verdict"] }),
      }),
    ],
    [`mev_loss_usd_by_${label}`, gauge(loss, perWindow)],
    [
      `mev_mean_loss_usd_by_${label}`,
      gauge(meanLoss, { ...perWindow, ...counted({ metric: knownLosses.name }, false) }),
    ],
  ];
}
