import { semconv, serviceMetrics } from "@slipstream/conventions";
import { Desks, Engine, type EngineRecord } from "@slipstream/engine";
import { decodeMetrics, decodeTraces } from "@slipstream/otlp/decode";
import { encode } from "@slipstream/testing/otlp-schema";
import { expect, test } from "vitest";
import { tracesBody, tradeSpan } from "../intake/testing/bodies.ts";
import { partsOf } from "./record-parts.ts";

const NOW = Date.UTC(2026, 2, 1);

const traces: EngineRecord = {
  receivedMs: NOW,
  batch: decodeTraces(
    tracesBody(
      ...Array.from({ length: 700 }, (_, index) => tradeSpan(NOW - (index % 90) * 1_000, index % 400)),
      ...Array.from({ length: 3 }, () => ({ ...tradeSpan(NOW), traceId: new Uint8Array(16) })),
    ),
    "protobuf",
  ),
};

const service = (name: string): { attributes: { key: string; value: { stringValue: string } }[] } => ({
  attributes: [{ key: semconv.serviceName, value: { stringValue: name } }],
});

const metrics: EngineRecord = {
  receivedMs: NOW,
  batch: decodeMetrics(
    encode("MetricsRequest", {
      resourceMetrics: Array.from({ length: 300 }, (_, index) => ({
        resource: service(`service-${index % 200}`),
        scopeMetrics: [
          {
            metrics: [
              {
                name: serviceMetrics.openPositions.name,
                gauge: {
                  dataPoints: Array.from({ length: index % 3 }, (_, at) => ({
                    timeUnixNano: index === 7 ? "0" : `${NOW - 90_000 + index * 10 + at}000000`,
                    asDouble: index,
                  })),
                },
              },
            ],
          },
        ],
      })),
    }),
    "protobuf",
  ),
};

test.each([
  ["spans", traces],
  ["points", metrics],
])("%s that are applied in parts come to the same as all at once", (_, record) => {
  const [atOnce, inParts] = [new Engine({}, { history: true }), new Engine({}, { history: true })];
  const effects = atOnce.apply(record);
  const parts = [...partsOf(record)];
  expect(parts.length).toBeGreaterThan(2);
  const rows = parts.flatMap((part) => inParts.apply(part).rows);
  expect(rows).toEqual(effects.rows);
  const tick: EngineRecord = { receivedMs: NOW + 60_000, batch: { kind: "tick" } };
  expect(inParts.apply(tick)).toEqual(atOnce.apply(tick));
  expect(inParts.current()).toEqual(atOnce.current());
  expect(inParts.save()).toEqual(atOnce.save());
});

test("of services of one name, each desk's is heard by what it sends itself", () => {
  const ofDesk = (name: string, desk: string, points: number) => ({
    resource: {
      attributes: [...service(name).attributes, { key: semconv.desk, value: { stringValue: desk } }],
    },
    scopeMetrics: [
      {
        metrics: [
          {
            name: serviceMetrics.openPositions.name,
            gauge: {
              dataPoints: Array.from({ length: points }, () => ({
                timeUnixNano: `${NOW}000000`,
                asDouble: 1,
              })),
            },
          },
        ],
      },
    ],
  });
  const body = encode("MetricsRequest", {
    resourceMetrics: [ofDesk("bot", "alpha", 300), ofDesk("bot", "beta", 0)],
  });
  const record: EngineRecord = { receivedMs: NOW, batch: decodeMetrics(body, "protobuf") };
  const [atOnce, inParts] = [1, 2].map(() => new Desks({ desks: { own: "", most: 8 } })) as [Desks, Desks];
  atOnce.apply(record);
  for (const part of partsOf(record)) inParts.apply(part);
  expect(inParts.others).toEqual(["alpha", "beta"]);
  expect(inParts.save()).toEqual(atOnce.save());
});

test("a short record is not cut", () => {
  const tick: EngineRecord = { receivedMs: NOW, batch: { kind: "tick" } };
  expect([...partsOf(tick)]).toEqual([tick]);
});
