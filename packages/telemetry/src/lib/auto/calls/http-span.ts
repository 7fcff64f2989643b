import {
  isSpanContextValid,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
} from "@opentelemetry/api";
import { semconv } from "@slipstream/conventions";
import { type CallOutcome, readAnswer, type VenueCall } from "@slipstream/venues";
import type { Exchange, Follower, Header } from "../transport/exchange.ts";
import type { CallParts } from "./call-parts.ts";
import { errorType } from "./error-type.ts";
import { httpAttributes } from "./http-attributes.ts";
import type { BegunCall, TradeSpans } from "./trade-spans.ts";

export interface HttpSpanOptions {
  /** What it calls, if that has no span of its own. */
  readonly calls: readonly VenueCall[];
  /** Whether its host is a node, Jupiter or a landing service. */
  readonly isAtVenue: boolean;
  readonly addsHeader: boolean;
}

/** The span of a request of HTTP, by OpenTelemetry's conventions. */
export class HttpSpan implements Follower {
  readonly headers: Readonly<Record<string, string>> | undefined;
  readonly #span: Span;
  readonly #calls: readonly VenueCall[];
  readonly #trades: TradeSpans;
  readonly #begun: readonly BegunCall[];
  #status: number | undefined;
  #header: Header | undefined;

  constructor(parts: CallParts, trades: TradeSpans, exchange: Exchange, url: URL, options: HttpSpanOptions) {
    const { calls, isAtVenue, addsHeader } = options;
    const { startMs, context } = exchange;
    const { name, attributes } = httpAttributes(exchange.method, url, isAtVenue);
    this.#calls = calls;
    this.#trades = trades;
    this.#begun = calls.map((call) => trades.began(call, startMs, context));
    this.#span = parts.tracer.startSpan(name, { kind: SpanKind.CLIENT, startTime: startMs }, context);
    this.#span.setAttributes(attributes);
    this.headers = addsHeader ? traceHeaders(this.#span.spanContext()) : undefined;
  }

  get wantsBody(): boolean {
    return this.#calls.length > 0;
  }

  answered(status: number, _atMs: number, header: Header): void {
    this.#status = status;
    this.#header = header;
    this.#span.setAttribute(semconv.httpStatus, status);
  }

  ended(body: unknown, atMs: number): void {
    const status = this.#status;
    this.#tell(readAnswer(this.#calls, { status, body, header: this.#header }), atMs);
    this.#end(status !== undefined && status >= 400 ? String(status) : undefined, atMs);
  }

  failed(error: unknown, atMs: number, aborted: boolean): void {
    // An answer that the service cannot parse came all the same.
    const came = this.#status !== undefined && error instanceof SyntaxError;
    if (came) {
      this.ended(undefined, atMs);
      return;
    }
    this.#tell(readAnswer(this.#calls, {}), atMs);
    this.#end(aborted ? undefined : errorType(error), atMs);
  }

  /** Such calls say something of trades, though their spans are those of HTTP. */
  #tell(outcomes: readonly CallOutcome[], atMs: number): void {
    for (const [index, begun] of this.#begun.entries()) {
      const outcome = outcomes[index];
      if (outcome === undefined) continue;
      this.#span.setAttributes(outcome.attributes);
      this.#trades.ended(begun, outcome, atMs, undefined);
    }
  }

  #end(problem: string | undefined, atMs: number): void {
    if (problem !== undefined) {
      this.#span.setAttribute(semconv.errorType, problem);
      this.#span.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.#span.end(atMs);
  }
}

/** Source: w3.org/TR/trace-context */
function traceHeaders(span: SpanContext): Readonly<Record<string, string>> | undefined {
  if (!isSpanContextValid(span)) return undefined;
  const { traceId, spanId, traceFlags, traceState } = span;
  const flags = (traceFlags & TraceFlags.SAMPLED) === 0 ? "00" : "01";
  const state = traceState?.serialize() ?? "";
  return { traceparent: `00-${traceId}-${spanId}-${flags}`, ...(state === "" ? {} : { tracestate: state }) };
}
