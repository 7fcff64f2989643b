import type { FailureReason, Lamports, MicroUsd } from "@slipstream/conventions";
import type { Span } from "@slipstream/otlp/decode";

/** The output of a trade, atoms of the token; bigints where a double could not hold them. */
export interface Fill {
  /** > 0 */
  readonly quoted: number | bigint;
  readonly actual: number | bigint;
}

/** What a `trade.execute` span says, in the units that are summed. Undefined: the span does not say. */
export interface Trade {
  /** Rejected, reverted, or its blockhash expired. */
  readonly failed: boolean;
  /** Why it failed; "unknown" if it does not say. Undefined if it did not fail. */
  readonly failure: FailureReason | "unknown" | undefined;
  /** Read from a recorded block: in totals only, for its time is not now and it has no latency. */
  readonly fromBlock: boolean;
  /** Decision to the network's acceptance. */
  readonly seconds: number;
  /** Decision to confirmation. */
  readonly confirmSeconds: number | undefined;
  /** Undefined also where the trade failed, for then there is no output. */
  readonly fill: Fill | undefined;
  /** Integer; may be a bigint where a double could not hold it. */
  readonly pnlMicroUsd: MicroUsd<number | bigint> | undefined;
  /** Integer >= 0. */
  readonly priorityFeeLamports: Lamports<number | bigint> | undefined;
  /** Name of the service, as it is counted. */
  readonly service: string;
  readonly pair: string | undefined;
  readonly strategy: string | undefined;
  /** Dollars, >= 0. */
  readonly sizeUsd: number | undefined;
  /** As the trade names it; `jito` if it names a bundle alone. */
  readonly protection: string | undefined;
}

export type CallKind = "node" | "jupiter" | "database";

/** A call of something outside the service. */
export interface Call {
  readonly kind: CallKind;
  readonly operation: string;
  /** The JSON-RPC method, where known. */
  readonly method: string | undefined;
  /** Named by Slipstream's own telemetry, and so the operation itself and never a detail of another one. */
  readonly own: boolean;
  readonly failed: boolean;
}

/** What an event is about. */
export type EventKind = "trade" | CallKind | "other";

/** The words of a span's trace id. */
export type TraceId = Pick<Span, "trace0" | "trace1" | "trace2" | "trace3">;

/** A span with its time and meaning, as the statistics observe it. */
export interface SpanEvent {
  /** The span's end, Unix ms, unless its clock was ahead of ours. */
  readonly timeMs: number;
  /** In latencies and windows; false for what counts in totals only. */
  readonly live: boolean;
  /** Not older than what can be amended. Only such events, and only live ones, belong in windows. */
  readonly inWindow: boolean;
  readonly operation: string;
  /** Name of the service, as it is counted. Undefined for a call that an older version held back. */
  readonly service: string | undefined;
  /** The span's duration; for a trade its latency. */
  readonly seconds: number;
  readonly trade: Trade | undefined;
  readonly call: Call | undefined;
  /** For exemplars. Not the whole span: an event may be kept, and a span keeps the body that it came in. */
  readonly span: TraceId;
}

/** A gauge's value as one process reported it. */
export interface PointEvent {
  readonly timeMs: number;
  readonly name: string;
  /** Service and instance. */
  readonly process: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly value: number;
}

export function kindOf({ trade, call }: SpanEvent): EventKind {
  if (trade !== undefined) return "trade";
  return call === undefined ? "other" : call.kind;
}
