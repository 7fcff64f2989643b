import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { attribute, serviceMetrics } from "@slipstream/conventions";
import { eventually } from "@slipstream/testing/eventually";
import { sharedFolder } from "@slipstream/testing/folders";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type OtlpReceiver, startOtlpReceiver } from "../testing/otlp-receiver.ts";
import { percentile } from "../testing/percentile.ts";
import { fast, fastWeather, quick } from "../testing/quick.ts";
import { byTrade } from "../testing/traces.ts";
import { steadyWeather, type Weather } from "./market/weather.ts";
import type { SimulationOptions } from "./options.ts";
import { type Simulation, type Summary, startSimulation } from "./simulation.ts";
import type { TradeTruth } from "./truth/model.ts";

const directory = sharedFolder();

let receiver: OtlpReceiver;
beforeEach(async () => {
  receiver = await startOtlpReceiver();
});
afterEach(() => receiver.close());

/** Starts a simulation and stops it after this many trades. */
async function runTrades(count: number, options: SimulationOptions): Promise<Summary> {
  const simulation = await startSimulation({ endpoint: receiver.url, ...options });
  await eventually(`${count} trades`, () => simulation.summary().trades >= count, 60_000);
  return simulation.stop();
}

test("the seed determines the decisions, whatever the network does", async () => {
  const decided = async (weather: Weather): Promise<Map<string, string>> => {
    const seen = new Map<string, string>();
    await runTrades(30, {
      ...quick,
      seed: 9,
      weather,
      onTrade: ({ id, pair, side, sizeUsd, strategy, protection }) => {
        seen.set(
          id.slice(id.lastIndexOf("-") + 1),
          JSON.stringify({ pair, side, sizeUsd, strategy, protection }),
        );
      },
    });
    return seen;
  };
  const [one, other] = await Promise.all([
    decided(fastWeather),
    decided(steadyWeather({ node: { latencyFactor: 2, failureRate: 0.1 } })),
  ]);
  const both = [...one.keys()].filter((index) => other.has(index));
  expect(both.length).toBeGreaterThan(15);
  for (const index of both) expect(other.get(index)).toBe(one.get(index));
});

test("one that gets no port leaves the ground truth of the one that has it", async () => {
  const groundTruthFile = join(directory, "theirs.ndjson");
  const first = await startSimulation({ endpoint: receiver.url, ...quick, groundTruthFile });
  const written = (): string => readFileSync(groundTruthFile, "utf8");
  await eventually("a trade", () => written() !== "");
  const before = written();
  const rpcPort = Number(new URL(first.nodeUrl).port);
  await expect(startSimulation({ groundTruthFile, rpcPort })).rejects.toMatchObject({
    code: "port_in_use",
    field: "rpcPort",
  });
  await first.stop();
  expect(written().startsWith(before)).toBe(true);
});

test("the breaker opens when the node fails, probes, and closes when the node is healthy again", async () => {
  let failing = true;
  const weather: Weather = {
    at: (part) => ({ ...fast, failureRate: failing && part === "node" ? 1 : 0 }),
  };
  const simulation = await startSimulation({
    ...quick,
    endpoint: receiver.url,
    weather,
    breaker: { failures: 3, openMs: 1200, probes: 2 },
  });
  await eventually("open", () => simulation.summary().breakerState === "open");
  const state = serviceMetrics.circuitBreakerState.name;
  await eventually("the gauge shows open", () => receiver.history(state).includes(1));
  failing = false;
  await eventually("closed again", () => simulation.summary().breakerState === "closed");
  const { breaker, heldBack, failures } = await simulation.stop();
  const states = breaker.map((change) => change.state);
  expect(states[0]).toBe("open");
  expect(states.slice(-2)).toEqual(["half_open", "closed"]);
  expect(heldBack.breaker).toBeGreaterThan(0);
  expect(failures.node_unavailable).toBeGreaterThanOrEqual(3);
  expect(receiver.points.get(state)).toBe(0);
});

test("the limit of trades in flight holds decisions back, and they are counted", async () => {
  let most = 0;
  const simulation = await startSimulation({ ...quick, endpoint: receiver.url, maxInFlight: 4 });
  await eventually("decisions held back", () => {
    const { inFlight, trades, heldBack } = simulation.summary();
    most = Math.max(most, inFlight);
    return trades >= 8 && heldBack.limit > 0;
  });
  await simulation.stop();
  expect(most).toBeLessThanOrEqual(4);
});

test("a stop without patience ends the trades in flight as stopped, and still reports each", async () => {
  const trades: TradeTruth[] = [];
  const simulation = await startSimulation({
    ...quick,
    endpoint: receiver.url,
    stopDeadlineMs: 0,
    onTrade: (trade) => void trades.push(trade),
  });
  await eventually("trades in flight", () => {
    const { inFlight, trades: ended } = simulation.summary();
    return ended >= 10 && inFlight >= 10;
  });
  const [first, second] = await Promise.all([simulation.stop(), simulation.stop()]);
  expect(second).toBe(first);
  expect(first.failures.stopped).toBeGreaterThan(0);
  const traces = byTrade(receiver.spans);
  expect(traces.size).toBe(trades.length);
  for (const { id, status, failure } of trades) {
    expect(traces.get(id)?.root.attributes[attribute.tradeStatus]).toBe(status);
    expect(failure === null).toBe(status === "success");
  }
});

test("ends by itself after its duration", async () => {
  const simulation = await startSimulation({ ...quick, endpoint: receiver.url, durationSeconds: 0.5 });
  const { trades, inFlight, seconds } = await simulation.done;
  expect(trades).toBeGreaterThan(0);
  expect(inFlight).toBe(0);
  expect(seconds).toBeGreaterThanOrEqual(0.5);
});

describe("an unreachable endpoint", () => {
  /** Accepts connections and never answers. */
  let hole: Server;
  beforeAll(async () => {
    hole = createServer();
    await new Promise<void>((resolve) => hole.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => hole.close());

  test("changes neither the number of trades nor their latency", async () => {
    const gone = await startOtlpReceiver();
    await gone.close();
    const endpoints = [receiver.url, gone.url, `http://127.0.0.1:${(hole.address() as AddressInfo).port}`];
    const errors: string[] = [];
    const simulations: Simulation[] = [];
    const latencies: number[][] = [];
    for (const endpoint of endpoints) {
      const own: number[] = [];
      latencies.push(own);
      simulations.push(
        await startSimulation({
          ...quick,
          rate: 20,
          seed: 11,
          endpoint,
          durationSeconds: 2.5,
          onTrade: ({ latencyMs }) => void own.push(latencyMs),
          onError: (message) => void errors.push(message),
        }),
      );
    }
    const [healthy, refused, silent] = await Promise.all(simulations.map(({ done }) => done));
    if (healthy === undefined || refused === undefined || silent === undefined) throw new Error("three runs");
    expect(healthy.trades).toBeGreaterThan(10);
    // The last decision may fall on either side of the end.
    expect(Math.abs(refused.trades - healthy.trades)).toBeLessThanOrEqual(3);
    expect(Math.abs(silent.trades - healthy.trades)).toBeLessThanOrEqual(3);
    // The quickest tenth: what waits for telemetry waits in each trade, and other work on the machine slows down some.
    const [usual = 0, ...others] = latencies.map((list) => percentile(list, 0.1));
    for (const quick of others) expect(quick / usual).toBeLessThan(1.5);
    expect(refused.telemetry.droppedSpans).toBeGreaterThan(0);
    expect(refused.telemetry.lastError).toBeDefined();
    expect(errors.length).toBeGreaterThan(0);
  });
});
