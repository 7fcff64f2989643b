import type { Tracer } from "@opentelemetry/api";
import { isTracingSuppressed } from "@opentelemetry/core";
import { AlwaysOnSampler, NodeTracerProvider, type ReadableSpan } from "@opentelemetry/sdk-trace-node";
import { type DecodedSpan, decodeTracesRequest } from "@slipstream/testing/otlp-requests";
import { BatchBuilder } from "../lib/export/batch-builder.ts";
import { LONGEST_ATTRIBUTE } from "../lib/spans/attribute-values.ts";
import type { OwnSpan } from "../lib/spans/own-span.ts";
import { OwnTracer } from "../lib/spans/own-tracer.ts";
import { type Clocks, WallClock } from "../lib/spans/wall-clock.ts";

/** A tracer, with the spans that it has exported, as a receiver decodes them. */
export interface Recording {
  readonly tracer: Tracer;
  exported(): readonly DecodedSpan[];
}

const scope = { name: "test" };

/** The SDK's own tracer, as `setUp` sets it up. */
export function sdkRecording(): Recording {
  const ended: ReadableSpan[] = [];
  const processor = {
    onStart() {},
    onEnd: (span: ReadableSpan) => void ended.push(span),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const provider = new NodeTracerProvider({
    sampler: new AlwaysOnSampler(),
    spanLimits: { attributeValueLengthLimit: LONGEST_ATTRIBUTE },
    spanProcessors: [processor],
  });
  return {
    tracer: provider.getTracer(scope.name),
    exported() {
      const builder = new BatchBuilder({});
      for (const span of ended) builder.add(span);
      return decoded(builder);
    },
  };
}

/** Ours. */
export function ownRecording(clocks?: Clocks): Recording & { readonly ended: readonly OwnSpan[] } {
  const ended: OwnSpan[] = [];
  const clock = new WallClock(clocks);
  const owner = { clock, ended: (span: OwnSpan) => void ended.push(span), drain() {} };
  return {
    tracer: new OwnTracer({ owner, isSuppressed: isTracingSuppressed }),
    ended,
    exported() {
      const builder = new BatchBuilder({});
      for (const span of ended) builder.addCompact(span, scope, clock);
      return decoded(builder);
    },
  };
}

function decoded(builder: BatchBuilder): readonly DecodedSpan[] {
  const { resourceSpans } = decodeTracesRequest(builder.seal().body);
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
}

/** What does not depend on chance: without ids, and attributes in the order of their keys. */
export function comparable({ traceId: _, spanId: __, parentSpanId: ___, ...span }: DecodedSpan): unknown {
  return {
    ...span,
    ...(span.status?.code ? {} : { status: undefined }),
    attributes: sorted(span.attributes),
    events: span.events.map((event) => ({ ...event, attributes: sorted(event.attributes) })),
  };
}

function sorted(attributes: DecodedSpan["attributes"]): DecodedSpan["attributes"] {
  return [...(attributes ?? [])].sort((a, b) => (a.key < b.key ? -1 : 1));
}
