import { randomBytes } from "node:crypto";
import { shippedRules } from "@slipstream/alerts";
import { eventually } from "@slipstream/testing/eventually";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { createAggregator } from "../aggregator.ts";
import type { Aggregator, AggregatorOptions } from "../aggregator-options.ts";
import { makeDirectory, removeDirectory } from "../log/testing/folder.ts";
import { machineClocks } from "../receipt-clock/machine-clocks.ts";

/** The breaker's alert clears at once. */
const rules = shippedRules().map((rule) => ({ ...rule, clearForSeconds: 0 }));

// A machine whose clock is set while a service sends each second. The service is on the same machine.

const DAY_MS = 86_400_000;
let dataDir: string;
let setMs: number;
let warnings: string[];
beforeEach(() => {
  dataDir = makeDirectory();
  [setMs, warnings] = [0, []];
});
afterEach(() => removeDirectory(dataDir));

const wallMs = (): number => Date.now() + setMs;

async function start(options: Partial<AggregatorOptions> = {}): Promise<Aggregator> {
  const clocks = { ...machineClocks, wallMs };
  const logger = { info: () => undefined, warn: (_: object, text: string) => void warnings.push(text) };
  const aggregator = await createAggregator({
    ...{ dataDir, port: 0, clocks, rules },
    logger: { ...logger, error: () => undefined },
    ...options,
  });
  onTestFinished(() => aggregator.close());
  return aggregator;
}

/** A breaker that is open or closed, and a trade, as of now. */
async function send(url: string, isOpen: boolean): Promise<void> {
  const nano = `${wallMs()}000000`;
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "desk" } }] };
  const gauge = { dataPoints: [{ timeUnixNano: nano, asInt: isOpen ? "1" : "0" }] };
  const ids = { traceId: randomBytes(16).toString("hex"), spanId: randomBytes(8).toString("hex") };
  const attributes = [{ key: "trade.status", value: { stringValue: "success" } }];
  const span = {
    ...ids,
    name: "trade.execute",
    startTimeUnixNano: nano,
    endTimeUnixNano: nano,
    attributes,
  };
  const metrics = [{ name: "circuit_breaker_state", gauge }];
  await post(`${url}/v1/metrics`, { resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] });
  await post(`${url}/v1/traces`, { resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] });
}

async function post(url: string, body: object): Promise<void> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  expect(response.status).toBe(200);
}

async function json(url: string): Promise<Record<string, unknown>> {
  return (await (await fetch(url)).json()) as Record<string, unknown>;
}

async function isFiring(url: string): Promise<boolean> {
  const { alerts } = (await json(`${url}/api/alerts`)) as { alerts: { rule: string; state: string }[] };
  return alerts.some(({ rule, state }) => rule === "circuit-breaker-open" && state === "firing");
}

/** Sends until the alert has fired, and until it has resolved. */
async function firesAndClears(url: string): Promise<void> {
  const becomes = async (fires: boolean): Promise<void> => {
    await eventually(`it ${fires ? "fires" : "clears"}`, async () => {
      await send(url, fires);
      return (await isFiring(url)) === fires;
    });
  };
  await becomes(true);
  await becomes(false);
}

test("the clock is set back by a day: alerts go on firing and clearing, and it is told", {
  timeout: 90_000,
}, async () => {
  const { url } = await start();
  await send(url, false);
  setMs = -DAY_MS;
  await firesAndClears(url);
  const { clock } = (await json(`${url}/readyz`)) as { clock: { receiptAheadSeconds: number } };
  expect(Math.abs(clock.receiptAheadSeconds - DAY_MS / 1_000)).toBeLessThan(60);
  expect(await (await fetch(`${url}/metrics`)).text()).toMatch(
    /^slipstream_receipt_ahead_seconds 86[34]\d\d/m,
  );
  expect(warnings).toContainEqual(expect.stringContaining("This machine's clock was set back"));
});

test("it starts while the clock is a day behind its log, and goes on after the newest record", {
  timeout: 90_000,
}, async () => {
  const before = await start();
  await send(before.url, false);
  await before.close();
  setMs = -DAY_MS;
  const { url } = await start();
  await firesAndClears(url);
  expect(await json(`${url}/readyz`)).toMatchObject({ clock: { receiptAheadSeconds: expect.any(Number) } });
});

test("a clock that is a day ahead for a moment moves no time", { timeout: 90_000 }, async () => {
  const { url } = await start();
  await send(url, false);
  setMs = DAY_MS;
  await firesAndClears(url);
  expect(await json(`${url}/readyz`)).toMatchObject({
    clock: { receiptAheadSeconds: expect.closeTo(-DAY_MS / 1_000, -1) },
  });
  setMs = 0;
  await firesAndClears(url);
  const { time } = await json(`${url}/api/current`);
  expect(Math.abs(Date.parse(String(time)) - Date.now())).toBeLessThan(60_000);
  expect(await json(`${url}/readyz`)).not.toHaveProperty("clock");
});
