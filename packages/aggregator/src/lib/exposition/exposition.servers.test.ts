import { allMetrics } from "@slipstream/conventions";
import { renderOpenMetrics, renderPrometheus } from "@slipstream/exposition";
import { eventually } from "@slipstream/testing/eventually";
import { readOpenMetrics } from "@slipstream/testing/openmetrics-parser";
import { parseExposition } from "@slipstream/testing/parse-exposition";
import {
  type PrometheusServer,
  promtool,
  scrapeConfig,
  startPrometheus,
} from "@slipstream/testing/prometheus-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { everyFamily } from "../../testing/every-family.ts";
import { metricsRoute } from "../api/metrics.ts";
import { type HttpServer, startServer } from "../server/server.ts";
import { Expositions } from "./expositions.ts";

const families = everyFamily(Date.now());
/** What a sample is known by: its name and labels, in an order of their own. */
function seriesOf(name: string, labels: Readonly<Record<string, string>>): string {
  return JSON.stringify([name, Object.entries(labels).sort()]);
}

test("promtool reads the text form and remarks on nothing but the names that are fixed", () => {
  const { status, stdout, stderr } = promtool(["check", "metrics"], renderPrometheus(families));
  const remarks = (stdout + stderr).split("\n").filter((line) => line !== "");
  expect(remarks.sort()).toEqual([
    'mev_attacks_avoided counter metrics should have "_total" suffix',
    'mev_attacks_impacted counter metrics should have "_total" suffix',
    'priority_fees_paid counter metrics should have "_total" suffix',
  ]);
  // promtool's exit code for remarks; 1 would mean that it could not read the text.
  expect(status).toBe(3);
});

test("promtool remarks on no more where there are no samples yet", () => {
  const empty = families.map((family) =>
    "samples" in family ? { ...family, samples: [] } : { ...family, histograms: [] },
  );
  const { stdout, stderr } = promtool(["check", "metrics"], renderPrometheus(empty));
  expect(stdout + stderr).not.toMatch(/error|parsing/i);
});

test("a parser that is not ours reads the OpenMetrics form as it is meant", async () => {
  const text = renderOpenMetrics(families);
  const read = await readOpenMetrics(text);
  const own = parseExposition(text);
  const samples = read.flatMap((family) => family.samples);
  expect(new Map(samples.map(({ name, labels, value }) => [seriesOf(name, labels), value]))).toEqual(
    new Map(own.samples.map(({ name, labels, value }) => [seriesOf(name, labels), value])),
  );
  expect(samples.filter(({ exemplar }) => exemplar !== null)).toHaveLength(
    own.samples.filter(({ exemplar }) => exemplar !== undefined).length,
  );
  const types = Object.fromEntries(read.map(({ name, type, unit }) => [name, `${type} ${unit}`.trim()]));
  expect(types).toMatchObject({
    trades: "counter",
    mev_attacks_avoided: "unknown",
    priority_fees_paid: "unknown",
    trade_execution_latency_seconds: "histogram seconds",
    slippage_error_ratio: "histogram ratio",
    memory_usage_bytes: "gauge bytes",
    cpu_usage_percent: "gauge percent",
    circuit_breaker_state: "gauge",
    slipstream_spans: "unknown spans",
    slipstream_latency_seconds: "unknown seconds",
  });
  expect(read).toHaveLength(allMetrics.length);
});

let prometheus: PrometheusServer;
const scraped: { accept: string | undefined; encoding: string | undefined }[] = [];
let server: HttpServer;

beforeAll(async () => {
  const recorded: typeof metricsRoute = {
    ...metricsRoute,
    answer: (request, context) => {
      const { accept, "accept-encoding": encoding } = request.incoming.headers;
      scraped.push({ accept, encoding: encoding?.toString() });
      return metricsRoute.answer(request, context);
    },
  };
  const context = { metrics: new Expositions({ collect: () => families, state: () => 0 }) };
  server = await startServer({ routes: [recorded], context, host: "127.0.0.1", port: 0 });
  prometheus = await startPrometheus(scrapeConfig(`127.0.0.1:${server.port}`, "desk"));
});
afterAll(async () => {
  await prometheus?.close();
  await server.close();
});

test("Prometheus scrapes it and answers each sample with its true value", async () => {
  await eventually(
    "the first scrape",
    async () => (await prometheus.query('up{job="desk"} == 1')).length === 1,
  );
  const { samples } = parseExposition(renderOpenMetrics(families));
  for (const name of new Set(samples.map((sample) => sample.name))) {
    const answered = (await prometheus.query(name)).map(({ labels, value }) => {
      const { __name__ = "", instance: _, job: __, ...own } = labels;
      return [seriesOf(__name__, own), value];
    });
    const expected = samples
      .filter((sample) => sample.name === name)
      .map(({ labels, value }) => [seriesOf(name, labels), value]);
    expect(answered.sort()).toEqual(expected.sort());
  }
  expect(scraped[0]).toMatchObject({ accept: expect.stringContaining("openmetrics"), encoding: "gzip" });
});

test("Prometheus keeps the exemplars' trace ids", async () => {
  const exemplars = await prometheus.exemplars("trade_execution_latency_seconds_bucket");
  const { samples } = parseExposition(renderOpenMetrics(families));
  const sent = samples
    .filter(({ name }) => name === "trade_execution_latency_seconds_bucket")
    .flatMap(({ exemplar }) => (exemplar === undefined ? [] : [exemplar.labels.trace_id]));
  expect(sent).not.toEqual([]);
  expect(exemplars.map(({ labels }) => labels.trace_id).sort()).toEqual(sent.sort());
});
