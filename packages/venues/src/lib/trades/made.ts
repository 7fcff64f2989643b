import type { VenueCall } from "../venue-call.ts";
import type { Attempt, TradeName } from "./attempt.ts";
import type { TradeRef } from "./output.ts";
import type { TransactionState } from "./transaction-state.ts";

/** Where and when a call was made. */
export interface Made<Context> {
  /** Unix ms. */
  readonly startMs: number;
  readonly context: Context;
  /** The async context, by identity: calls with the same one may belong together. */
  readonly scope?: object | undefined;
  /** The service says that this scope is one trade, and which. */
  readonly name?: TradeName | undefined;
}

/** A call that has begun. */
export interface Begun<Context, Call> {
  readonly call: VenueCall;
  readonly made: Made<Context>;
  readonly attempts: readonly Attempt<Context, Call>[];
  /** What it sends. */
  readonly transactions: readonly TransactionState[];
  /** A trade that has ended already. */
  readonly over: TradeRef<Context> | undefined;
}
