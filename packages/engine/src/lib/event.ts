import type {
  FailureReason,
  Lamports,
  MicroUsd,
  TradeSide,
  TradeSource,
  TradeStatus,
} from "@slipstream/conventions";
import type { NamedOffer } from "@slipstream/mev";
import type { Span } from "@slipstream/otlp/decode";

/** The output of a trade, atoms of the token; bigints where a double could not hold them. */
export interface Fill {
  /** > 0 */
  readonly quoted: number | bigint;
  readonly actual: number | bigint;
}

/** What a `trade.execute` span says, in the units that are summed. Undefined: the span does not say. */
export interface Trade {
  /** failed: rejected, reverted, or its blockhash expired. unknown: in no rate. */
  readonly status: TradeStatus | "unknown";
  /** Why it failed; "unknown" if it does not say. Undefined if it is not known to have failed. */
  readonly failure: FailureReason | "unknown" | undefined;
  readonly side: TradeSide | undefined;
  /** If it is not live, it is in totals only: its time is not now, and it has no latency. */
  readonly source: TradeSource | "unknown";
  /** Decision to the network's acceptance. NaN if it is not known. */
  readonly seconds: number;
  /** Decision to confirmation. */
  readonly confirmSeconds: number | undefined;
  /** Only of a trade that succeeded: else there is no output. */
  readonly fill: Fill | undefined;
  readonly pnlUsd: number | undefined;
  readonly pnlMicroUsd: MicroUsd | undefined;
  readonly priorityFeeLamports: Lamports | undefined;
  readonly baseFeeLamports: number | undefined;
  readonly computeUnitLimit: number | undefined;
  readonly computeUnitPrice: number | undefined;
  readonly slot: number | undefined;
  /** Price of SOL that the desk used. */
  readonly solUsd: number | undefined;
  readonly slippageToleranceBps: number | undefined;
  /** Name of the service, as it is counted. */
  readonly service: string;
  readonly pair: string | undefined;
  readonly strategy: string | undefined;
  /** Dollars, >= 0. */
  readonly sizeUsd: number | undefined;
  /** Protection and tip as the trade names them. */
  readonly named: NamedOffer;
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
  /** The span's end, Unix ms, by the aggregator's clock as far as the service's is known to be wrong. */
  readonly timeMs: number;
  /** In latencies and windows; false for what counts in totals only. */
  readonly live: boolean;
  /** Not older than what can be amended. Only such events, and only live ones, belong in windows. */
  readonly inWindow: boolean;
  readonly operation: string;
  /** Name of the service, as it is counted. Undefined for a call that an older version held back. */
  readonly service: string | undefined;
  /** The span's duration; for a trade its latency. NaN, which nothing counts, if it is not known. */
  readonly seconds: number;
  readonly trade: Trade | undefined;
  readonly call: Call | undefined;
  /** Whether its trace is known to be kept by the Collector's sampler, so that an exemplar may name it. Known when it is counted. */
  kept: boolean;
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
  /** undefined: what it reported cannot be one, so that its value is not known. */
  readonly value: number | undefined;
}

export function kindOf({ trade, call }: SpanEvent): EventKind {
  if (trade !== undefined) return "trade";
  return call === undefined ? "other" : call.kind;
}
