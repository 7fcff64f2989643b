import { gunzipSync } from "node:zlib";
import { attribute } from "@slipstream/conventions";
import { decodeMetrics, decodeTraces, type Span } from "@slipstream/otlp/decode";
import { expect, test } from "vitest";
import { Uninterrupted } from "../uninterrupted.ts";
import { Load } from "./load.ts";

const START_MS = Date.UTC(2026, 0, 1);

function load(seed: number): Load {
  const options = { batches: 80, timeMs: (index: number) => START_MS + index * 10_000 };
  const made = new Load({ seed, ...options, profitOutsideWindows: false });
  made.batch(79);
  return made;
}

test("a seed gives the same requests, another seed others", () => {
  expect(load(7).made).toEqual(load(7).made);
  expect(load(8).made).not.toEqual(load(7).made);
});

test("the requests are OTLP with everything in it that a crash could get wrong", async () => {
  const { made } = load(8);
  const engine = new Uninterrupted();
  for (const batch of made) await engine.applyBatch(batch, START_MS + 3_600_000);
  const { services, statistics } = engine.current();
  expect(Object.keys(services).sort()).toEqual(["desk", "market-maker", "stock"]);
  const desk = services.desk;
  expect(desk?.received).toBeGreaterThan(500);
  for (const count of ["duplicate", "late", "refused"] as const) {
    expect(Object.values(services).some((service) => service[count] > 0)).toBe(true);
  }
  expect(desk?.completeness).toBeGreaterThan(0.9);
  expect(desk?.completeness).toBeLessThan(1);
  expect(services.stock?.completeness).toBeNull();
  // Nobody watches the chain, and no aggregator reports of itself.
  const unknown = Object.entries(statistics).filter(([, entry]) => "value" in entry && entry.value === null);
  expect(unknown.map(([name]) => name)).toEqual([
    "mev_avoidance_rate",
    "mev_detection_rate",
    "mev_loss_usd",
    "mev_unknown_rate",
    "blocks_readable",
    "log_used",
    "disk_free",
    "benchmark_results",
  ]);
  expect((await engine.series()).size).toBeGreaterThan(100);
});

test("another desk sends too, sometimes in one request with the own one, and in the last", async () => {
  const timeMs = (index: number): number => START_MS + index * 10_000;
  const both = new Load({ seed: 7, batches: 80, timeMs, profitOutsideWindows: false, otherDesk: "beta" });
  both.batch(79);
  const own = both.made.map(({ spans }) => spans.some((span) => span.startsWith("/")));
  const beta = both.made.map(({ spans }) => spans.some((span) => span.startsWith("beta/")));
  expect(own.filter((has, at) => has && beta[at]).length).toBeGreaterThan(3);
  expect([own.at(-1), beta.at(-1)]).toEqual([true, true]);
  const engine = new Uninterrupted("beta");
  for (const batch of both.made) await engine.applyBatch(batch, START_MS + 3_600_000);
  const { services, statistics } = engine.current();
  expect(Object.keys(services).sort()).toEqual(["arbitrage", "desk"]);
  expect(statistics.total_pnl).toMatchObject({ value: null });
});

test("spans are counted as they are in the body, and compressed bodies hold the same", () => {
  for (const { kind, format, gzip, plain, body, spans } of load(3).made) {
    expect(gzip ? gunzipSync(body).equals(plain) : body === plain).toBe(true);
    if (kind === "traces")
      expect(decodeTraces(plain, format).spans.filter(isOfService).length).toBe(spans.length);
    else expect(decodeMetrics(plain, format).points.length).toBeGreaterThan(0);
  }
});

test("sums do not depend on the order of the requests", async () => {
  const { made } = load(5);
  const [inOrder, reversed] = [new Uninterrupted(), new Uninterrupted()];
  for (const batch of made) await inOrder.applyBatch(batch, START_MS);
  for (const batch of [...made].reverse()) await reversed.applyBatch(batch, START_MS);
  const sums = (text: string): string[] =>
    text
      .split("\n")
      .filter((line) => /^\w+_(sum|count)[ {]/.test(line))
      .sort();
  expect(sums(reversed.metrics())).toEqual(sums(inOrder.metrics()));
});

function isOfService({ attributes }: Span): boolean {
  return attributes[attribute.slipstreamCanary] !== true || attributes[attribute.slipstreamSeq] !== undefined;
}
