import { setInterval } from "node:timers";
import {
  type Attributes,
  type Context,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { semconv, spanName } from "@slipstream/conventions";
import {
  type Begun,
  type CallOutcome,
  type TradeFact,
  type TradeRef,
  type TradeSpan,
  Trades,
  type VenueCall,
} from "@slipstream/venues";
import { withActiveSpan } from "../../spans/active-span.ts";
import { OwnSpan } from "../../spans/own-span.ts";
import { countTrade } from "../../trades/trade-metrics.ts";
import type { CallParts } from "./call-parts.ts";
import { scopeOf } from "./scope.ts";

/** The span of a call, to be made when it is known which trade it belongs to. Times are monotonic, ms. */
export interface CallSpan {
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes: Attributes;
  /** What `error.type` says; undefined: it did not fail. */
  readonly problem: string | undefined;
  readonly startMs: number;
  readonly endMs: number;
}

/** A call that has left. */
export type BegunCall = Begun<Context, CallSpan | undefined>;

const CHECK_MS = 250;
/** Trades are told Unix times: the same clock, from another beginning. */
const ORIGIN_MS = performance.timeOrigin;

/** Makes the spans of calls and of the trades that they belong to, and counts the trades. */
export class TradeSpans {
  readonly #parts: CallParts;
  readonly #trades = new Trades<Context, CallSpan | undefined>();
  /** Their root spans, from the first of their spans on. */
  readonly #roots = new WeakMap<TradeRef<Context>, Span>();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: CallParts) {
    this.#parts = parts;
  }

  /** @param startMs monotonic, ms */
  began(call: VenueCall, startMs: number, context: Context): BegunCall {
    return this.#trades.began(call, { startMs: startMs + ORIGIN_MS, context, scope: scopeOf(call) });
  }

  /** @param span of the call; undefined if it has been made already */
  ended(begun: BegunCall, outcome: CallOutcome, endMs: number, span: CallSpan | undefined): void {
    this.#write(this.#trades.ended(begun, outcome, endMs + ORIGIN_MS, span));
    this.#watch();
  }

  /** Something came that answers no call. */
  noticed(facts: readonly TradeFact[]): void {
    this.#trades.noticed(facts, performance.now() + ORIGIN_MS);
    this.#watch();
  }

  /** Ends all trades with what is known of them: the process is about to exit. */
  settle(): void {
    this.#write(this.#trades.end(performance.now() + ORIGIN_MS));
  }

  #watch(): void {
    if (this.#trades.open === 0) return;
    // It keeps no process alive.
    this.#timer ??= setInterval(() => this.#check(), CHECK_MS).unref();
  }

  #check(): void {
    try {
      this.#write(this.#trades.due(performance.now() + ORIGIN_MS));
    } catch (error) {
      this.#parts.onError(error);
    }
    if (this.#trades.open > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #write(spans: readonly TradeSpan<Context, CallSpan | undefined>[]): void {
    for (const span of spans) {
      switch (span.kind) {
        case "call":
          if (span.call !== undefined) this.#writeCall(span.call, span.context, span.trade);
          break;
        case "phase": {
          const startTime = span.startMs - ORIGIN_MS;
          const within = this.#within(span.trade, span.startMs);
          const isWaiting = span.name === spanName.solanaConfirm;
          const kind = isWaiting ? SpanKind.CLIENT : SpanKind.INTERNAL;
          this.#parts.tracer.startSpan(span.name, { kind, startTime }, within).end(span.endMs - ORIGIN_MS);
          break;
        }
        case "root":
          this.#writeRoot(span);
      }
    }
  }

  #writeCall(call: CallSpan, context: Context, trade: TradeRef<Context> | undefined): void {
    const { name, kind, attributes, problem, startMs: startTime, endMs } = call;
    const within = trade === undefined ? context : this.#within(trade, startTime + ORIGIN_MS);
    const span = this.#parts.tracer.startSpan(name, { kind, startTime }, within);
    span.setAttributes(attributes);
    if (problem !== undefined) {
      span.setAttribute(semconv.errorType, problem);
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end(endMs);
  }

  #writeRoot({
    trade: ref,
    name,
    startMs,
    endMs,
    failed,
    attributes,
  }: TradeSpan<Context, unknown> & { kind: "root" }): void {
    const root = this.#root(ref, startMs);
    // The service makes this trade's root itself.
    if (root === ownRoot(ref)) return;
    if (root instanceof OwnSpan) root.beganAt(startMs - ORIGIN_MS);
    if (name !== spanName.tradeExecute) root.updateName(name);
    root.setAttributes(attributes);
    if (failed) root.setStatus({ code: SpanStatusCode.ERROR });
    root.end(endMs - ORIGIN_MS);
    if (name === spanName.tradeExecute)
      countTrade(this.#parts.instruments, attributes, (endMs - startMs) / 1_000);
  }

  #within(ref: TradeRef<Context>, startMs: number): Context {
    return withActiveSpan(ref.context, this.#root(ref, startMs));
  }

  #root(ref: TradeRef<Context>, startMs: number): Span {
    const known = this.#roots.get(ref) ?? ownRoot(ref);
    if (known !== undefined) return known;
    const options = { startTime: startMs - ORIGIN_MS };
    const made = this.#parts.tracer.startSpan(spanName.tradeExecute, options, ref.context);
    this.#roots.set(ref, made);
    return made;
  }
}

/** The span of the trade that the service itself records, if the trade's calls are made in one. */
function ownRoot({ context }: TradeRef<Context>): Span | undefined {
  const span = trace.getSpan(context);
  return span instanceof OwnSpan && span.name === spanName.tradeExecute ? span : undefined;
}
