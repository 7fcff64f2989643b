import {
  type Attributes,
  context,
  ROOT_CONTEXT,
  type Span,
  SpanStatusCode,
  type Tracer,
} from "@opentelemetry/api";
import { attribute, spanName } from "@slipstream/conventions";
import { hrTimeOf } from "../hr-time.ts";
import type { Instruments } from "../instruments/instruments.ts";
import { observed } from "../observe.ts";
import { withActiveSpan } from "../spans/active-span.ts";
import { RunningTrade } from "./running-trade.ts";
import { mergeTradeDetails } from "./trade-attributes.ts";
import type { TradeDetails } from "./trade-details.ts";
import { countTrade } from "./trade-metrics.ts";

/** A trade in progress. */
export interface Trade {
  /** The `trade.execute` span. */
  readonly span: Span;
  /** Adds details as they become known; a later value replaces an earlier one. Never throws. */
  set(details: TradeDetails): void;
}

export interface TradeRecorderOptions {
  readonly tracer: Tracer;
  readonly instruments: Instruments;
  /** A clock in ms that never jumps. */
  readonly monotonicNow?: () => number;
}

/**
 * Writes the `trade.execute` span of each trade and counts it. Only the details named in `TradeDetails` are
 * kept.
 */
export class TradeRecorder {
  readonly #tracer: Tracer;
  readonly #instruments: Instruments;
  readonly #monotonicNow: (() => number) | undefined;

  constructor({ tracer, instruments, monotonicNow }: TradeRecorderOptions) {
    this.#tracer = tracer;
    this.#instruments = instruments;
    this.#monotonicNow = monotonicNow;
  }

  /**
   * Runs `fn` as one trade. The trade's root span is active inside, so the calls of `fn` become its children.
   * The trade has failed if `fn` throws or rejects, or after `trade.set({ status: "failed" })`. Results and
   * errors of `fn` pass through unchanged.
   */
  execute<T>(details: TradeDetails, fn: (trade: Trade) => Promise<T>): Promise<T> {
    const parent = context.active();
    const span = this.#tracer.startSpan(spanName.tradeExecute, undefined, parent);
    const active = withActiveSpan(parent, span);
    const trade = new RunningTrade(span, this.#instruments, details, this.#monotonicNow);
    return observed(() => context.with(active, fn, undefined, trade), trade);
  }

  /**
   * Records a trade after the fact. `startMs` and `endMs` are Unix time. An invalid `endMs` is replaced by
   * the current time, an invalid `startMs` by the end. Never throws.
   */
  record(trade: TradeDetails & { readonly startMs: number; readonly endMs: number }): void {
    const attributes: Attributes = { [attribute.tradeStatus]: "success" };
    mergeTradeDetails(attributes, trade);
    const { startMs, endMs } = times(trade);
    const span = this.#tracer.startSpan(
      spanName.tradeExecute,
      { startTime: hrTimeOf(startMs ?? endMs) },
      ROOT_CONTEXT,
    );
    if (attributes[attribute.tradeStatus] === "failed") span.setStatus({ code: SpanStatusCode.ERROR });
    span.setAttributes(attributes);
    countTrade(this.#instruments, attributes, startMs === undefined ? undefined : (endMs - startMs) / 1_000);
    span.end(hrTimeOf(endMs));
  }
}

function times(trade: { readonly startMs: number; readonly endMs: number }): {
  startMs: number | undefined;
  endMs: number;
} {
  try {
    const { startMs, endMs } = trade;
    const end = isTime(endMs) ? endMs : Date.now();
    return { startMs: isTime(startMs) && startMs <= end ? startMs : undefined, endMs: end };
  } catch {
    return { startMs: undefined, endMs: Date.now() };
  }
}

function isTime(ms: unknown): ms is number {
  return typeof ms === "number" && ms >= 0 && ms < 2 ** 53;
}
