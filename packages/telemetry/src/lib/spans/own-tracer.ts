import {
  type Context,
  context,
  INVALID_SPAN_CONTEXT,
  isSpanContextValid,
  type Span,
  type SpanOptions,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { withActiveSpan } from "./active-span.ts";
import { OwnSpan, type SpanOwner } from "./own-span.ts";
import { randomTraceId, traceIdOf } from "./trace-ids.ts";

export interface OwnTracerOptions {
  readonly owner: SpanOwner;
  /** Whether OpenTelemetry's SDK would make no span in a context. */
  readonly isSuppressed: (context: Context) => boolean;
}

/** Starts spans as a tracer of the SDK that samples all of them. */
export class OwnTracer implements Tracer {
  readonly #owner: SpanOwner;
  readonly #isSuppressed: (context: Context) => boolean;

  constructor({ owner, isSuppressed }: OwnTracerOptions) {
    this.#owner = owner;
    this.#isSuppressed = isSuppressed;
  }

  startSpan(name: string, options: SpanOptions = {}, within: Context = context.active()): Span {
    if (this.#isSuppressed(within)) return trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
    const { kind, startTime, root, attributes, links } = options;
    const parent = root === true ? undefined : parentOf(within);
    const traceId =
      parent === undefined ? randomTraceId() : parent instanceof OwnSpan ? parent.trace : traceIdOf(parent);
    const span = new OwnSpan(this.#owner, name, kind, traceId, parent, startTime);
    if (links !== undefined) span.addLinks(links);
    if (attributes !== undefined) span.setAttributes(attributes);
    return span;
  }

  startActiveSpan<F extends (span: Span) => unknown>(name: string, fn: F): ReturnType<F>;
  startActiveSpan<F extends (span: Span) => unknown>(
    name: string,
    options: SpanOptions | undefined,
    fn: F,
  ): ReturnType<F>;
  startActiveSpan<F extends (span: Span) => unknown>(
    name: string,
    options: SpanOptions | undefined,
    within: Context | undefined,
    fn: F,
  ): ReturnType<F>;
  startActiveSpan<F extends (span: Span) => unknown>(name: string, ...rest: unknown[]): ReturnType<F> {
    const fn = rest.pop() as F;
    const [options, within = context.active()] = rest as [SpanOptions?, Context?];
    const span = this.startSpan(name, options, within);
    return context.with(withActiveSpan(within, span), fn as (span: Span) => ReturnType<F>, undefined, span);
  }
}

/** The context of a span that is not ours is copied as it is; one that is invalid is no parent. */
function parentOf(within: Context): OwnSpan | ReturnType<Span["spanContext"]> | undefined {
  const active = trace.getSpan(within);
  if (active === undefined || active instanceof OwnSpan) return active;
  const foreign = active.spanContext();
  return foreign !== undefined && isSpanContextValid(foreign) ? foreign : undefined;
}
