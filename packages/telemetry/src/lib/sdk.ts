import {
  context,
  createContextKey,
  type HrTime,
  metrics,
  ProxyTracerProvider,
  ROOT_CONTEXT,
  TraceFlags,
  type Tracer,
  trace,
  ValueType,
} from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { ExportResultCode, isTracingSuppressed, suppressTracing } from "@opentelemetry/core";
import { ProtobufMetricsSerializer } from "@opentelemetry/otlp-transformer";
import { type Resource, resourceFromAttributes } from "@opentelemetry/resources";
import {
  AggregationTemporality,
  DataPointType,
  MeterProvider,
  type MetricData,
  type MetricProducer,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
  type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";
import { AlwaysOnSampler, NodeTracerProvider, type SpanProcessor } from "@opentelemetry/sdk-trace-node";
import { attribute, ucumUnit } from "@slipstream/conventions";
import type { EncodableSpan } from "@slipstream/otlp/encode";
import { hrTimeOf } from "./hr-time.ts";
import type { MetricSnapshot } from "./instruments/snapshot.ts";
import { LONGEST_ATTRIBUTE } from "./spans/attribute-values.ts";
import type { OwnSpan } from "./spans/own-span.ts";
import { OwnTracer } from "./spans/own-tracer.ts";
import type { WallClock } from "./spans/wall-clock.ts";

// The only file that depends on the OpenTelemetry SDK, so an upgrade affects only this file.

export { isTracingSuppressed, suppressTracing };

/** Variables that change what spans there are and what they hold. Our own spans know only the defaults. */
const SPAN_VARIABLES = [
  "OTEL_TRACES_SAMPLER",
  "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT",
  "OTEL_ATTRIBUTE_COUNT_LIMIT",
  "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT",
  "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT",
  "OTEL_SPAN_EVENT_COUNT_LIMIT",
  "OTEL_SPAN_LINK_COUNT_LIMIT",
  "OTEL_SPAN_ATTRIBUTE_PER_EVENT_COUNT_LIMIT",
  "OTEL_SPAN_ATTRIBUTE_PER_LINK_COUNT_LIMIT",
] as const;
const probe: symbol = createContextKey("slipstream.probe");

/**
 * How the OpenTelemetry API gets the tracer and meter provider. `global`: they are registered. `yielding`: the tracer provider is used until
 * another SDK registers its own, before or after; metrics stay the other's.
 */
export type Registration = "global" | "yielding" | "none";

export interface SdkOptions {
  readonly scope: { readonly name: string; readonly version: string };
  readonly resource: Readonly<Record<string, string>>;
  readonly registration: Registration;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly metricIntervalMs: number;
  readonly startMs: number;
  /** The service's own instruments. */
  readonly collect: () => readonly MetricSnapshot[];
  readonly clock: WallClock;
  /** Must not throw. */
  readonly onSpanEnd: (span: OwnSpan | EncodableSpan) => void;
  /** Must not throw. */
  readonly drain: () => void;
  readonly onMetrics: (body: Uint8Array) => void;
  readonly onError: (message: string) => void;
}

export interface Sdk {
  /** Makes spans of our own, or the SDK's if the environment says which spans are made or what they hold. */
  readonly tracer: Tracer;
  /** Runs `fn` outside of any span and untraced, for telemetry's own requests. */
  untraced<T>(fn: () => T): T;
  /** Collects every metric and passes it to `onMetrics`. Never rejects. */
  exportMetrics(): Promise<void>;
  /** Encodes the service's own instruments synchronously, for a process that is about to exit. */
  encodeOwnMetrics(): Uint8Array | undefined;
  /**
   * Stops the periodic export and removes the global registrations. Resolves within `timeoutMs`, never
   * rejects.
   */
  shutdown(timeoutMs: number): Promise<void>;
}

export function startSdk(options: SdkOptions): Sdk {
  const resource = resourceFromAttributes(options.resource);
  const numbers = { last: 0 };
  const tracerProvider = new NodeTracerProvider({
    resource,
    spanProcessors: [numberingProcessor(options.onSpanEnd, numbers)],
    // Exact counts need every trade, whatever a remote caller sampled.
    ...(options.env.OTEL_TRACES_SAMPLER ? {} : { sampler: new AlwaysOnSampler() }),
    ...(options.env.OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT || options.env.OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT
      ? {}
      : { spanLimits: { attributeValueLengthLimit: LONGEST_ATTRIBUTE } }),
  });
  const producer = metricProducer(options, resource);
  const reader = new PeriodicExportingMetricReader({
    exporter: pushExporter(options.onMetrics),
    exportIntervalMillis: options.metricIntervalMs,
    exportTimeoutMillis: options.metricIntervalMs,
    metricProducers: [producer],
  });
  const meterProvider = new MeterProvider({ resource, readers: [reader] });
  ensureContextManager();
  const unregister = registered(options, tracerProvider, meterProvider);
  const outside = suppressTracing(ROOT_CONTEXT);
  return {
    tracer: SPAN_VARIABLES.some((name) => options.env[name])
      ? tracerProvider.getTracer(options.scope.name, options.scope.version)
      : ownTracer(options, numbers),
    untraced: (fn) => context.with(outside, fn),
    exportMetrics: () => reader.forceFlush().catch(() => {}),
    encodeOwnMetrics: () =>
      ProtobufMetricsSerializer.serializeRequest({ resource, scopeMetrics: scopeMetrics(options) }),
    shutdown: async (timeoutMs) => {
      unregister();
      await Promise.allSettled([
        tracerProvider.shutdown(),
        meterProvider.shutdown({ timeoutMillis: timeoutMs }),
      ]);
    },
  };
}

/** The number of the span that ended last: 1, 2, ... */
interface Numbers {
  last: number;
}

function ownTracer({ clock, onSpanEnd, drain }: SdkOptions, numbers: Numbers): Tracer {
  const ended = (span: OwnSpan): void => {
    numbers.last += 1;
    span.seq = numbers.last;
    onSpanEnd(span);
  };
  return new OwnTracer({ owner: { clock, ended, drain }, isSuppressed: isTracingSuppressed });
}

/** Numbers the SDK's spans and passes them on. */
function numberingProcessor(onSpanEnd: (span: EncodableSpan) => void, numbers: Numbers): SpanProcessor {
  return {
    onStart() {},
    onEnding(span) {
      if (!isSampled(span.spanContext().traceFlags)) return;
      numbers.last += 1;
      // Not with setAttribute: a span that has reached its attribute limit needs its number too.
      span.attributes[attribute.slipstreamSeq] = numbers.last;
    },
    onEnd(span) {
      if (isSampled(span.spanContext().traceFlags)) onSpanEnd(span);
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}

function isSampled(traceFlags: number): boolean {
  return (traceFlags & TraceFlags.SAMPLED) !== 0;
}

function pushExporter(onMetrics: (body: Uint8Array) => void): PushMetricExporter {
  return {
    export(resourceMetrics: ResourceMetrics, done) {
      const body = ProtobufMetricsSerializer.serializeRequest(resourceMetrics);
      if (body !== undefined) onMetrics(body);
      // The exporter handles delivery; for the reader the metrics have been exported.
      done({ code: ExportResultCode.SUCCESS });
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}

function metricProducer(options: SdkOptions, resource: Resource): MetricProducer {
  return {
    collect: async () => ({
      resourceMetrics: { resource, scopeMetrics: scopeMetrics(options) },
      errors: [],
    }),
  };
}

function scopeMetrics({ scope, collect, startMs }: SdkOptions): ResourceMetrics["scopeMetrics"] {
  const startTime = hrTimeOf(startMs);
  const endTime = hrTimeOf(Date.now());
  return [{ scope, metrics: collect().map((snapshot) => metricData(snapshot, startTime, endTime)) }];
}

function metricData(snapshot: MetricSnapshot, startTime: HrTime, endTime: HrTime): MetricData {
  const { name, help, unit } = snapshot.definition;
  const base = {
    descriptor: { name, description: help, unit: ucumUnit[unit], valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  if (snapshot.kind === "histogram") {
    return {
      ...base,
      dataPointType: DataPointType.HISTOGRAM,
      dataPoints: snapshot.points.map(({ labels, bounds, counts, sum, count }) => ({
        startTime,
        endTime,
        attributes: labels,
        value: { buckets: { boundaries: [...bounds], counts: [...counts] }, sum, count },
      })),
    };
  }
  const dataPoints = snapshot.points.map(({ labels, value }) => ({
    startTime,
    endTime,
    attributes: labels,
    value,
  }));
  return snapshot.kind === "counter"
    ? { ...base, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints }
    : { ...base, dataPointType: DataPointType.GAUGE, dataPoints };
}

/**
 * Without a context manager, no span would know its parent. It stays registered, because running code may
 * need it and it does no harm.
 */
function ensureContextManager(): void {
  const there = context.with(ROOT_CONTEXT.setValue(probe, true), () => context.active().getValue(probe));
  if (there === undefined) context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
}

function registered(
  { registration, onError }: SdkOptions,
  tracerProvider: NodeTracerProvider,
  meterProvider: MeterProvider,
): () => void {
  if (registration === "global") return register(tracerProvider, meterProvider, onError);
  if (registration === "yielding") offer(tracerProvider);
  return () => {};
}

/** The API's proxy asks this provider as long as no other is registered, and no registration is refused because of it. */
function offer(tracerProvider: NodeTracerProvider): void {
  const proxy = trace.getTracerProvider();
  if (proxy instanceof ProxyTracerProvider && proxy.getDelegateTracer("slipstream") === undefined)
    proxy.setDelegate(tracerProvider);
}

function register(
  tracerProvider: NodeTracerProvider,
  meterProvider: MeterProvider,
  onError: (message: string) => void,
): () => void {
  tracerProvider.register({ contextManager: null });
  const proxy = trace.getTracerProvider();
  const ownTraces = proxy instanceof ProxyTracerProvider && proxy.getDelegate() === tracerProvider;
  if (!ownTraces) {
    onError("another OpenTelemetry SDK is already registered; spans of other libraries go to that SDK");
  }
  const ownMetrics = metrics.setGlobalMeterProvider(meterProvider);
  return () => {
    if (ownTraces) trace.disable();
    if (ownMetrics) metrics.disable();
  };
}
