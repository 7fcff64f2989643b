import { randomBytes, randomUUID } from "node:crypto";
import {
  aggregatorMetrics,
  attribute,
  type CanaryPart,
  DOCTOR_SERVICE,
  semconv,
  spanName,
} from "@slipstream/conventions";

/** Tells this process from other doctors. */
const INSTANCE = randomUUID();

const text = (key: string, stringValue: string): object => ({ key, value: { stringValue } });
const yes = (key: string): object => ({ key, value: { boolValue: true } });
const resource = {
  attributes: [text(semconv.serviceName, DOCTOR_SERVICE), text(semconv.serviceInstanceId, INSTANCE)],
};
const scope = { name: "slipstream" };

/** A trade that tests the pipeline. */
export interface CanaryTrade {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** End of its span, Unix ms. */
  readonly endMs: number;
  /** Spans in its trace. */
  readonly spans: number;
  /** The body of an ExportTraceServiceRequest, as JSON. */
  readonly body: string;
}

/** A canary that ends now. */
export function canaryTrade(endMs: number): CanaryTrade {
  const traceId = randomBytes(16).toString("hex");
  const rootId = randomBytes(8).toString("hex");
  const attributes = [
    yes(attribute.slipstreamCanary),
    text(attribute.tradeId, `canary-${traceId.slice(0, 8)}`),
  ];
  const span = (name: string, spanId: string, parentSpanId: string, lastsMs: number): object => ({
    traceId,
    spanId,
    ...(parentSpanId !== "" && { parentSpanId }),
    name,
    kind: 1,
    startTimeUnixNano: nanos(endMs - lastsMs),
    endTimeUnixNano: nanos(endMs),
    status: {},
    attributes,
  });
  const spans = [
    span(spanName.tradeExecute, rootId, "", 2),
    span(spanName.solanaSubmit, randomBytes(8).toString("hex"), rootId, 1),
  ];
  const body = JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope, spans }] }] });
  return { traceId, endMs, spans: spans.length, body };
}

/** What is known of a part: how long the canary took to it, or that it did not come. */
export interface CanaryReport {
  readonly part: CanaryPart;
  /** null: it did not come. */
  readonly seconds: number | null;
}

/**
 * The body of an ExportMetricsServiceRequest, as JSON, which reports what was found.
 *
 * @param lost report also what was not found: whoever watches does, for an alert fires on it
 */
export function reportBody(reports: readonly CanaryReport[], nowMs: number, lost: boolean): string {
  const timeUnixNano = nanos(nowMs);
  const points = (value: (report: CanaryReport) => number | null): object[] =>
    reports.flatMap((report) => {
      const asDouble = value(report);
      return asDouble === null ? [] : [{ attributes: [text("part", report.part)], timeUnixNano, asDouble }];
    });
  const gauge = (
    { name, help }: { name: string; help: string },
    unit: string,
    dataPoints: object[],
  ): object[] => (dataPoints.length === 0 ? [] : [{ name, description: help, unit, gauge: { dataPoints } }]);
  const metrics = [
    ...gauge(
      aggregatorMetrics.canary,
      "s",
      points(({ seconds }) => seconds),
    ),
    ...gauge(
      aggregatorMetrics.canaryUp,
      "1",
      points(({ seconds }) => (seconds === null ? (lost ? 0 : null) : 1)),
    ),
  ];
  return JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics }] }] });
}

function nanos(ms: number): string {
  return `${Math.trunc(ms)}000000`;
}
