/** One operation's latencies in one minute. */
export interface LatencySnapshot {
  readonly operation: string;
  /** Start of the minute, Unix time. */
  readonly minuteMs: number;
  /** Calls that ended in the minute, including failed ones. */
  readonly count: number;
  /** Seconds, by nearest rank, within 0.2 %. Undefined if count is 0. */
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
  readonly p999: number | undefined;
}
