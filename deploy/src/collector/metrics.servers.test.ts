import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { eventually } from "@slipstream/testing/eventually";
import { testFolder } from "@slipstream/testing/folders";
import { Receiver } from "@slipstream/testing/otlp-receiver";
import { type DecodedMetric, plain } from "@slipstream/testing/otlp-requests";
import { installedProgram } from "slipstream-stack/installed-program";
import { describe, expect, it } from "vitest";
import { startedCollector } from "../testing/collector.ts";
import { startedPrometheus } from "../testing/prometheus.ts";
import { inRepository } from "../testing/repository.ts";
import { sendMetrics, sendPoints, sendSpans } from "../testing/sending.ts";

/** Span metrics come every 15 s, new ones as 0 first. */
const FLUSH_MS = 90_000;

/** Newest values of a sum by its labels. */
function sums(metrics: readonly DecodedMetric[], name: string): readonly { readonly value: number }[] {
  return metrics
    .filter((metric) => metric.name === name)
    .flatMap(({ sum }) => sum?.dataPoints ?? [])
    .map(({ attributes, asInt }) => {
      const { "collector.instance.id": _, ...labels } = plain(attributes);
      return { ...labels, value: Number(asInt) };
    });
}

describe("otel-collector/config.yaml", () => {
  it("is valid, without any variable", () => {
    const { status, stderr } = spawnSync(
      installedProgram("otelcol-slipstream"),
      ["validate", "--config", inRepository("otel-collector/config.yaml")],
      { cwd: testFolder(), env: { PATH: process.env.PATH }, encoding: "utf8" },
    );
    expect(stderr).toBe("");
    expect(status).toBe(0);
  });

  it("makes calls and durations of all spans, also of those that the trace store does not get", async () => {
    await using prometheus = await Receiver.start();
    await using aggregator = await Receiver.start();
    const collector = await startedCollector({
      prometheus: prometheus.url,
      aggregator: aggregator.url,
      env: { SLIPSTREAM_SAMPLING_PERCENT: "0" },
    });
    const first = { "service.name": "desk", "service.instance.id": "a", "slipstream.desk": "east" };
    await sendSpans(
      collector.url,
      [
        { name: "fast", durationMs: 3 },
        { name: "fast", durationMs: 30 },
      ],
      first,
    );
    await sendSpans(collector.url, [{ name: "fast", status: 2 }], { ...first, "service.instance.id": "b" });
    await sendSpans(collector.url, [{ name: "mev.verdict" }], { "service.name": "slipstream-aggregator" });
    await sendSpans(collector.url, [{ name: "trade.execute" }], { "service.name": "slipstream-doctor" });
    const canary = { "slipstream.canary": true };
    await sendSpans(collector.url, [{ name: "fast", attributes: canary }], first);
    const calls = () => sums(prometheus.metrics, "traces_spanmetrics_calls_total");
    await eventually("span metrics arrive", () => calls().some(({ value }) => value === 2), FLUSH_MS);
    const labels = {
      "service.name": "desk",
      "slipstream.desk": "east",
      "span.name": "fast",
      "span.kind": "SPAN_KIND_INTERNAL",
    };
    expect(calls()).toEqual(
      expect.arrayContaining([
        { ...labels, "status.code": "STATUS_CODE_UNSET", value: 2 },
        { ...labels, "status.code": "STATUS_CODE_ERROR", value: 1 },
      ]),
    );
    expect(calls()).toHaveLength(2);
    const duration = prometheus.metric("traces_spanmetrics_duration_seconds");
    expect(duration?.unit).toBe("s");
    expect(duration?.histogram?.dataPoints[0]?.explicitBounds).toContain(0.2);
    expect(prometheus.resource).toEqual({ "service.name": "desk", "slipstream.desk": "east" });
    expect(aggregator.metricsSoFar).toEqual([]);
  });

  it("sends metrics to Prometheus and to the aggregator, and tells processes apart that do not do so", async () => {
    await using prometheus = await Receiver.start();
    await using aggregator = await Receiver.start();
    const collector = await startedCollector({ prometheus: prometheus.url, aggregator: aggregator.url });
    const resource = { "service.name": "stock", "host.name": "h", "process.pid": 12 };
    await sendPoints(collector.url, [{ name: "circuit_breaker_state", value: 1 }], resource);
    for (const to of [prometheus, aggregator]) {
      await eventually("the point arrives", () => to.metric("circuit_breaker_state"), FLUSH_MS);
      expect(to.resource["service.instance.id"]).toBe("h:12");
    }
    expect(prometheus.requests[0]?.path).toBe("/v1/metrics");
    expect(prometheus.requests[0]?.headers.authorization).toBeUndefined();
  });

  it("leaves out what Prometheus would refuse a whole request for, counts it, and sends it to the aggregator", async () => {
    const prometheus = await startedPrometheus();
    await using aggregator = await Receiver.start();
    const collector = await startedCollector({
      prometheus: `${prometheus}/api/v1/otlp`,
      aggregator: aggregator.url,
    });
    const point = (agoMs = 0) => ({
      asDouble: 1,
      timeUnixNano: `${BigInt(Date.now() - agoMs) * 1_000_000n}`,
    });
    const gauge = (name: string, ...dataPoints: object[]) => ({ name, gauge: { dataPoints } });
    const sum = (name: string, aggregationTemporality: number) => ({
      name,
      sum: { isMonotonic: true, aggregationTemporality, dataPoints: [point()] },
    });
    const named = { ...point(), attributes: [{ key: "", value: { stringValue: "x" } }] };
    const metrics = [
      gauge("good", point()),
      gauge("old", point(7_200_000)),
      gauge("ahead", point(-3_600_000)),
      gauge("no_time", { asDouble: 1 }),
      gauge("no_points"),
      gauge("", point()),
      gauge("価格", point()),
      gauge("label_without_name", named),
      sum("delta", 1),
      sum("cumulative", 2),
    ];
    expect(await sendMetrics(collector.url, metrics)).toBe(200);
    await sendMetrics(collector.url, [sum("delta", 1)], { "service.name": "stock" });
    await sendPoints(collector.url, [{ name: "last", value: 1 }]);
    const series = async (): Promise<readonly string[]> => {
      const response = await fetch(`${prometheus}/api/v1/label/__name__/values`);
      return ((await response.json()) as { data: readonly string[] }).data;
    };
    await eventually("the last point arrives", async () => (await series()).includes("last"), FLUSH_MS);
    const ours = (await series()).filter((name) => metrics.some((metric) => metric.name === name));
    expect(ours).toEqual(["cumulative", "good", "label_without_name"]);
    const text = await collector.exposition();
    expect(text).toMatch(/otelcol_processor_filter_datapoints_filtered\{filter="filter\/clock"\} 3\n/);
    expect(text).toMatch(/otelcol_processor_filter_datapoints_filtered\{filter="filter\/form"\} 4\n/);
    expect(text).not.toMatch(/otelcol_exporter_send_failed_metric_points\{.*prometheus.*\} [1-9]/);
    await eventually("the aggregator has all", () => {
      const names = aggregator.metricsSoFar.flat().map(({ name }) => name);
      return ["old", "ahead", "delta", "last"].every((name) => names.includes(name));
    });
  });

  it("keeps metrics on the disk while Prometheus is away and the Collector is killed", async () => {
    await using prometheus = await Receiver.reserved();
    const collector = await startedCollector({ prometheus: prometheus.url });
    expect(await sendPoints(collector.url, [{ name: "circuit_breaker_state", value: 1 }])).toBe(200);
    await collector.kill();
    await collector.restart();
    await prometheus.listen();
    await eventually("the point arrives", () => prometheus.metric("circuit_breaker_state"), FLUSH_MS);
    expect(prometheus.metricsSoFar.length).toBeGreaterThan(0);
  });

  it("refuses data beyond its limit of memory, in a way that senders try again after", async () => {
    const collector = await startedCollector({ env: { SLIPSTREAM_COLLECTOR_MEMORY_MIB: "65" } });
    const note = "x".repeat(1_000_000);
    const statuses = await eventually(
      "data is refused",
      async () => {
        const spans = Array.from({ length: 18 }, () => ({ name: "trade.execute", attributes: { note } }));
        const status = await sendSpans(collector.url, spans);
        return status !== 200 && status;
      },
      FLUSH_MS,
    );
    expect(statuses).toBe(503);
  });
});

describe("otel-collector/probe", () => {
  it("says whether the Collector is ready", async () => {
    const folder = testFolder();
    const probe = join(folder, "health-probe");
    const build = spawnSync("go", ["build", "-o", probe, "./probe/main.go"], {
      cwd: inRepository("otel-collector"),
      env: { ...process.env, CGO_ENABLED: "0" },
      encoding: "utf8",
    });
    expect(build.stderr).toBe("");
    const collector = await startedCollector();
    const ask = () => spawnSync(probe, [collector.health], { encoding: "utf8" }).status;
    expect(ask()).toBe(0);
    await collector.kill();
    expect(ask()).toBe(1);
  });
});
