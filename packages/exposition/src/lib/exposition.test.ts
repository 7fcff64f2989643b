import type { MetricDefinition } from "@slipstream/conventions";
import { parseExposition } from "@slipstream/testing/parse-exposition";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { MetricFamily } from "./metric-family.ts";
import { renderOpenMetrics } from "./open-metrics-text.ts";
import { renderPrometheus } from "./prometheus-text.ts";

const latency: MetricDefinition = {
  name: "call_latency_seconds",
  kind: "histogram",
  unit: "seconds",
  help: 'How long a "call" takes.\nIn \\ seconds.',
  labels: { operation: "open" },
  buckets: [0.00005, 0.25, 1, 1_000_000],
};
const calls: MetricDefinition = { name: "calls_total", kind: "counter", unit: "items", help: "Calls." };
const avoided: MetricDefinition = {
  name: "attacks_avoided",
  kind: "counter",
  unit: "trades",
  help: "Attacks.",
};
const memory: MetricDefinition = { name: "memory_bytes", kind: "gauge", unit: "bytes", help: "Memory." };

const traceId = "0af7651916cd43dd8448eb211c80319c";
const families: readonly MetricFamily[] = [
  {
    definition: latency,
    histograms: [
      {
        labels: { operation: "a" },
        counts: [1, 2, 0, 0, 3],
        sum: 12.5,
        exemplars: [undefined, { traceId, value: 0.2, timestamp: 1_700_000_000.25 }],
      },
    ],
  },
  { definition: calls, samples: [{ labels: {}, value: 7 }] },
  { definition: avoided, samples: [{ labels: {}, value: 0 }] },
  { definition: memory, samples: [] },
];

test("the Prometheus text has literal names, HELP and TYPE for every family", () => {
  expect(renderPrometheus(families)).toBe(
    [
      '# HELP call_latency_seconds How long a "call" takes.\\nIn \\\\ seconds.',
      "# TYPE call_latency_seconds histogram",
      'call_latency_seconds_bucket{operation="a",le="0.00005"} 1',
      'call_latency_seconds_bucket{operation="a",le="0.25"} 3',
      'call_latency_seconds_bucket{operation="a",le="1"} 3',
      'call_latency_seconds_bucket{operation="a",le="1000000"} 3',
      'call_latency_seconds_bucket{operation="a",le="+Inf"} 6',
      'call_latency_seconds_sum{operation="a"} 12.5',
      'call_latency_seconds_count{operation="a"} 6',
      "# HELP calls_total Calls.",
      "# TYPE calls_total counter",
      "calls_total 7",
      "# HELP attacks_avoided Attacks.",
      "# TYPE attacks_avoided untyped",
      "attacks_avoided 0",
      "# HELP memory_bytes Memory.",
      "# TYPE memory_bytes gauge",
      "",
    ].join("\n"),
  );
});

test("OpenMetrics has exemplars, units, canonical bounds, and no type for a counter without _total", () => {
  expect(renderOpenMetrics(families)).toBe(
    [
      "# TYPE call_latency_seconds histogram",
      "# UNIT call_latency_seconds seconds",
      '# HELP call_latency_seconds How long a \\"call\\" takes.\\nIn \\\\ seconds.',
      'call_latency_seconds_bucket{operation="a",le="5e-05"} 1',
      `call_latency_seconds_bucket{operation="a",le="0.25"} 3 # {trace_id="${traceId}"} 0.2 1700000000.250`,
      'call_latency_seconds_bucket{operation="a",le="1.0"} 3',
      'call_latency_seconds_bucket{operation="a",le="1e+06"} 3',
      'call_latency_seconds_bucket{operation="a",le="+Inf"} 6',
      'call_latency_seconds_sum{operation="a"} 12.5',
      'call_latency_seconds_count{operation="a"} 6',
      "# TYPE calls counter",
      "# HELP calls Calls.",
      "calls_total 7",
      "# TYPE attacks_avoided unknown",
      "# HELP attacks_avoided Attacks.",
      "attacks_avoided 0",
      "# TYPE memory_bytes gauge",
      "# UNIT memory_bytes bytes",
      "# HELP memory_bytes Memory.",
      "# EOF",
      "",
    ].join("\n"),
  );
});

test("nothing to expose is still an exposition", () => {
  expect(renderPrometheus([])).toBe("");
  expect(renderOpenMetrics([])).toBe("# EOF\n");
});

test("families of one name from several sources become one, a series in both only once", () => {
  const text = renderPrometheus([
    { definition: calls, samples: [{ labels: { by: "a" }, value: 1 }] },
    { definition: memory, samples: [] },
    {
      definition: { ...calls },
      samples: [
        { labels: { by: "a" }, value: 2 },
        { labels: { by: "b" }, value: 3 },
      ],
    },
  ]);
  const { samples } = parseExposition(text);
  expect(samples.map(({ labels, value }) => [labels.by, value])).toEqual([
    ["a", 1],
    ["b", 3],
  ]);
});

test("two families of one name and different kinds are a mistake that is told", () => {
  const gauge: MetricFamily = { definition: { ...calls, kind: "gauge" }, samples: [] };
  expect(() => renderPrometheus([{ definition: calls, samples: [] }, gauge])).toThrow(/calls_total/);
});

test("a second exposition of the same label objects shows the new values", () => {
  const labels = { by: "a" };
  const render = (value: number) => renderPrometheus([{ definition: calls, samples: [{ labels, value }] }]);
  expect(render(1)).toContain('calls_total{by="a"} 1\n');
  expect(render(2)).toContain('calls_total{by="a"} 2\n');
});

const labelValue = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom("\\", '"', "\n", "n", "{", "}", ",", "=", "#", " ", "\r", "\t") }),
);
const number = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(0, -0, 1e21, 1e-7, 2 ** 53, 5e-324, 1e300),
);

test.each([
  ["Prometheus", renderPrometheus],
  ["OpenMetrics", renderOpenMetrics],
])("%s: any label values and numbers survive being read back", (_, render) => {
  const sample = fc.record({ labels: fc.record({ first: labelValue, second: labelValue }), value: number });
  fc.assert(
    fc.property(
      fc.uniqueArray(sample, { selector: ({ labels }) => JSON.stringify(labels) }),
      labelValue,
      (samples, help) => {
        const parsed = parseExposition(render([{ definition: { ...memory, help }, samples }]));
        expect(parsed.samples).toEqual(samples.map((each) => ({ name: memory.name, ...each })));
        expect(parsed.families.get(memory.name)).toMatchObject({ help, type: "gauge" });
      },
    ),
  );
});

test.each([
  ["Prometheus", renderPrometheus],
  ["OpenMetrics", renderOpenMetrics],
])("%s: a histogram's buckets cumulate to its count", (_, render) => {
  const counts = fc.array(fc.nat(), { minLength: 5, maxLength: 5 });
  fc.assert(
    fc.property(counts, labelValue, fc.double({ min: 0, noNaN: true }), (perBucket, operation, sum) => {
      const histogram = { labels: { operation }, counts: perBucket, sum };
      const { samples } = parseExposition(render([{ definition: latency, histograms: [histogram] }]));
      const buckets = samples.filter(({ name }) => name === "call_latency_seconds_bucket");
      const total = perBucket.reduce((left, right) => left + right, 0);
      expect(buckets.map(({ labels }) => Number(labels.le?.replace("+Inf", "Infinity")))).toEqual([
        ...(latency.buckets ?? []),
        Number.POSITIVE_INFINITY,
      ]);
      expect(buckets.map(({ value }, index) => value - (buckets[index - 1]?.value ?? 0))).toEqual(perBucket);
      expect(buckets.at(-1)?.value).toBe(total);
      expect(samples.slice(-2).map(({ name, value }) => [name, value])).toEqual([
        ["call_latency_seconds_sum", sum],
        ["call_latency_seconds_count", total],
      ]);
      expect(samples.every(({ labels }) => labels.operation === operation)).toBe(true);
    }),
  );
});
