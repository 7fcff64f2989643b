import type { TradeSide } from "@slipstream/conventions";
import type { ExecutedFact, Quote } from "../facts.ts";
import type { TradeRef, TradeSpan } from "./output.ts";
import type { TransactionState } from "./transaction-state.ts";

/** What a service says itself of a trade. */
export interface TradeName {
  readonly pair?: string | undefined;
  readonly side?: TradeSide | undefined;
  readonly strategy?: string | undefined;
  readonly sizeUsd?: number | undefined;
}

/** What may become a trade, from its first quote on. */
export interface Attempt<Context, Call> {
  readonly ref: TradeRef<Context>;
  /** The async contexts that its calls were made in. */
  readonly scopes: Set<object>;
  readonly name: TradeName | undefined;
  /** Its first call began: the decision. */
  startMs: number;
  /** Its last call ended, or a fact came. */
  lastMs: number;
  /** Whether a transaction was asked for, so that its spans have a root. */
  isPrepared: boolean;
  /** Whether it has ended. */
  isOver: boolean;
  readonly transactions: TransactionState[];
  /** Tips of transactions in its bundles that do not swap, by the hashes of their messages. */
  readonly companionTips: Map<string, number>;
  quote: Quote | undefined;
  taker: string | undefined;
  executed: { readonly fact: ExecutedFact; readonly atMs: number } | undefined;
  /** The transaction to sign came. */
  builtMs: number | undefined;
  /** Ends of its calls. */
  readonly callEnds: number[];
  /** Spans that wait until it is known whether they belong to a trade. */
  waiting: (TradeSpan<Context, Call> & { kind: "call" })[];
  /** Names by which it is found. */
  readonly keys: Set<string>;
}
