import { type Attributes, type Span, type SpanStatus, SpanStatusCode } from "@opentelemetry/api";
import { attribute } from "@slipstream/conventions";
import { recordFailure } from "../failure.ts";
import type { Instruments } from "../instruments/instruments.ts";
import type { Observer } from "../observe.ts";
import { type AtDrain, OwnSpan } from "../spans/own-span.ts";
import { systemClocks } from "../spans/wall-clock.ts";
import { mergePlainDetails, plainDetails } from "./trade-attributes.ts";
import type { TradeDetails } from "./trade-details.ts";
import { countTrade } from "./trade-metrics.ts";

/** Details that are kept as they were given; more are merged at once, so that a trade's memory is bounded. */
const MOST_UNMERGED = 16;

type Outcome = "success" | "failed";

/**
 * A trade from its start to its end. If its span is one of our own, the trade is counted, and its details are checked
 * and merged, when the span is encoded.
 */
export class RunningTrade implements Observer, AtDrain {
  readonly span: Span;
  readonly #instruments: Instruments;
  readonly #attributes: Attributes = {};
  #unmerged: TradeDetails[];
  /** The span, if it is one of our own and its times count. */
  readonly #own: OwnSpan | undefined;
  readonly #monotonicNow: () => number;
  readonly #startMs: number;
  /** Undefined while it runs. */
  #outcome: Outcome | undefined;

  constructor(
    span: Span,
    instruments: Instruments,
    details: TradeDetails,
    monotonicNow: (() => number) | undefined,
  ) {
    this.span = span;
    this.#unmerged = [plainDetails(details)];
    this.#instruments = instruments;
    this.#own = monotonicNow === undefined && span instanceof OwnSpan ? span : undefined;
    this.#monotonicNow = monotonicNow ?? systemClocks.monotonicNow;
    this.#startMs = this.#own?.startMs ?? this.#monotonicNow();
  }

  /** Bound, because it may be taken out of the trade. */
  readonly set = (details: TradeDetails): void => {
    if (this.#outcome !== undefined) return;
    if (this.#unmerged.push(plainDetails(details)) >= MOST_UNMERGED) this.#merge();
  };

  succeeded(): void {
    this.#end("success");
  }

  failed(error: unknown): void {
    recordFailure(this.span, error);
    this.#end("failed");
  }

  drained(span: OwnSpan): void {
    const status = this.#complete();
    if (status !== undefined) span.mark(status);
    for (const key in this.#attributes) {
      const value = this.#attributes[key];
      if (value !== undefined) span.put(key, value);
    }
    this.#count(span.endMs);
  }

  #end(outcome: Outcome): void {
    this.#outcome = outcome;
    const own = this.#own;
    if (own !== undefined && !own.ended) {
      own.atDrain = this;
      own.end();
      return;
    }
    const { span } = this;
    const status = this.#complete();
    if (status !== undefined) span.setStatus(status);
    span.setAttributes(this.#attributes);
    this.#count(this.#monotonicNow());
    span.end();
  }

  /** Merges all details; answers the status of the span that they ask for. */
  #complete(): SpanStatus | undefined {
    this.#merge();
    const attributes = this.#attributes;
    const said = attributes[attribute.tradeStatus];
    if (this.#outcome === "failed") attributes[attribute.tradeStatus] = "failed";
    else if (said === undefined) attributes[attribute.tradeStatus] = "success";
    else if (said === "failed") return { code: SpanStatusCode.ERROR };
    return undefined;
  }

  #count(endMs: number): void {
    countTrade(this.#instruments, this.#attributes, (endMs - this.#startMs) / 1_000);
  }

  #merge(): void {
    for (const details of this.#unmerged) mergePlainDetails(this.#attributes, details);
    this.#unmerged = [];
  }
}
