import { spanName } from "@slipstream/conventions";
import { setUp } from "../lib/set-up.ts";
import type { Telemetry } from "../lib/telemetry.ts";

// What telemetry costs a service that does nothing else: a trade is 7 spans, the root with 13 attributes, and 6 tracked
// calls. `overhead.main.ts ENDPOINT|none TRADES_PER_S|max SECONDS`.
// Prints CPU time in microseconds for each trade, and in percent of one core. It is warmed up with as many trades as fit
// 10 s, for a service runs for days, and code that the compiler has not seen often enough costs several times as much.
const [endpoint = "none", rate = "100", seconds = "30"] = process.argv.slice(2);
const WARM_UP_MS = 10_000;
const AT_ONCE = 20;
const telemetry: Telemetry | undefined =
  endpoint === "none" ? undefined : setUp({ serviceName: "overhead", endpoint });
const calls = [
  spanName.jupiterQuote,
  spanName.jupiterSwap,
  spanName.solanaSimulate,
  spanName.solanaSign,
  spanName.solanaRpc,
  spanName.dbWrite,
];
const method = { "rpc.method": "sendTransaction" };
const details = {
  quotedOut: 123_456_789n,
  actualOut: 123_450_000n,
  minOut: 123_000_000n,
  signature: "5".repeat(88),
  slot: 285_000_037,
  priorityFeeLamports: 12_345,
  pnlUsd: -1.5,
  protection: "jito",
};
let trades = 0;

/** A call that takes a turn of the event loop, or a millisecond where trades come at a rate. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    if (warm && rate !== "max") setTimeout(resolve, 1);
    else setImmediate(resolve);
  });
}

async function bareTrade(): Promise<void> {
  for (const _ of calls) await turn();
}

async function trade(): Promise<void> {
  trades += 1;
  if (telemetry === undefined) return bareTrade();
  const { latencyTracker } = telemetry;
  await telemetry.trades.execute(
    { id: `trade ${trades}`, pair: "SOL/USDC", side: "buy", sizeUsd: 1_234.5 },
    async (running) => {
      for (const name of calls) await latencyTracker.track(name, turn, method);
      running.set(details);
    },
  );
}

async function flatOut(milliseconds: number): Promise<void> {
  const end = performance.now() + milliseconds;
  while (performance.now() < end) await Promise.all(Array.from({ length: AT_ONCE }, trade));
}

async function atRate(milliseconds: number): Promise<void> {
  const timer = setInterval(() => void trade(), 1_000 / Number(rate));
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  clearInterval(timer);
}

let warm = false;
await flatOut(WARM_UP_MS);
warm = true;
trades = 0;
const before = process.cpuUsage();
const start = performance.now();
await (rate === "max" ? flatOut : atRate)(Number(seconds) * 1_000);
const { user, system } = process.cpuUsage(before);
const percent = (user + system) / ((performance.now() - start) * 10);
console.log(JSON.stringify({ endpoint, rate, trades, microsPerTrade: (user + system) / trades, percent }));
await telemetry?.shutdown();
