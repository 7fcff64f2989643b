import {
  callKinds,
  canaryParts,
  failureLabels,
  failureReasons,
  serviceMetrics,
  spanNames,
  tradeLabels,
} from "@slipstream/conventions";

/**
 * What a value is, and with it how many samples it needs:
 * - `rate` and `avoidance`: a share of something, in percent
 * - `percentile`
 * - `count`, `money`, `gauge`: known as soon as it has a value
 * - `share`: a gauge from 0 to 100 %
 * - `word`: one of some words
 */
export type StatisticKind =
  | "rate"
  | "avoidance"
  | "percentile"
  | "count"
  | "money"
  | "gauge"
  | "share"
  | "word";

/** A statistic that rules may name. */
export interface RuleStatistic {
  /** As in `/api/current`. */
  readonly name: string;
  /** As in `/api/current`. */
  readonly unit: string;
  readonly kind: StatisticKind;
  /** What a label may be. "open": anything. */
  readonly labels: Readonly<Record<string, readonly string[] | "open">>;
  /** Longest window that a rule may give it, in seconds; null: it has none, or its own is fixed. */
  readonly longestWindow: number | null;
  /** Those with the same one are counted together: a window of one is a window of all. null: a further window costs nothing. */
  readonly countedAs: string | null;
  /** Of a `word`: those that it may be. */
  readonly words: readonly string[];
  /** Of a `percentile` without the label `quantile`: which one it is. */
  readonly quantile: number | null;
  /** A phrase without a full stop. */
  readonly help: string;
}

const QUANTILES = ["0.5", "0.95", "0.99", "0.999"];
const STORES = serviceMetrics.dependencyUp.labels.type;
const VERDICTS = ["impacted", "avoided", "clean", "unknown"];
const UP_DOWN = ["up", "down"];
const BREAKER = ["closed", "open", "half_open"];
const REASONS = [...failureReasons, "unknown"];
/** Longest windows that the options allow. */
const HOUR = 3_600;
const MONTH = 2_592_000;

type More = Partial<Pick<RuleStatistic, "labels" | "longestWindow" | "countedAs" | "words" | "quantile">>;

function statistic(
  name: string,
  unit: string,
  kind: StatisticKind,
  help: string,
  more: More = {},
): RuleStatistic {
  const rest = { labels: {}, longestWindow: null, countedAs: name, words: [], quantile: null };
  return { name, unit, kind, ...rest, help, ...more };
}

const percentile = (
  name: string,
  unit: string,
  quantile: number,
  help: string,
  countedAs: string = name,
): RuleStatistic => statistic(name, unit, "percentile", help, { quantile, longestWindow: HOUR, countedAs });

function tradesBy(label: (typeof tradeLabels)[number]): readonly RuleStatistic[] {
  const by = label.replace("_", " ");
  const labels = { [label]: "open" } as const;
  const countedAs = `trades_by_${label}`;
  return [
    statistic(`trades_by_${label}`, "trades", "count", `Trades by ${by}, since the log began`, {
      labels: { ...labels, status: ["success", "failed"] },
    }),
    statistic(`success_rate_by_${label}`, "%", "rate", `Trades that succeeded, by ${by}`, {
      labels,
      longestWindow: HOUR,
      countedAs,
    }),
    statistic(`trade_latency_by_${label}`, "ms", "percentile", `Latency of trades, by ${by}`, {
      labels: { ...labels, quantile: QUANTILES },
      longestWindow: HOUR,
      countedAs,
    }),
    statistic(`pnl_usd_by_${label}`, "usd", "money", `Profit or loss by ${by}, since the log began`, {
      labels,
    }),
  ];
}

function mevBy(label: (typeof tradeLabels)[number]): readonly RuleStatistic[] {
  const by = label.replace("_", " ");
  const labels = { [label]: "open" } as const;
  const more = { labels, longestWindow: MONTH, countedAs: `mev_by_${label}` };
  return [
    statistic(`mev_verdicts_by_${label}`, "trades", "count", `Trades by ${by} and verdict`, {
      ...more,
      labels: { ...labels, verdict: VERDICTS },
    }),
    statistic(`mev_detection_rate_by_${label}`, "%", "rate", `Attacked trades, by ${by}`, more),
    statistic(
      `mev_avoidance_rate_by_${label}`,
      "%",
      "avoidance",
      `Attacks that were avoided, by ${by}`,
      more,
    ),
    statistic(`mev_unknown_rate_by_${label}`, "%", "rate", `Trades whose verdict is unknown, by ${by}`, more),
    statistic(`mev_loss_usd_by_${label}`, "usd", "money", `Dollars lost to attacks, by ${by}`, more),
    statistic(`mev_mean_loss_usd_by_${label}`, "usd", "money", `Dollars lost in an attack, by ${by}`, more),
  ];
}

function callsBy(kind: (typeof callKinds)[number]): readonly RuleStatistic[] {
  const what = { node: "calls of the node", jupiter: "calls of Jupiter", database: "database writes" }[kind];
  const more = { longestWindow: HOUR, countedAs: `${kind}_calls` };
  return [
    statistic(`${kind}_latency_by_service`, "ms", "percentile", `Latency of ${what}, by service`, {
      ...more,
      labels: { service: "open", quantile: QUANTILES },
    }),
    statistic(`${kind}_error_rate_by_service`, "%", "rate", `Failed ${what}, by service`, {
      ...more,
      labels: { service: "open" },
    }),
  ];
}

const OWN: readonly string[] = Object.values(spanNames).map(({ name }) => name);

const CONFIRMATION = "trade_confirmation";
const SLIPPAGE = "slippage";
const ofTrades: More = { longestWindow: HOUR, countedAs: "trades" };
const ofVerdicts: More = { longestWindow: MONTH, countedAs: "mev" };

/** The statistics that a rule may name. The engine has a test that these are the ones it reads. */
export const ruleStatistics: readonly RuleStatistic[] = [
  percentile(
    "trade_latency_p99",
    "ms",
    0.99,
    "Latency of trades, from the decision to the network's acceptance",
  ),
  percentile("node_latency_p99", "ms", 0.99, "Latency of calls of the Solana node"),
  percentile("jupiter_latency_p99", "ms", 0.99, "Latency of calls of the Jupiter API"),
  percentile("database_latency_p99", "ms", 0.99, "Latency of database writes"),
  percentile(
    "trade_confirmation_p50",
    "ms",
    0.5,
    "Time until a trade is confirmed, the median",
    CONFIRMATION,
  ),
  percentile("trade_confirmation_p99", "ms", 0.99, "Time until a trade is confirmed", CONFIRMATION),
  statistic("latency", "ms", "percentile", `Latency of an operation, such as ${OWN.slice(0, 4).join(", ")}`, {
    labels: { operation: "open", quantile: QUANTILES },
    longestWindow: HOUR,
  }),
  statistic("trades", "trades", "count", "Trades since the log began", {
    labels: { status: ["success", "failed"] },
  }),
  statistic("trades_per_minute", "1/min", "count", "Trades per minute", ofTrades),
  statistic("success_rate", "%", "rate", "Trades that succeeded", ofTrades),
  statistic("failure_rate", "%", "rate", "Trades that failed", ofTrades),
  statistic("trades_unknown_status", "trades", "count", "Trades without a status, since the log began", {
    labels: { service: "open" },
  }),
  statistic("trade_failures", "trades", "count", "Failed trades since the log began", {
    labels: { reason: REASONS },
  }),
  ...failureLabels.map((label) =>
    statistic(
      `trade_failures_by_${label}`,
      "trades",
      "count",
      `Failed trades by ${label}, since the log began`,
      {
        labels: { [label]: "open", reason: REASONS },
      },
    ),
  ),
  ...tradeLabels.flatMap(tradesBy),
  ...callKinds.flatMap(callsBy),
  statistic("node_error_rate", "%", "rate", "Failed calls of the Solana node", { longestWindow: HOUR }),
  statistic("slippage_accuracy", "%", "rate", "Trades within the slippage tolerance", {
    longestWindow: HOUR,
  }),
  percentile(
    "slippage_p50",
    "bps",
    0.5,
    "How far the output of trades is off its quote, the median",
    SLIPPAGE,
  ),
  percentile("slippage_p99", "bps", 0.99, "How far the output of trades is off its quote", SLIPPAGE),
  statistic("mev_avoidance_rate", "%", "avoidance", "Attacks that were avoided", ofVerdicts),
  statistic("mev_detection_rate", "%", "rate", "Trades that were attacked", ofVerdicts),
  statistic("mev_unknown_rate", "%", "rate", "Trades whose verdict is unknown", { longestWindow: MONTH }),
  statistic("mev_loss_usd", "usd", "money", "Dollars lost to attacks", ofVerdicts),
  statistic("mev_trades", "trades", "count", "Trades by verdict", {
    labels: { verdict: VERDICTS, state: ["provisional", "final"] },
  }),
  ...tradeLabels.flatMap(mevBy),
  statistic("circuit_breaker_state", "state", "word", "The circuit breaker", { words: BREAKER }),
  statistic("circuit_breaker_state_by_service", "state", "word", "The circuit breaker, by service", {
    labels: { service: "open" },
    words: BREAKER,
  }),
  statistic("active_positions", "positions", "gauge", "Open positions"),
  statistic("active_positions_by_service", "positions", "gauge", "Open positions, by service", {
    labels: { service: "open" },
  }),
  statistic("priority_fees_lamports", "lamports", "count", "Priority fees since the log began"),
  statistic("total_pnl", "%", "gauge", "Profit or loss since the log began, as a share of the capital"),
  statistic("total_pnl_usd", "usd", "money", "Profit or loss since the log began"),
  statistic("active_connections", "connections", "gauge", "Open connections to a data store", {
    labels: { type: STORES },
  }),
  statistic("dependency_up", "state", "word", "Whether every service reaches a data store", {
    labels: { type: STORES },
    words: UP_DOWN,
  }),
  statistic("memory_used", "%", "share", "Memory of a process, of its limit; unknown without a limit", {
    labels: { service: "open", process: "open" },
  }),
  statistic("memory_usage_by_process", "bytes", "gauge", "Memory of a process", {
    labels: { service: "open", process: "open" },
  }),
  statistic("cpu_usage_by_process", "%", "gauge", "CPU of a process, of one core", {
    labels: { service: "open", process: "open" },
  }),
  statistic("service_silent_seconds", "s", "gauge", "How long nothing has come from a service", {
    labels: { service: "open" },
  }),
  statistic(
    "completeness",
    "%",
    "rate",
    "Spans of a service that arrived, of those that it ended: since the log began, or in the window that a rule gives",
    { labels: { service: "open" }, longestWindow: HOUR, countedAs: null },
  ),
  statistic("sink_up", "state", "word", "Whether the last write to a sink succeeded", {
    labels: { sink: "open" },
    words: UP_DOWN,
  }),
  statistic("sink_lag_seconds", "s", "gauge", "How far a sink is behind the newest data", {
    labels: { sink: "open" },
  }),
  statistic("blocks_readable", "state", "word", "Whether the node or the folder gives blocks", {
    words: UP_DOWN,
  }),
  statistic("log_used", "%", "share", "Size of the log, of the most that it may have"),
  statistic("disk_free", "%", "share", "Free space of the file system that the data folder is on"),
  statistic("canary_seconds", "s", "gauge", "How long the newest canary took to a part of the pipeline", {
    labels: { part: canaryParts },
  }),
  statistic(
    "canary_up",
    "state",
    "word",
    "Whether the newest canary came to a part of the pipeline, as `slipstream doctor --watch` finds",
    { labels: { part: canaryParts }, words: UP_DOWN },
  ),
  statistic("canary_spans", "spans", "count", "Spans that are marked as canaries, since the log began", {
    labels: { service: "open" },
  }),
  statistic("benchmark_results", "results", "count", "Results of benchmarks"),
];

const byName: ReadonlyMap<string, RuleStatistic> = new Map(
  ruleStatistics.map((entry) => [entry.name, entry]),
);

/** Every label that a statistic has. */
export const everyLabel: readonly string[] = [
  ...new Set(ruleStatistics.flatMap(({ labels }) => Object.keys(labels))),
];

/** A statistic by its name; undefined if there is none. */
export function ruleStatistic(name: string): RuleStatistic | undefined {
  return byName.get(name);
}

/** Whether a value is from 0 to 100 %. */
export function isShare({ kind }: RuleStatistic): boolean {
  return kind === "rate" || kind === "avoidance" || kind === "share";
}

/**
 * The fewest samples with which a value is taken for known, unless the rule says otherwise: 20 trades of a rate, 20 attacks,
 * as many as a percentile needs to be other than the largest (100 of a P99). The rest is known if it has a value.
 * @param quantile of a percentile, if a label chooses it
 */
export function defaultMinSamples({ kind, quantile: own }: RuleStatistic, quantile: number | null): number {
  if (kind === "rate" || kind === "avoidance") return 20;
  const q = own ?? quantile;
  return kind === "percentile" && q !== null ? samplesFor(q) : 0;
}

/** The fewest samples with which a quantile is taken for known. */
export function samplesFor(quantile: number): number {
  return Math.max(20, Math.ceil(Number((1 / (1 - quantile)).toPrecision(12))));
}
