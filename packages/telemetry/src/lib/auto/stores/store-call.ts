import {
  type Attributes,
  type Context,
  context,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { semconv, spanName } from "@slipstream/conventions";
import type { Observer } from "../../observe.ts";
import { withActiveSpan } from "../../spans/active-span.ts";
import { OwnSpan } from "../../spans/own-span.ts";
import type { AutoParts } from "../auto-parts.ts";

/** A call of a database, before it is made. */
export interface StoreCallFacts {
  /** Of the span, if the call does not write; a write is `db.write`. */
  readonly name: string;
  readonly writes: boolean;
  readonly attributes: Attributes;
  /** The server has answered, or could not be reached. */
  readonly onEnd?: (reached: boolean) => void;
}

/** A call in progress. It ends once, whatever is called how often. */
export class StoreCall implements Observer {
  /** Where the call is made from. */
  readonly context: Context;
  readonly #parts: AutoParts;
  readonly #facts: StoreCallFacts;
  /** Undefined if another SDK has one of the same call. */
  readonly #span: Span | undefined;
  readonly #startMs: number = performance.now();
  #ended = false;

  constructor(parts: AutoParts, facts: StoreCallFacts, within: Context = context.active()) {
    this.#parts = parts;
    this.#facts = facts;
    this.context = within;
    const { writes, name, attributes } = facts;
    if (isDatabaseCall(trace.getSpan(within))) return;
    this.#span = parts.tracer.startSpan(writes ? spanName.dbWrite : name, { kind: SpanKind.CLIENT }, within);
    this.#span.setAttributes(attributes);
  }

  /** The context in which the call's own requests are made. */
  get inside(): Context {
    return this.#span === undefined ? this.context : withActiveSpan(this.context, this.#span);
  }

  succeeded(): void {
    this.#end(undefined);
  }

  /** Neither the error's message nor its stack is kept: both may quote what was written. */
  failed(error: unknown): void {
    this.#end(failureOf(error));
  }

  #end(failure: Failure | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    try {
      if (failure !== undefined) {
        this.#span?.setAttribute(semconv.errorType, failure.type);
        if (failure.answered) this.#span?.setAttribute(semconv.dbResponseStatus, failure.type);
        this.#span?.setStatus({ code: SpanStatusCode.ERROR });
      }
      this.#span?.end();
      if (this.#facts.writes) {
        const seconds = (performance.now() - this.#startMs) / 1_000;
        this.#parts.telemetry.instruments.databaseWriteLatency.record(seconds);
      }
      this.#facts.onEnd?.(failure?.answered ?? true);
    } catch {
      // The service's own call goes on.
    }
  }
}

/** Whether it is a span of an instrumentation that follows the same client: the call is not to count twice. */
function isDatabaseCall(span: Span | undefined): boolean {
  if (span === undefined || span instanceof OwnSpan) return false;
  const { attributes, kind } = span as { attributes?: Attributes; kind?: SpanKind };
  return (
    kind === SpanKind.CLIENT &&
    (attributes?.[semconv.dbSystem] !== undefined || attributes?.[semconv.dbSystemOld] !== undefined)
  );
}

interface Failure {
  readonly type: string;
  /** Whether the server has said so. */
  readonly answered: boolean;
}

/** Codes of PostgreSQL that mean: not now. */
const NOT_REACHED = /^(?:57P0[1-5]|53300|08...)$/;

function failureOf(error: unknown): Failure {
  const { code, name, message } = (typeof error === "object" && error !== null ? error : {}) as Record<
    "code" | "name" | "message",
    unknown
  >;
  const text = typeof message === "string" ? message : "";
  if (typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) && /\d/.test(code))
    return { type: code, answered: !NOT_REACHED.test(code) };
  if (typeof code === "string" && /^[A-Z][A-Z0-9_]{2,40}$/.test(code)) return { type: code, answered: false };
  // "WRONGTYPE Operation against a key": Redis puts its code first.
  const word = name === "ReplyError" ? /^[A-Z]{2,40}\b/.exec(text)?.[0] : undefined;
  if (word !== undefined) return { type: word, answered: true };
  if (/timed? ?out/i.test(text)) return { type: "timeout", answered: false };
  return { type: typeof name === "string" && /^\w{1,60}$/.test(name) ? name : "_OTHER", answered: false };
}
