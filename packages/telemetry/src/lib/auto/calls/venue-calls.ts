import { type Attributes, SpanKind, SpanStatusCode, type Tracer } from "@opentelemetry/api";
import { semconv } from "@slipstream/conventions";
import { type CallOutcome, readAnswer, type VenueCall } from "@slipstream/venues";
import type { Instruments } from "../../instruments/instruments.ts";
import type { Exchange, Follower, Header } from "../transport/exchange.ts";
import { errorType } from "./error-type.ts";
import { serverAttributes } from "./http-attributes.ts";

export interface CallParts {
  readonly tracer: Tracer;
  readonly instruments: Instruments;
}

/**
 * The calls of one request, of which a batch has several: a span and a latency of each. Spans are made when the calls have ended. What the
 * service gave up itself says nothing of the other side: its span has another name, and it counts in no latency.
 */
export class VenueCalls implements Follower {
  readonly headers = undefined;
  readonly wantsBody = true;
  readonly #parts: CallParts;
  readonly #exchange: Exchange;
  readonly #url: URL;
  readonly #calls: readonly VenueCall[];
  #status: number | undefined;
  #header: Header | undefined;

  constructor(parts: CallParts, exchange: Exchange, url: URL, calls: readonly VenueCall[]) {
    this.#parts = parts;
    this.#exchange = exchange;
    this.#url = url;
    this.#calls = calls;
  }

  answered(status: number, _atMs: number, header: Header): void {
    this.#status = status;
    this.#header = header;
  }

  ended(body: unknown, atMs: number): void {
    this.#end(body, atMs, undefined, false);
  }

  failed(error: unknown, atMs: number, aborted: boolean): void {
    this.#end(undefined, atMs, aborted ? undefined : errorType(error), aborted);
  }

  #end(body: unknown, atMs: number, failure: string | undefined, aborted: boolean): void {
    const status = this.#status;
    const outcomes = readAnswer(
      this.#calls,
      failure === undefined && !aborted ? { status, body, header: this.#header } : {},
    );
    const common: Attributes = serverAttributes(this.#url);
    if (status !== undefined) common[semconv.httpStatus] = status;
    for (const [index, call] of this.#calls.entries()) {
      const { ok, errorCode, attributes } = outcomes[index] ?? unknown;
      const problem = failure ?? (ok === false ? (errorCode ?? "_OTHER") : undefined);
      this.#write(call, { ...common, ...attributes }, atMs, problem, aborted);
      if (!aborted) this.#count(call, atMs);
    }
  }

  #write(
    call: VenueCall,
    attributes: Attributes,
    endMs: number,
    problem: string | undefined,
    aborted: boolean,
  ): void {
    const { startMs, context } = this.#exchange;
    const name = call.span ?? `${call.kind}.${"operation" in call ? call.operation : "call"}`;
    const span = this.#parts.tracer.startSpan(
      aborted ? `${name} aborted` : name,
      { kind: aborted ? SpanKind.INTERNAL : SpanKind.CLIENT, startTime: startMs },
      context,
    );
    span.setAttributes(attributes);
    if (problem !== undefined) {
      span.setAttribute(semconv.errorType, problem);
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end(endMs);
  }

  #count({ kind }: VenueCall, endMs: number): void {
    const { solanaNodeLatency, jupiterApiLatency } = this.#parts.instruments;
    const seconds = (endMs - this.#exchange.startMs) / 1_000;
    if (kind === "rpc") solanaNodeLatency.record(seconds);
    if (kind === "jupiter") jupiterApiLatency.record(seconds);
  }
}

const unknown: Pick<CallOutcome, "ok" | "errorCode" | "attributes"> = {
  ok: undefined,
  errorCode: undefined,
  attributes: {},
};
