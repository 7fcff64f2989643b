import { testFolder } from "@slipstream/testing/folders";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createAggregator } from "../aggregator.ts";
import type { Aggregator, AggregatorOptions } from "../aggregator-options.ts";
import { openEmbeddedReader } from "../history/embedded-reader.ts";
import { replayLog } from "../replay/replay.ts";

let dataDir: string;
let nowMs: number;
let aggregator: Aggregator;
let lines: string[];
let ids = 0;

async function start(options: Partial<AggregatorOptions> = {}): Promise<void> {
  const note = (fields: object, message: string): void =>
    void lines.push(`${message} ${JSON.stringify(fields)}`);
  const logger = { info: note, warn: note, error: note };
  aggregator = await createAggregator({ dataDir, port: 0, now: () => nowMs, logger, ...options });
}

beforeEach(() => {
  dataDir = testFolder();
  nowMs = Date.UTC(2026, 0, 20, 12);
  lines = [];
});
afterEach(() => aggregator.close());

/** Sends trades of desks in one request; the same ids go to each of them. */
async function send(counts: Readonly<Record<string, number>>): Promise<void> {
  nowMs += 6_000;
  const text = (key: string, stringValue: string): object => ({ key, value: { stringValue } });
  const resourceSpans = Object.entries(counts).map(([desk, count]) => ({
    resource: {
      attributes: [text("service.name", "svc"), ...(desk === "" ? [] : [text("slipstream.desk", desk)])],
    },
    scopeSpans: [
      {
        spans: Array.from({ length: count }, (_, i) => ({
          traceId: (ids + i + 1).toString(16).padStart(32, "0"),
          spanId: (ids + i + 1).toString(16).padStart(16, "0"),
          name: "trade.execute",
          startTimeUnixNano: `${nowMs - 40}000000`,
          endTimeUnixNano: `${nowMs}000000`,
          attributes: [
            text("trade.status", "success"),
            text("trade.id", `t${ids + i}`),
            text("trade.pair", desk || "own"),
          ],
        })),
      },
    ],
  }));
  ids += Math.max(...Object.values(counts));
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ resourceSpans });
  const response = await fetch(`${aggregator.url}/v1/traces`, { method: "POST", headers, body });
  expect(response.status).toBe(200);
  await response.arrayBuffer();
}

async function get(path: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${aggregator.url}${path}`);
  return { status: response.status, body: await response.json() };
}

async function metric(name: string): Promise<Record<string, number>> {
  const text = await (await fetch(`${aggregator.url}/metrics`)).text();
  const found = text.split("\n").filter((line) => line.startsWith(`${name}{`));
  return Object.fromEntries(
    found.map((line) => [
      line.slice(name.length, line.lastIndexOf(" ")),
      Number(line.slice(line.lastIndexOf(" "))),
    ]),
  );
}

test("what desks send is kept apart in statistics, series, history and reports, over restarts and in a replay", async () => {
  await start({ desk: "alpha", checkpointItems: 5 });
  for (let i = 1; i <= 4; i += 1) await send({ "": i, alpha: 1, beta: 2 * i });
  await send({ beta: 1 });
  const trades = {
    '{status="success"}': 10,
    '{status="failed"}': 0,
    '{status="success",desk="beta"}': 21,
    '{status="failed",desk="beta"}': 0,
  };
  for (let starts = 0; starts < 2; starts += 1) {
    // The same ids under the own desk's name are repeats.
    expect(await metric("trades_total")).toEqual(trades);
    expect((await get("/api/desks")).body).toMatchObject({
      desks: [
        { name: "alpha", own: true },
        { name: "beta", own: false },
      ],
      leftOut: { spans: 0, points: 0, desks: [] },
    });
    const received = {
      statistics: { trade_latency_p99: { count: 21 } },
      services: { svc: { received: 21 } },
    };
    expect((await get("/api/current?desk=beta")).body).toMatchObject(received);
    expect((await get("/api/current?desk=alpha")).body).toEqual((await get("/api/current")).body);
    const day = "from=2026-01-20&to=2026-01-21";
    expect((await get(`/api/mev?desk=beta&${day}`)).body).toMatchObject({ overall: { trades: 21 } });
    expect((await get(`/api/mev?${day}`)).body).toMatchObject({ overall: { trades: 10 } });
    const rate = (await get(`/api/history?statistic=success_rate&desk=beta&${day}&step=3600`)).body;
    expect(rate).toMatchObject({ series: [{ labels: {}, points: [{ value: 100 }] }] });
    expect(replayLog(dataDir).others.get("beta")).toEqual((await get("/api/current?desk=beta")).body);
    if (starts > 0) break;
    await aggregator.close();
    await start({ desk: "alpha", checkpointItems: 5 });
  }
  await aggregator.close();
  const reader = openEmbeddedReader(dataDir);
  expect(await reader.desks()).toEqual({ own: "alpha", others: ["beta"] });
  expect((await reader.rows({ table: "trades", desk: "beta" })).length).toBe(21);
  expect((await reader.rows({ table: "trades" })).length).toBe(10);
  await reader.close();
  await start({ desk: "alpha" });
});

test("a desk that there is not is a 404 that names those there are", async () => {
  await start();
  await send({ "": 1, beta: 1 });
  const paths = [
    "current?",
    "mev?",
    "history?statistic=success_rate&",
    "mev/explain?trade=t0&",
    "advice?pair=a&sizeUsd=1&",
  ];
  for (const path of paths) {
    const { status, body } = await get(`/api/${path}desk=gamma`);
    expect({ status, body }).toMatchObject({
      status: 404,
      body: {
        error: { code: "desk_unknown", field: "desk", message: expect.stringContaining('There are: "beta"') },
      },
    });
  }
});

test("desks beyond the bound are taken, counted, and said once in the log", async () => {
  await start({ maxDesks: 1 });
  for (let i = 0; i < 3; i += 1) await send({ "": 1, beta: 1, gamma: 2, "\n": 1 });
  expect(await metric("trades_total")).toMatchObject({
    '{status="success"}': 3,
    '{status="success",desk="beta"}': 3,
  });
  expect(await metric("slipstream_desks_left_out_total")).toEqual({
    '{items="spans"}': 9,
    '{items="points"}': 0,
  });
  expect((await get("/readyz")).body).toMatchObject({
    desks: { others: 1, leftOut: { spans: 9, points: 0 } },
  });
  expect((await get("/api/desks")).body).toMatchObject({ leftOut: { desks: ["gamma", "\n"] } });
  expect(lines.filter((line) => line.startsWith("Data of another desk"))).toHaveLength(1);
  expect(lines.filter((line) => line.startsWith("Data of a desk is in no statistic"))).toHaveLength(2);
});

test("with one desk nothing says that there could be others", async () => {
  await start({ desk: "alpha" });
  await send({ "": 1, alpha: 2 });
  expect((await get("/readyz")).body).not.toHaveProperty("desks");
  expect(await (await fetch(`${aggregator.url}/metrics`)).text()).not.toContain("desk=");
  expect(lines).toEqual([]);
});
