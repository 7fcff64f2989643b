import { type Context, ROOT_CONTEXT, type Span, trace } from "@opentelemetry/api";

/** The key under which OpenTelemetry's API keeps the active span in a context. */
const SPAN_KEY: symbol = spanKey();

/**
 * `context` with `span` as the active one: what `trace.setSpan` gives, without its copy of all values. It refers to no
 * span that was active before, so it keeps none in memory.
 */
export function withActiveSpan(context: Context, span: Span): Context {
  return new ActiveSpanContext(context instanceof ActiveSpanContext ? context.rest : context, span);
}

class ActiveSpanContext implements Context {
  readonly rest: Context;
  readonly span: Span;

  constructor(rest: Context, span: Span) {
    this.rest = rest;
    this.span = span;
  }

  getValue(key: symbol): unknown {
    return key === SPAN_KEY ? this.span : this.rest.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    if (key === SPAN_KEY) return this.rest.setValue(key, value);
    return new ActiveSpanContext(this.rest.setValue(key, value), this.span);
  }

  deleteValue(key: symbol): Context {
    if (key === SPAN_KEY) return this.rest.deleteValue(key);
    return new ActiveSpanContext(this.rest.deleteValue(key), this.span);
  }
}

function spanKey(): symbol {
  let used: symbol | undefined;
  const probe: Context = {
    getValue: () => undefined,
    setValue: (key) => {
      used = key;
      return ROOT_CONTEXT;
    },
    deleteValue: () => ROOT_CONTEXT,
  };
  trace.setSpan(probe, trace.wrapSpanContext({ traceId: "", spanId: "", traceFlags: 0 }));
  if (used === undefined) throw new Error("the OpenTelemetry API keeps no span in a context");
  return used;
}
