import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StatisticValue } from "@slipstream/engine";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createAggregator } from "../aggregator.ts";
import type { Aggregator, AggregatorOptions } from "../aggregator-options.ts";
import { replayLog } from "./replay.ts";

let dataDir: string;
let nowMs: number;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "slipstream-replay-"));
  nowMs = Date.UTC(2026, 0, 20, 12);
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

function start(options: Partial<AggregatorOptions> = {}): Promise<Aggregator> {
  return createAggregator({ dataDir, port: 0, now: () => nowMs, ...options });
}

let ids = 0;

/** Sends a request with trades of 1 dollar that end now, filled up to some 20 kB. */
async function trades({ url }: Aggregator, count: number): Promise<void> {
  const spans = Array.from({ length: count }, () => ({
    traceId: (++ids).toString(16).padStart(32, "0"),
    spanId: ids.toString(16).padStart(16, "0"),
    name: "trade.execute",
    startTimeUnixNano: `${nowMs - 40}000000`,
    endTimeUnixNano: `${nowMs}000000`,
    attributes: [{ key: "trade.pnl_usd", value: { doubleValue: 1 } }],
  }));
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "desk" } }] };
  const body = JSON.stringify({
    resourceSpans: [{ resource, scopeSpans: [{ spans }] }],
    pad: "x".repeat(20_000),
  });
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${url}/v1/traces`, { method: "POST", headers, body });
  await response.arrayBuffer();
  expect(response.status).toBe(200);
}

const pnl = (statistics: Readonly<Record<string, unknown>>): unknown =>
  (statistics.total_pnl_usd as StatisticValue).value;

test("gives what the aggregator showed, to the byte, while it runs and after it ended", async () => {
  const aggregator = await start({ capitalUsd: 1_000 });
  for (let i = 0; i < 20; i += 1) {
    nowMs += 1_700;
    await trades(aggregator, 1 + (i % 5));
  }
  // The first reads what is committed, the second what the end added: a tick at most.
  const live = replayLog(dataDir);
  expect(pnl(live.current.statistics)).toBe(60);
  await aggregator.close();
  const replay = replayLog(dataDir);
  expect(JSON.stringify(replay.current)).toBe(JSON.stringify(aggregator.current()));
  expect(replay).toMatchObject({ base: 0, spans: 60 });
});

test("of a log that has forgotten its beginning, too", async () => {
  const options = { logSegmentBytes: 65_536, checkpointItems: 3, logMaxBytes: 200_000 };
  const aggregator = await start(options);
  for (let i = 0; i < 60; i += 1) {
    nowMs += 900;
    await trades(aggregator, 2);
  }
  await aggregator.close();
  const replay = replayLog(dataDir);
  expect(replay.base).toBeGreaterThan(0);
  expect(replay.spans).toBeLessThan(120);
  expect(JSON.stringify(replay.current)).toBe(JSON.stringify(aggregator.current()));
  expect(pnl(replay.current.statistics)).toBe(120);

  const again = await start(options);
  expect(pnl(again.current().statistics)).toBe(120);
  await again.close();
});

test("of a log that was salvaged: says how many records it lacks", async () => {
  const options = { logSegmentBytes: 65_536 };
  const aggregator = await start(options);
  for (let i = 0; i < 12; i += 1) {
    nowMs += 900;
    await trades(aggregator, 1);
  }
  await aggregator.close();
  expect(replayLog(dataDir).missing).toBe(0);
  const [, second = "", third = ""] = readdirSync(join(dataDir, "log")).sort();
  rmSync(join(dataDir, "log", second));
  await (await start({ ...options, salvage: true })).close();
  const { missing, spans } = replayLog(dataDir);
  expect(missing).toBe(Number.parseInt(third, 10) - Number.parseInt(second, 10));
  expect(spans).toBeLessThan(12);
});

test("as it stood at a time, and of a span of time alone, under the options that held", async () => {
  const aggregator = await start({ capitalUsd: 100 });
  await trades(aggregator, 1);
  nowMs += 10_000;
  await trades(aggregator, 2);
  const halfwayMs = nowMs + 1;
  nowMs += 10_000;
  await trades(aggregator, 4);
  await aggregator.close();

  expect(pnl(replayLog(dataDir, { toMs: halfwayMs }).current.statistics)).toBe(3);
  const { current } = replayLog(dataDir, { fromMs: halfwayMs });
  expect(pnl(current.statistics)).toBe(4);
  expect((current.statistics.total_pnl as StatisticValue).value).toBe(4);
});

test("what cannot be replayed is told with the remedy", async () => {
  expect(() => replayLog(join(dataDir, "nowhere"))).toThrow(/There is no log in .*nowhere/);
  const options = { logSegmentBytes: 65_536, checkpointItems: 3, logMaxBytes: 100_000 };
  const aggregator = await start(options);
  for (let i = 0; i < 40; i += 1) await trades(aggregator, 1);
  await aggregator.close();
  rmSync(join(dataDir, "state.sqlite"));
  expect(() => replayLog(dataDir)).toThrow(/begins after position \d+.*--from/s);
  expect(replayLog(dataDir, { fromMs: 0 }).records).toBeGreaterThan(0);
});
