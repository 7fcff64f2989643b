import { type Tracer, trace } from "@opentelemetry/api";
import { NodeTracerProvider, type ReadableSpan } from "@opentelemetry/sdk-trace-node";

/** A tracer whose ended spans are kept, registered for the whole test file. */
export function recordingTracer(): { readonly tracer: Tracer; readonly spans: ReadableSpan[] } {
  const spans: ReadableSpan[] = [];
  const provider = new NodeTracerProvider({
    spanProcessors: [
      {
        onStart() {},
        onEnd: (span) => spans.push(span),
        forceFlush: async () => {},
        shutdown: async () => {},
      },
    ],
  });
  trace.disable();
  provider.register();
  return { tracer: provider.getTracer("test"), spans };
}

/** Seconds, from OpenTelemetry's [seconds, nanoseconds]. */
export function secondsOf([seconds, nanoseconds]: readonly [number, number]): number {
  return seconds + nanoseconds / 1e9;
}
