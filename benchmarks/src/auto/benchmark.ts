import { startPostgres } from "@slipstream/testing/postgres-server";
import { startRedis } from "@slipstream/testing/redis-server";
import { Client } from "pg";
import { addedTo, ratioOfAdded } from "../lib/added.ts";
import { medianWithInterval } from "../lib/estimate.ts";
import { loadNow } from "../lib/machine.ts";
import { type BenchmarkResult, type Figure, judge } from "../lib/result.ts";
import type { Call, CallOrder, Order, Run, Way } from "./messages.ts";
import type { AutoOptions } from "./options.ts";
import { type Servers, startServer } from "./processes.ts";
import { Fleet, type Runs } from "./rounds.ts";
import { startUpFigures } from "./start-up.ts";

const callNames: Readonly<Record<Call, string>> = {
  fetch: "a fetch",
  rpc: "a call of a node",
  pg: "a query of PostgreSQL",
  ioredis: "a command of Redis",
};
const ways = ["none", "slipstream", "stock", "by hand"] as const satisfies readonly Way[];
const PER_SECOND = 100;
const GOAL = { ratio: 0.5, aboveByHand: 0.5 } as const;
const FULL = { processes: 2, times: 700, rounds: 6, seconds: 2, starts: 7, warmUp: 1_500 };
const QUICK = { processes: 1, times: 200, rounds: 2, seconds: 0.5, starts: 2, warmUp: 200 };

/** What it costs to observe an unchanged service, beside what stock auto-instrumentation costs. */
export async function autoBenchmark(
  { quick, only }: AutoOptions,
  onProgress: (text: string) => void,
): Promise<BenchmarkResult> {
  const { processes, times, rounds, seconds, starts, warmUp } = quick ? QUICK : FULL;
  const loadBefore = loadNow();
  const closing: (() => unknown)[] = [];
  try {
    onProgress("servers");
    const receiver = await startServer("receiver.main.ts");
    closing.push(() => receiver.close());
    const venues = await startServer("venues.main.ts");
    closing.push(() => venues.close());
    const missing: string[] = [];
    const redisUrl = await started("Redis", startRedis, closing, missing);
    const postgresUrl = await started("PostgreSQL", startPostgres, closing, missing);
    if (postgresUrl !== undefined) await makeTable(postgresUrl);
    const servers: Servers = { otlpUrl: receiver.url, venuesUrl: venues.url, postgresUrl, redisUrl };

    onProgress("starts");
    const startUp = only.includes("starts") ? await startUpFigures(starts, receiver.url) : [];
    const fleet = new Fleet();
    closing.push(() => fleet.close());
    await fleet.start(ways, processes, servers);
    const calls: Call[] = ["fetch", "rpc"];
    if (postgresUrl !== undefined) calls.push("pg");
    if (redisUrl !== undefined) calls.push("ioredis");
    const orders: readonly CallOrder[] = calls.map((call) => ({ call, times }));
    const pace = { seconds, perSecond: PER_SECOND };
    onProgress("warming up");
    await fleet.warmUp(
      calls.map((call) => ({ call, times: warmUp })),
      pace,
    );
    onProgress("calls");
    const byCall = only.includes("calls") ? await fleet.measure(orders, rounds) : new Map<Order, Runs<Run>>();
    onProgress("trades");
    const paced = only.includes("trades") ? (await fleet.measure([pace], rounds)).get(pace) : undefined;
    const { spans } = await receiver.received();
    return {
      name: "auto",
      title:
        "An unchanged service: alone, with @slipstream/telemetry/auto, with stock OpenTelemetry auto-instrumentation",
      comparisons: [],
      figures: [
        ...startUp,
        ...orders.flatMap((order) => callFigures(order.call, byCall.get(order))),
        ...tradeFigures(paced),
      ].map((figure) => (quick ? withoutGoal(figure) : figure)),
      notes: [
        ...missing,
        `${rounds} rounds, ${processes} processes of each kind in turn; ${times} calls one after the other, or ${seconds} s of trades. User and system time, all threads, until all was sent.`,
        "A trade: quote, swap, sendTransaction, getSignatureStatuses, and a row in PostgreSQL if it is there.",
        `The load average was ${loadBefore.toFixed(1)} before and ${loadNow().toFixed(1)} after. With others on the machine only the ratios say something.`,
        `The receiver got ${ways.map((way) => `${spans[encodeURIComponent(way)] ?? 0} spans (${way})`).join(", ")}.`,
        "Stock: no detectors of clouds, and spans are sent each second, as ours are. Everything else is as it comes.",
      ],
    };
  } finally {
    for (const close of closing.toReversed()) await close();
  }
}

/** So few rounds decide nothing. */
function withoutGoal({ name, unit, estimate }: Figure): Figure {
  return { name, unit, estimate };
}

/** Its address; undefined if it is not installed: then `missing` says so. */
async function started(
  name: string,
  start: () => Promise<{ readonly url: string; close(): Promise<void> }>,
  closing: (() => unknown)[],
  missing: string[],
): Promise<string | undefined> {
  try {
    const server = await start();
    closing.push(() => server.close());
    return server.url;
  } catch (error) {
    missing.push(`${name} was not measured: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

async function makeTable(connectionString: string): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  await client.query(
    "CREATE UNLOGGED TABLE fills (pair text, price double precision, size double precision)",
  );
  await client.end();
}

function callFigures(call: Call, runs: Runs<Run> | undefined): Figure[] {
  if (runs === undefined) return [];
  const name = callNames[call];
  return [
    ...costFigures(`CPU of ${name}`, "us", runs, ({ cpuMs, done }) => (1_000 * cpuMs) / done),
    ...costFigures(`time of ${name}`, "us", runs, ({ wallMs, done }) => (1_000 * wallMs) / done),
  ];
}

/** What it costs alone, what both add, and the ratio of the two. */
function costFigures(name: string, unit: string, runs: Runs<Run>, cost: (run: Run) => number): Figure[] {
  const of = (way: Way) => (runs.get(way) ?? []).map(cost);
  const [alone, ours, stock] = [of("none"), of("slipstream"), of("stock")];
  const ratio = ratioOfAdded(alone, ours, stock);
  return [
    { name: `${name}, alone`, unit, estimate: medianWithInterval(alone) },
    { name: "  slipstream adds", unit, estimate: addedTo(alone, ours) },
    { name: "  stock adds", unit, estimate: addedTo(alone, stock) },
    { name: "  ratio of the two", unit: "x", estimate: ratio, goal: judge(ratio, GOAL.ratio) },
  ];
}

function tradeFigures(runs: Runs<Run> | undefined): Figure[] {
  if (runs === undefined) return [];
  const percent = ({ cpuMs, wallMs }: Run): number => (100 * cpuMs) / wallMs;
  const of = (way: Way) => (runs.get(way) ?? []).map(percent);
  const above = addedTo(of("by hand"), of("slipstream"));
  const unit = "% of one core";
  return [
    ...costFigures(`CPU at ${PER_SECOND} trades/s`, unit, runs, percent),
    { name: "  spans made by hand add", unit, estimate: addedTo(of("none"), of("by hand")) },
    {
      name: "  slipstream adds above those",
      unit,
      estimate: above,
      goal: judge(above, GOAL.aboveByHand),
    },
  ];
}
