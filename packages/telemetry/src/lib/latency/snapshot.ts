/** One operation's latencies in one minute. */
export interface LatencySnapshot {
  readonly operation: string;
  /** Begin of the minute, Unix time. */
  readonly minuteMs: number;
  /** Calls that ended in the minute, failed ones included. */
  readonly count: number;
  /** Seconds, by nearest rank, within 0.2 %. Undefined where count is 0. */
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
  readonly p999: number | undefined;
}
