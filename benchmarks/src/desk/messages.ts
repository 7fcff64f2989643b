/** What the benchmark asks of the trading service. */
export interface Order {
  readonly seconds: number;
  /** Trades a second. */
  readonly perSecond: number;
}

/** What it answers when every aggregator has acknowledged all of it. */
export interface Traded {
  readonly trades: number;
  /** Requests that each aggregator got. */
  readonly requests: number;
  readonly bytes: number;
}
