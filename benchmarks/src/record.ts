import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { serviceMetrics } from "@slipstream/conventions";
import { QuantileSketch } from "@slipstream/stats";
import { setUp } from "@slipstream/telemetry";
import { Histogram } from "prom-client";
import { compare } from "./lib/compare.ts";
import type { Variant } from "./lib/paired.ts";
import { ManualReader } from "./lib/readers.ts";
import { startReceiver } from "./lib/receiver.ts";
import { type BenchmarkResult, type Comparison, type Figure, judge } from "./lib/result.ts";

const { name, help, buckets } = serviceMetrics.tradeExecutionLatency;
const GOAL_NS = 10;

// Log-normal seconds around 50 ms: the bucket that is hit must not be guessable by the processor.
const latencies: Float64Array = Float64Array.from({ length: 4096 }, () => {
  const normal = Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  return Math.exp(-3 + 0.8 * normal);
});
const MASK = latencies.length - 1;

/** Recording one latency: our bound handle and our sketch beside OpenTelemetry's and prom-client's histograms. */
export async function recordBenchmark(quick: boolean): Promise<BenchmarkResult> {
  const receiver = await startReceiver();
  const telemetry = setUp({
    serviceName: "benchmark",
    endpoint: receiver.url,
    global: false,
    shutdownOnExit: false,
    metricIntervalMs: 3_600_000,
  });
  const comparisons = await compare({
    ours: [handle(telemetry.instruments.tradeExecutionLatency), sketch()],
    theirs: [...openTelemetry(), ...promClient()],
    rounds: { rounds: quick ? 12 : 40, roundMs: quick ? 3 : 10 },
    unit: "ns",
    bytes: true,
  });
  await telemetry.shutdown();
  await receiver.close();
  return {
    name: "record",
    title: `Recording a latency (${name}, ${buckets.length + 1} buckets)`,
    comparisons,
    figures: comparisons.filter(({ ours }, i) => ours !== comparisons[i - 1]?.ours).map(figure),
    notes: [
      "Per operation, the loop and the reading of the value included; bytes are ours / theirs.",
      "Handle: what setUp() gives a service. Sketch: what percentiles are taken from.",
      "OpenTelemetry with a reader attached, without which it records nothing.",
    ],
  };
}

function figure({ ours, ourTime }: Comparison): Figure {
  return { name: `a record of the ${ours}`, unit: "ns", estimate: ourTime, goal: judge(ourTime, GOAL_NS) };
}

function handle(histogram: { record(seconds: number): void }): Variant {
  return {
    name: "histogram handle",
    run: (times) => {
      for (let i = 0; i < times; i += 1) histogram.record(latencies[i & MASK] as number);
    },
  };
}

function sketch(): Variant {
  const quantiles = new QuantileSketch();
  return {
    name: "quantile sketch",
    run: (times) => {
      for (let i = 0; i < times; i += 1) quantiles.record(latencies[i & MASK] as number);
    },
  };
}

function openTelemetry(): Variant[] {
  const provider = new MeterProvider({ readers: [new ManualReader()] });
  const advice = { explicitBucketBoundaries: [...buckets] };
  const histogram = provider.getMeter("benchmark").createHistogram(name, { advice });
  const labelled = provider.getMeter("benchmark").createHistogram(`labelled_${name}`, { advice });
  return [
    {
      name: "OpenTelemetry, no attributes",
      run: (times) => {
        for (let i = 0; i < times; i += 1) histogram.record(latencies[i & MASK] as number);
      },
    },
    {
      name: "OpenTelemetry, 2 attributes",
      run: (times) => {
        for (let i = 0; i < times; i += 1) {
          labelled.record(latencies[i & MASK] as number, { pair: "SOL/USDC", protection: "jito" });
        }
      },
    },
  ];
}

function promClient(): Variant[] {
  const histogram = new Histogram({ name, help, buckets: [...buckets], registers: [] });
  const labelled = new Histogram({
    name,
    help,
    buckets: [...buckets],
    labelNames: ["pair", "protection"],
    registers: [],
  });
  const bound = labelled.labels("SOL/USDC", "jito");
  return [
    {
      name: "prom-client, no labels",
      run: (times) => {
        for (let i = 0; i < times; i += 1) histogram.observe(latencies[i & MASK] as number);
      },
    },
    {
      name: "prom-client, 2 labels bound",
      run: (times) => {
        for (let i = 0; i < times; i += 1) bound.observe(latencies[i & MASK] as number);
      },
    },
  ];
}
