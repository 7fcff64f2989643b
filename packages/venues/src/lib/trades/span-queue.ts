import type { Attempt } from "./attempt.ts";
import type { TradeRef, TradeSpan } from "./output.ts";

/** Spans of one attempt that wait. */
const MOST_WAITING = 64;

/** Spans that are to be made, in their order, and those that wait with their attempts. */
export class SpanQueue<Context, Call> {
  #ready: TradeSpan<Context, Call>[] = [];

  add(...spans: readonly TradeSpan<Context, Call>[]): void {
    this.#ready.push(...spans);
  }

  /**
   * A call's span: under its trade, with its attempt until it is known whether that is a trade, or under nothing.
   * @param over a trade that has ended, which the call is of
   */
  place(
    call: Call,
    context: Context,
    attempt: Attempt<Context, Call> | undefined,
    over: TradeRef<Context> | undefined,
  ): void {
    const span = { kind: "call", call, context } as const;
    if (attempt?.isPrepared === true) this.add({ ...span, trade: attempt.ref });
    else if (attempt === undefined || attempt.isOver || attempt.waiting.length >= MOST_WAITING)
      this.add({ ...span, trade: over });
    else attempt.waiting.push({ ...span, trade: undefined });
  }

  /** What waited goes out, as children of the trade or of nothing. */
  release(attempt: Attempt<Context, Call>, trade: TradeRef<Context> | undefined): void {
    for (const span of attempt.waiting) this.add({ ...span, trade });
    attempt.waiting = [];
  }

  /** What is ready, once. */
  take(): readonly TradeSpan<Context, Call>[] {
    const taken = this.#ready;
    this.#ready = [];
    return taken;
  }
}
