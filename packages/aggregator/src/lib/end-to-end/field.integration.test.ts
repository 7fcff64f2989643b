import { readFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { fixturePath } from "@slipstream/testing/fixtures";
import { testFolder } from "@slipstream/testing/folders";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { createAggregator } from "../aggregator.ts";
import type { Aggregator } from "../aggregator-options.ts";

// What came from the field and was got wrong once, and what is like it.

let aggregator: Aggregator;
beforeEach(async () => {
  const started = await createAggregator({ dataDir: testFolder(), port: 0 });
  onTestFinished(() => started.close());
  aggregator = started;
});

interface Attributes {
  readonly [key: string]: object;
}

let ids = 0;

function trade(
  service: string,
  attributes: Attributes,
  times: { startNs?: string; endNs?: string } = {},
): object {
  const endNs = times.endNs ?? String(BigInt(Date.now()) * 1_000_000n);
  ids += 1;
  const span = {
    traceId: ids.toString(16).padStart(32, "0"),
    spanId: ids.toString(16).padStart(16, "0"),
    name: "trade.execute",
    startTimeUnixNano: times.startNs ?? String(BigInt(endNs) - 1_000_000n),
    endTimeUnixNano: endNs,
    attributes: Object.entries(attributes).map(([key, value]) => ({ key, value })),
  };
  const resource = { attributes: [{ key: "service.name", value: { stringValue: service } }] };
  return { resource, scopeSpans: [{ spans: [span] }] };
}

async function send(body: string | Uint8Array, path = "traces", encoding?: string): Promise<number> {
  const headers = { "content-type": "application/json", ...(encoding && { "content-encoding": encoding }) };
  const answer = await fetch(`${aggregator.url}/v1/${path}`, {
    method: "POST",
    headers,
    body: body as string,
  });
  await answer.text();
  return answer.status;
}

const sendTrades = (...resourceSpans: readonly object[]): Promise<number> =>
  send(JSON.stringify({ resourceSpans }));

const statistic = (name: string): unknown => aggregator.current().statistics[name];
const text = (stringValue: string): object => ({ stringValue });

describe("trade.status", () => {
  const file = fixturePath("../otlp/field/03-trade-status.json");
  test.skipIf(file === undefined)("of the field: no trade of it is a success", async () => {
    expect(await send(readFileSync(file ?? ""))).toBe(200);
    expect(statistic("success_rate")).toMatchObject({
      value: 0,
      reason: "the status of 4 of 8 trades is not known",
    });
  });

  test.each<[string, object | undefined]>([
    ["true", { boolValue: true }],
    ["1", { intValue: "1" }],
    ["a list", { arrayValue: { values: [text("success")] } }],
    ["a space behind it", text("success ")],
    ["a zero character in it", text("success\0")],
    ["no value", {}],
    ["another alphabet", text("succe\u0455s")],
  ])("%s is not known", async (_, value) => {
    expect(await sendTrades(trade("desk", { "trade.status": value ?? {} }))).toBe(200);
    expect(statistic("success_rate")).toMatchObject({
      value: null,
      reason: "the status of 1 of 1 trades is not known",
    });
  });
});

describe("names with half a surrogate pair", () => {
  test.each([
    ['"x\\ud800"', '"x\\udc00"', '"x\\ud800\\ud800"'],
    ['"\\udfff\\ud800x"', '"\\ud801x"', '"\\ud800\\\\u0078"'],
  ])("%s %s %s: no series is there twice", async (...names) => {
    for (const name of names)
      expect(await send(JSON.stringify({ resourceSpans: [trade("NAME", {})] }).replace('"NAME"', name))).toBe(
        200,
      );
    const metrics = await (await fetch(`${aggregator.url}/metrics`)).text();
    const series = metrics.split("\n").flatMap((line) => /^[a-z_]+(\{.*\})? /.exec(line)?.[0] ?? []);
    expect(series.length).toBeGreaterThan(50);
    expect(new Set(series).size).toBe(series.length);
    expect(metrics).not.toMatch(/[\ud800-\udfff]/);
  });
});

describe("money that cannot be true", () => {
  test.each<[string, object]>([
    ["1.7e302", { doubleValue: 1.7e302 }],
    ["-1e15", { doubleValue: -1e15 }],
    ["Infinity", { doubleValue: "Infinity" }],
    ["NaN", { doubleValue: "NaN" }],
    ["an int64", { intValue: "9223372036854775807" }],
    ["a text", text("1e9")],
  ])("%s is in no total, and the next trade is", async (_, value) => {
    expect(await sendTrades(trade("rich", { "trade.pnl_usd": value }))).toBe(200);
    expect(await sendTrades(trade("rich", { "trade.pnl_usd": { doubleValue: 5 } }))).toBe(200);
    expect(statistic("total_pnl_usd")).toMatchObject({ value: 5 });
    expect(aggregator.current().services.rich).toMatchObject({
      refusedValues: expect.arrayContaining([
        expect.objectContaining({ attribute: "trade.pnl_usd", count: 1 }),
      ]),
    });
  });
});

test.each([1n, 999_999n, 5_000_000n, 3_600_000_000_000n])(
  "a trade that ends %d ns before it starts keeps its profit",
  async (early) => {
    const endNs = BigInt(Date.now()) * 1_000_000n;
    const times = { startNs: String(endNs + early), endNs: String(endNs) };
    expect(await sendTrades(trade("ntp", { "trade.pnl_usd": { doubleValue: 7 } }, times))).toBe(200);
    expect(statistic("total_pnl_usd")).toMatchObject({ value: 7 });
    expect(aggregator.current().services.ntp).toMatchObject({ received: 1, refused: 0 });
  },
);

describe("a few kilobytes that become much", () => {
  const empty = (before: string, after: string): string => `${before}{}${",{}".repeat(1_390_000)}${after}`;

  const file = fixturePath("../otlp/field/01-many-empty-objects-metrics.json.gz");
  test.skipIf(file === undefined)("of the field: refused", async () => {
    const body = readFileSync(file ?? "");
    expect(gunzipSync(body).length).toBeGreaterThan(4_000_000);
    expect(await send(body, "metrics", "gzip")).toBe(413);
  });

  test.each([
    ["traces", '{"resourceSpans":[', "]}"],
    ["traces", '{"resourceSpans":[{"scopeSpans":[', "]}]}"],
    ["traces", '{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[', "]}]}]}]}"],
    ["metrics", '{"resourceMetrics":[{"scopeMetrics":[{"metrics":[', "]}]}]}"],
    ["metrics", '{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"gauge":{"dataPoints":[', "]}}]}]}]}"],
    ["traces", '{"unknown":[', "]}"],
  ])("%s: %s", async (path, before, after) => {
    // Also if it is not compressed so far that the ratio gives it away.
    for (const noise of [
      "",
      Buffer.from(crypto.getRandomValues(new Uint8Array(60_000))).toString("base64"),
    ]) {
      const body = gzipSync(empty(`{"noise":"${noise}",${before.slice(1)}`, after));
      expect([200, 413]).toContain(await send(body, path, "gzip"));
    }
    expect(await sendTrades(trade("good", { "trade.status": text("success") }))).toBe(200);
    expect(statistic("success_rate")).toMatchObject({ value: 100 });
  });
});
