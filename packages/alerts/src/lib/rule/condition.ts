/** How a value is compared with the threshold. `==` and `!=` are for words, such as the circuit breaker's. */
export const operators = [">", ">=", "<", "<=", "==", "!="] as const;

export type Operator = (typeof operators)[number];

/** How a label is compared: `=~` and `!~` with a regular expression. */
export const matcherOperators = ["=", "!=", "=~", "!~"] as const;

/** Chooses series of a statistic by one of their labels, as Prometheus does. */
export interface Matcher {
  readonly label: string;
  readonly operator: (typeof matcherOperators)[number];
  readonly value: string;
}

/** A condition such as `latency{operation="solana.rpc",quantile="0.99"}[5m] > 80 ms`, read. */
export interface Condition {
  /** As it was written. */
  readonly text: string;
  /** A name as in `/api/current`. */
  readonly statistic: string;
  readonly labels: readonly Matcher[];
  /** Seconds of event time, a multiple of 5; null: the statistic's own window. */
  readonly windowSeconds: number | null;
  readonly operator: Operator;
  /** In the statistic's unit. */
  readonly threshold: number | string;
}
