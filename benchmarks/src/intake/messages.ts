/** What the benchmark asks of a sender. */
export interface Order {
  readonly seconds: number;
  /** Connections, each with one request under way. */
  readonly connections: number;
}

/** What the sender answers when every request has been acknowledged. */
export interface Sent {
  readonly spans: number;
  /** `trade.execute` spans among them. */
  readonly trades: number;
  readonly bytes: number;
  /** Requests that were turned away (429, 503) and sent again. */
  readonly retries: number;
  /** From the first request to the last acknowledgement. */
  readonly seconds: number;
  /** User and system time of the sender: near `seconds` it was the bottleneck. */
  readonly cpuSeconds: number;
  /** From a request's first byte to its acknowledgement. */
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly max: number };
}

/** What the probe inside of the aggregator answers. */
export interface LoopDelay {
  /** How much later than due a timer ran, ms. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}
