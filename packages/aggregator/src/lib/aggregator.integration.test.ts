import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { StatisticValue } from "@slipstream/engine";
import { eventually } from "@slipstream/testing/eventually";
import { afterEach, expect, test } from "vitest";
import { createAggregator } from "./aggregator.ts";
import type { Aggregator, AggregatorOptions } from "./aggregator-options.ts";
import { IN_MEMORY } from "./data-folder.ts";

const open: Aggregator[] = [];
const folders: string[] = [];

afterEach(async () => {
  for (const aggregator of open.splice(0)) await aggregator.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

async function start(options: Partial<AggregatorOptions> = {}): Promise<Aggregator> {
  const aggregator = await createAggregator({ dataDir: IN_MEMORY, port: 0, ...options });
  open.push(aggregator);
  return aggregator;
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "slipstream-"));
  folders.push(path);
  return path;
}

/** A request with `count` trades that ended just now. */
function trades(count: number): string {
  const endMs = Date.now();
  const span = () => ({
    traceId: randomBytes(16).toString("hex"),
    spanId: randomBytes(8).toString("hex"),
    name: "trade.execute",
    startTimeUnixNano: `${endMs - 40}000000`,
    endTimeUnixNano: `${endMs}000000`,
    attributes: [
      { key: "trade.status", value: { stringValue: "success" } },
      { key: "trade.pnl_usd", value: { doubleValue: 1.25 } },
    ],
  });
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: [{ key: "service.name", value: { stringValue: "desk" } }] },
        scopeSpans: [{ spans: Array.from({ length: count }, span) }],
      },
    ],
  });
}

async function send(
  aggregator: Aggregator,
  body: string,
  headers: Record<string, string> = {},
): Promise<number> {
  const response = await fetch(`${aggregator.url}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
  await response.arrayBuffer();
  return response.status;
}

function counted(aggregator: Aggregator): { pnl: unknown; received: unknown; duplicate: unknown } {
  const { statistics, services } = aggregator.current();
  const pnl = statistics.total_pnl_usd as StatisticValue;
  return { pnl: pnl.value, received: services.desk?.received, duplicate: services.desk?.duplicate };
}

test("a batch sent twice counts once", async () => {
  const aggregator = await start();
  const body = trades(8);
  expect(await send(aggregator, body)).toBe(200);
  expect(await send(aggregator, body)).toBe(200);
  expect(counted(aggregator)).toEqual({ pnl: 10, received: 8, duplicate: 8 });
});

test("a restarted aggregator stands where it stood", async () => {
  const dataDir = folder();
  const first = await start({ dataDir });
  const body = trades(4);
  await send(first, body);
  await send(first, trades(6));
  const before = counted(first);
  await first.close();
  const second = await start({ dataDir });
  expect(counted(second)).toEqual(before);
  await send(second, body);
  expect(counted(second)).toEqual({ ...before, duplicate: 4 });
});

test("a start that is broken off keeps what it read, and the next one counts everything once", async () => {
  const dataDir = folder();
  const first = await start({ dataDir });
  for (let batch = 0; batch < 5; batch++) await send(first, trades(4));
  const before = counted(first);
  await first.close();
  rmSync(join(dataDir, "state.sqlite"));
  for (let attempt = 0; attempt < 3; attempt++) {
    const signal = AbortSignal.abort();
    await expect(createAggregator({ dataDir, port: 0, signal })).rejects.toBe(signal.reason);
  }
  expect(counted(await start({ dataDir }))).toEqual(before);
});

test("the dashboard's values are written at the 5-second boundary, and the unknown ones are absent", async () => {
  const aggregator = await start();
  await send(aggregator, trades(3));
  const current = await eventually("the first boundary is written", async () => {
    const keys = await aggregator.dashboard.current();
    return Object.keys(keys).length > 0 && keys;
  });
  expect(current).toEqual({
    "dashboard:trade_latency_p99": "40",
    "dashboard:success_rate": "100",
  });
  // A rate takes 5 s of data.
  await eventually("a rate is known", async () => {
    const { "dashboard:trades_per_minute": rate } = await aggregator.dashboard.current();
    return Number(rate) > 3 && Number(rate) <= 36;
  });
});

test("metrics, readiness and the sinks' state are served", async () => {
  const aggregator = await start();
  await send(aggregator, trades(5));
  const metrics = await (await fetch(`${aggregator.url}/metrics`)).text();
  expect(metrics).toContain('trades_total{status="success"} 5\n');
  expect(metrics).toContain("slipstream_log_position ");
  const ready = await fetch(`${aggregator.url}/readyz`);
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({ ready: true, requests: { accepted: 1 } });
  expect((await fetch(`${aggregator.url}/healthz`)).status).toBe(200);
});

test("with a token, neither senders nor readers get in without it", async () => {
  const aggregator = await start({ token: "let-me-in" });
  expect(await send(aggregator, trades(1))).toBe(401);
  expect((await fetch(`${aggregator.url}/metrics`)).status).toBe(401);
  expect((await fetch(`${aggregator.url}/api/current`)).status).toBe(401);
  expect((await fetch(`${aggregator.url}/healthz`)).status).toBe(200);
  const authorization = "Bearer let-me-in";
  expect(await send(aggregator, trades(1), { authorization })).toBe(200);
  expect((await fetch(`${aggregator.url}/metrics`, { headers: { authorization } })).status).toBe(200);
});

test("a host that needs a token is refused before the data folder is touched", async () => {
  const dataDir = join(folder(), "data");
  await expect(createAggregator({ dataDir, port: 0, host: "0.0.0.0" })).rejects.toMatchObject({
    code: "token_required",
  });
  expect(existsSync(dataDir)).toBe(false);
});

test("a taken port is named, and nothing is left open", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as AddressInfo;
  const dataDir = folder();
  await expect(start({ dataDir, port })).rejects.toMatchObject({ code: "port_in_use" });
  other.close();
  // The data directory's lock was given back.
  await start({ dataDir });
});

test.each([
  ["of a newer version", `UPDATE engine_formats SET parts = replace(parts, ':', ':9')`],
  ["damaged", "UPDATE engine_checkpoints SET state = zeroblob(1000)"],
  ["gone", "DELETE FROM engine_checkpoints"],
])("if the checkpoint is %s, the statistics are computed again from the log", async (_, damage) => {
  const dataDir = folder();
  const first = await start({ dataDir });
  const body = trades(4);
  await send(first, body);
  await first.close();
  const state = new DatabaseSync(join(dataDir, "state.sqlite"));
  state.exec(damage);
  state.close();
  const second = await start({ dataDir });
  expect(counted(second)).toEqual(counted(first));
  await send(second, body);
  expect(counted(second)).toEqual({ ...counted(first), duplicate: 4 });
});

test("a store that cannot be written keeps nobody from ending, and nothing is lost", async () => {
  const dataDir = folder();
  const first = await start({ dataDir });
  const blocker = new DatabaseSync(join(dataDir, "state.sqlite"));
  blocker.exec("BEGIN IMMEDIATE");
  await send(first, trades(5));
  const before = counted(first);
  await first.close();
  blocker.close();
  const second = await start({ dataDir });
  expect(counted(second)).toEqual(before);
  expect(counted(second).received).toBe(5);
});

test("two aggregators cannot share a data directory", async () => {
  const dataDir = folder();
  await start({ dataDir });
  await expect(start({ dataDir })).rejects.toMatchObject({ code: "data_in_use" });
});
