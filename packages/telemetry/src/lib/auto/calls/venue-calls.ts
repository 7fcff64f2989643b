import { type Attributes, SpanKind } from "@opentelemetry/api";
import { semconv } from "@slipstream/conventions";
import { type CallOutcome, readAnswer, type VenueCall } from "@slipstream/venues";
import type { Exchange, Follower, Header } from "../transport/exchange.ts";
import type { CallParts } from "./call-parts.ts";
import { errorType } from "./error-type.ts";
import { serverAttributes } from "./http-attributes.ts";
import type { BegunCall, CallSpan, TradeSpans } from "./trade-spans.ts";

/**
 * The calls of one request, of which a batch has several: a span and a latency of each. What the service gave up itself says nothing of the
 * other side: its span has another name, and it counts in no latency.
 */
export class VenueCalls implements Follower {
  readonly headers = undefined;
  readonly wantsBody = true;
  readonly #parts: CallParts;
  readonly #trades: TradeSpans;
  readonly #exchange: Exchange;
  readonly #url: URL;
  readonly #calls: readonly VenueCall[];
  readonly #begun: readonly BegunCall[];
  #status: number | undefined;
  #header: Header | undefined;

  constructor(
    parts: CallParts,
    trades: TradeSpans,
    exchange: Exchange,
    url: URL,
    calls: readonly VenueCall[],
  ) {
    this.#parts = parts;
    this.#trades = trades;
    this.#exchange = exchange;
    this.#url = url;
    this.#calls = calls;
    this.#begun = calls.map((call) => trades.began(call, exchange.startMs, exchange.context));
  }

  answered(status: number, _atMs: number, header: Header): void {
    this.#status = status;
    this.#header = header;
  }

  ended(body: unknown, atMs: number): void {
    const status = this.#status;
    this.#end(readAnswer(this.#calls, { status, body, header: this.#header }), atMs, undefined, false);
  }

  failed(error: unknown, atMs: number, aborted: boolean): void {
    this.#end(readAnswer(this.#calls, {}), atMs, aborted ? undefined : errorType(error), aborted);
  }

  #end(outcomes: readonly CallOutcome[], endMs: number, failure: string | undefined, aborted: boolean): void {
    const { startMs } = this.#exchange;
    const common: Attributes = serverAttributes(this.#url);
    if (this.#status !== undefined) common[semconv.httpStatus] = this.#status;
    for (const [index, begun] of this.#begun.entries()) {
      const outcome = outcomes[index] ?? unknown;
      const span = callSpan(begun.call, outcome, common, { startMs, endMs, failure, aborted });
      if (!aborted) countCall(this.#parts, begun.call, endMs - startMs);
      this.#trades.ended(begun, outcome, endMs, span);
    }
  }
}

export interface CallEnd {
  readonly startMs: number;
  readonly endMs: number;
  /** Why no answer came. */
  readonly failure: string | undefined;
  /** The service gave up. */
  readonly aborted: boolean;
}

export function callSpan(call: VenueCall, outcome: CallOutcome, common: Attributes, end: CallEnd): CallSpan {
  const { startMs, endMs, failure, aborted } = end;
  const { ok, errorCode, attributes } = outcome;
  const name = call.kind === "rpc" ? call.span : (call.span ?? `${call.kind}.${call.operation}`);
  return {
    // No name and no kind that counts as a call.
    name: aborted ? `${name} aborted` : name,
    kind: aborted ? SpanKind.INTERNAL : SpanKind.CLIENT,
    attributes: { ...common, ...attributes },
    problem: failure ?? (ok === false ? (errorCode ?? "_OTHER") : undefined),
    startMs,
    endMs,
  };
}

export function countCall({ instruments }: CallParts, { kind }: VenueCall, ms: number): void {
  if (kind === "rpc") instruments.solanaNodeLatency.record(ms / 1_000);
  if (kind === "jupiter") instruments.jupiterApiLatency.record(ms / 1_000);
}

const unknown: CallOutcome = {
  ok: undefined,
  errorCode: undefined,
  slot: undefined,
  attributes: {},
  facts: [],
};
