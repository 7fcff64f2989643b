import type { SpanName } from "@slipstream/conventions";
import type { AttributeValues } from "../venue.ts";

/** A trade whose spans are made. The object stays the same: what belongs to it, such as its ids, can be kept by it. */
export interface TradeRef<Context> {
  /** Where its first call was made: the parent of its root span. */
  readonly context: Context;
}

/**
 * A span to make. Children may come before and after their trade's root, which comes once. Times are Unix ms.
 */
export type TradeSpan<Context, Call> =
  /** The span of a call, as it was handed in; of no trade if `trade` is undefined. */
  | {
      readonly kind: "call";
      readonly call: Call;
      readonly context: Context;
      readonly trade: TradeRef<Context> | undefined;
    }
  /** A part of a trade that is no call. */
  | {
      readonly kind: "phase";
      readonly name: SpanName;
      readonly trade: TradeRef<Context>;
      readonly startMs: number;
      readonly endMs: number;
    }
  /** The root: `trade.execute`, or `trade.prepared` for what was never sent and is no trade. */
  | {
      readonly kind: "root";
      readonly name: SpanName | typeof PREPARED;
      readonly trade: TradeRef<Context>;
      readonly startMs: number;
      readonly endMs: number;
      readonly failed: boolean;
      readonly attributes: AttributeValues;
    };

/** Name of the root span of what was built and never sent. */
export const PREPARED = "trade.prepared";
