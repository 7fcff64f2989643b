import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { eventually } from "@slipstream/testing/eventually";
import { type WatchedThreads, watchThreads } from "@slipstream/testing/threads";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { createAggregator } from "./aggregator.ts";
import type { Aggregator, AggregatorOptions } from "./aggregator-options.ts";
import { openEmbeddedReader } from "./history/embedded-reader.ts";
import { makeDirectory, removeDirectory } from "./log/testing/folder.ts";
import type { Logger } from "./logger.ts";
import { replayLog } from "./replay/replay.ts";

// Each of an aggregator's threads is ended, as a crash would end it, while the aggregator works.

const LOG = "slipstream-log";
const STATE = "slipstream-state";
const WATCHER = "slipstream-watcher";
const REPORT = "slipstream-mev-report";

let dataDir: string;
let threads: WatchedThreads;
let lines: string[];

beforeEach(() => {
  dataDir = makeDirectory();
  threads = watchThreads();
  lines = [];
});
afterEach(() => {
  threads.stop();
  removeDirectory(dataDir);
});

const logger: Logger = {
  info: (_, message) => void lines.push(message),
  warn: (_, message) => void lines.push(message),
  error: (_, message) => void lines.push(message),
};
const said = (line: string): number => lines.filter((one) => one.startsWith(line)).length;

async function start(options: Partial<AggregatorOptions> = {}): Promise<Aggregator> {
  const aggregator = await createAggregator({ dataDir, port: 0, logger, ...options });
  onTestFinished(() => aggregator.close());
  return aggregator;
}

/** A request with one trade that ended just now. */
function trade(attributes: Readonly<Record<string, string | number>> = {}): string {
  const endMs = Date.now();
  const value = (of: string | number): object =>
    typeof of === "number" ? { intValue: String(of) } : { stringValue: of };
  const span = {
    traceId: randomBytes(16).toString("hex"),
    spanId: randomBytes(8).toString("hex"),
    name: "trade.execute",
    startTimeUnixNano: `${endMs - 40}000000`,
    endTimeUnixNano: `${endMs}000000`,
    attributes: Object.entries(attributes).map(([key, of]) => ({ key, value: value(of) })),
  };
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "desk" } }] };
  return JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] });
}

async function send({ url }: Aggregator, body: string): Promise<number> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${url}/v1/traces`, { method: "POST", headers, body });
  await response.arrayBuffer();
  return response.status;
}

async function read({ url }: Aggregator, path: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(url + path);
  return { status: response.status, body: await response.json() };
}

/** Sends trades from four clients, each until it is acknowledged, while `meanwhile` runs; how many there were. */
async function load(aggregator: Aggregator, meanwhile: () => Promise<void>): Promise<number> {
  let running = true;
  let acknowledged = 0;
  const client = async (): Promise<void> => {
    while (running) {
      const body = trade({ "trade.id": randomBytes(8).toString("hex"), "trade.pair": "SOL/USDC" });
      // Refused requests are sent again as they are, as an exporter does.
      while ((await send(aggregator, body)) !== 200) await new Promise((resolve) => setTimeout(resolve, 20));
      acknowledged += 1;
    }
  };
  const clients = Promise.all([1, 2, 3, 4].map(client));
  try {
    await meanwhile();
  } finally {
    running = false;
    await clients;
  }
  return acknowledged;
}

const received = (aggregator: Aggregator): number => aggregator.current().services.desk?.received ?? 0;
const ready = async (aggregator: Aggregator): Promise<boolean> =>
  (await read(aggregator, "/readyz")).status === 200;

test("the log's thread: every acknowledged trade counts once, intake comes back, and both are logged once", async () => {
  const aggregator = await start();
  const acknowledged = await load(aggregator, async () => {
    for (let round = 0; round < 3; round += 1) {
      await eventually("trades come in", () => received(aggregator) > 20 * (round + 1));
      await threads.kill(LOG);
      await eventually("it is ready again", () => ready(aggregator));
    }
  });
  // What failed may have been committed all the same, and is then a duplicate when it is sent again.
  await eventually("all are counted", () => received(aggregator) === acknowledged);
  expect(said("Log write failed")).toBe(3);
  expect(said("The log is written again")).toBe(3);
  const live = aggregator.current().services.desk;
  await aggregator.close();
  expect(replayLog(dataDir).current.services.desk).toEqual(live);
});

test("the state's thread: what it had not written is written by the next, and a restart stands where it stood", async () => {
  const aggregator = await start({ checkpointItems: 25 });
  const acknowledged = await load(aggregator, async () => {
    for (let round = 0; round < 3; round += 1) {
      await eventually("trades come in", () => received(aggregator) > 40 * (round + 1));
      await threads.kill(STATE);
      const path = "/api/history?statistic=trade_latency_p99&from=2026-01-01T00:00:00Z";
      const asked = await read(aggregator, path);
      if (asked.status !== 200)
        expect(asked).toMatchObject({ status: 503, body: { error: { code: "state_unavailable" } } });
      await eventually("it is written again", () => aggregator.sinks().embedded?.up === true);
    }
  });
  expect(received(aggregator)).toBe(acknowledged);
  expect(said("State write failed")).toBe(3);
  expect(said("The state is written again")).toBe(3);
  await aggregator.close();
  const reader = openEmbeddedReader(dataDir);
  expect(await reader.rows({ table: "trades" })).toHaveLength(acknowledged);
  await reader.close();
  const again = await start();
  expect(received(again)).toBe(acknowledged);
});

/** A node that has an empty block in each slot, and the slots that it was asked for. */
async function startNode(newest: number): Promise<{ url: string; asked: number[] }> {
  const asked: number[] = [];
  const server = createServer(async (request, response) => {
    const { method, params } = JSON.parse(await text(request));
    if (method === "getBlock") asked.push(params[0]);
    const block = { blockTime: 1_700_000_000, parentSlot: params[0] - 1, rewards: [], transactions: [] };
    const result = method === "getSlot" ? newest : method === "getBlock" ? block : { value: [] };
    response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, result }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

test("the watcher's thread: it is started again, and the blocks around every trade are read", async () => {
  const slot = 285_000_100;
  const node = await startNode(slot + 100);
  const aggregator = await start({ rpcUrl: node.url, blocksPerSecond: 100 });
  const slots = [0, 1, 2].map((round) => slot + 10 * round);
  for (const [round, ownSlot] of slots.entries()) {
    const id = `own-${round}`;
    await send(aggregator, trade({ "trade.id": id, "solana.signature": id, "solana.slot": ownSlot }));
    await eventually("its thread runs", () => threads.named(WATCHER).length > round);
    await threads.kill(WATCHER);
  }
  await eventually("all blocks are read", () => slots.every((own) => node.asked.includes(own)));
  await eventually("nothing is left to read", () => aggregator.sinks().watcher?.queueItems === 0);
  expect(aggregator.sinks().watcher).toMatchObject({ up: true, dropped: 0 });
  expect(said("Reading blocks failed")).toBeLessThanOrEqual(3);
});

test("the reports' thread: its question fails with a code, and the next is answered", async () => {
  const aggregator = await start();
  await send(aggregator, trade({ "trade.id": "one" }));
  const asked = read(aggregator, "/api/mev");
  await threads.kill(REPORT);
  const { status, body } = await asked;
  if (status !== 200)
    expect({ status, body }).toMatchObject({ status: 503, body: { error: { code: "report_unavailable" } } });
  await eventually("it is answered", async () => (await read(aggregator, "/api/mev")).status === 200);
});

test("all of them at once, and while it closes: it ends cleanly, and gives the folder back", async () => {
  const aggregator = await start();
  await send(aggregator, trade());
  void read(aggregator, "/api/mev").catch(() => undefined);
  await eventually("the report's thread runs", () => threads.named(REPORT).length > 0);
  const killed = [LOG, STATE, REPORT].map((name) => threads.kill(name));
  await Promise.all([aggregator.close(), aggregator.close(), ...killed]);
  const again = await start();
  expect(received(again)).toBe(1);
});
