import { PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { MeterProvider, type ResourceMetrics } from "@opentelemetry/sdk-metrics";
import { ManualReader } from "../lib/readers.ts";
import { content, type Exposition, type FamilyShape, valueAt } from "./content.ts";

export const EXPORTER = "exporter-prometheus";

/** The serializer of OpenTelemetry's Prometheus exporter; collecting is not timed. */
export async function openTelemetry(): Promise<Exposition> {
  const reader = new ManualReader();
  const provider = new MeterProvider({ readers: [reader] });
  const advances = content.map((family) => instrument(provider, family));
  // As bare as ours: without target_info and without the scope's labels on every line.
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  let collected: ResourceMetrics | undefined;
  let tick = 0;
  return {
    name: EXPORTER,
    tick: () => {
      for (const advance of advances) advance(tick);
      tick += 1;
      return reader.collect().then(({ resourceMetrics }) => {
        collected = resourceMetrics;
      });
    },
    render: () => Buffer.from(collected === undefined ? "" : serializer.serialize(collected)),
  };
}

function instrument(provider: MeterProvider, { definition, series }: FamilyShape): (tick: number) => void {
  const { name, kind, help: description, buckets = [] } = definition;
  const meter = provider.getMeter("benchmark");
  const advice = { explicitBucketBoundaries: [...buckets] };
  const histogram = kind === "histogram" ? meter.createHistogram(name, { description, advice }) : undefined;
  const counter = kind === "counter" ? meter.createCounter(name, { description }) : undefined;
  const gauge = kind === "gauge" ? meter.createGauge(name, { description }) : undefined;
  return (tick) => {
    for (const [i, labels] of series.entries()) {
      const value = valueAt(kind, i, tick);
      histogram?.record(value, labels);
      counter?.add(value, labels);
      gauge?.record(value, labels);
    }
  };
}
