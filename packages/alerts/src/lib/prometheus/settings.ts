/** What the expressions of Prometheus rules depend on. */
export interface PrometheusSettings {
  /** The `job` under which Prometheus scrapes the aggregator. All other jobs with the same metrics are services. */
  readonly aggregatorJob: string;
  /** Name of the aggregator's own desk, which data without a desk belongs to; undefined: it has none. */
  readonly desk?: string | undefined;
  /** Longest time between two samples of a series: Prometheus's scrape interval, or the services' export interval. */
  readonly scrapeSeconds: number;
  /** Windows of the aggregator's statistics, which rules have that name none. */
  readonly rateWindowSeconds: number;
  readonly percentileWindowSeconds: number;
  /** Basis points that a trade's output may be off its quote to count as accurate. */
  readonly slippageToleranceBps: number;
  readonly objectives: Objectives;
}

/** What trades should be over 30 days. */
export interface Objectives {
  /** Percent of the trades that should succeed. */
  readonly successPercent: number;
  /** Percent of the trades that should take at most `withinMs`. */
  readonly latencyPercent: number;
  /** A bound of `trade_execution_latency_seconds`. */
  readonly withinMs: number;
}

export const defaultPrometheusSettings: PrometheusSettings = {
  aggregatorJob: "slipstream-aggregator",
  scrapeSeconds: 15,
  rateWindowSeconds: 60,
  percentileWindowSeconds: 300,
  slippageToleranceBps: 50,
  objectives: { successPercent: 95, latencyPercent: 99, withinMs: 100 },
};

/** A rate needs some samples in its window, also if one is late. */
const SAMPLES_IN_WINDOW = 4;

/** The window itself, or the shortest one that surely holds enough samples. */
export function windowOf(seconds: number, { scrapeSeconds }: PrometheusSettings): number {
  return Math.max(seconds, SAMPLES_IN_WINDOW * scrapeSeconds);
}
