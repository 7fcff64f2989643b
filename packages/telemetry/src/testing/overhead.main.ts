import { randomBytes } from "node:crypto";
import { spanName } from "@slipstream/conventions";
import { setUp, type Telemetry } from "@slipstream/telemetry";

// What telemetry costs a service that does nothing else: `overhead.main.ts ENDPOINT|none SECONDS [TRADES_PER_S]`.
// Prints CPU time in percent of one core. It is warmed up at ten times the rate first, for a service runs for days
// and a compiler that has not seen the code often enough costs more than the code.
const [endpoint = "none", seconds = "20", rate = "100"] = process.argv.slice(2);
const WARM_UP_MS = 15_000;
const WARM_UP_FACTOR = 10;
const telemetry: Telemetry | undefined =
  endpoint === "none" ? undefined : setUp({ serviceName: "overhead", endpoint });
const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));
const calls = [
  spanName.jupiterQuote,
  spanName.jupiterSwap,
  spanName.solanaSimulate,
  spanName.solanaSign,
  spanName.solanaRpc,
  spanName.dbWrite,
];

function call(name: string): Promise<void> {
  return telemetry === undefined
    ? tick()
    : telemetry.latencyTracker.track(name, tick, { "rpc.method": "sendTransaction" });
}

async function trade(): Promise<void> {
  const id = randomBytes(16).toString("hex");
  const signature = randomBytes(44).toString("hex");
  if (telemetry === undefined) {
    for (const name of calls) await call(name);
    return;
  }
  await telemetry.trades.execute({ id, pair: "SOL/USDC", side: "buy", sizeUsd: 1_234.5 }, async (running) => {
    for (const name of calls) await call(name);
    running.set({
      quotedOut: 123_456_789n,
      actualOut: 123_450_000n,
      minOut: 123_000_000n,
      signature,
      slot: 285_000_037,
      priorityFeeLamports: 12_345,
      pnlUsd: -1.5,
      protection: "jito",
    });
  });
}

const period = 1_000 / Number(rate);
const warmUp = setInterval(() => {
  for (let i = 0; i < WARM_UP_FACTOR; i += 1) void trade();
}, period);
setTimeout(() => {
  clearInterval(warmUp);
  const timer = setInterval(() => void trade(), period);
  const before = process.cpuUsage();
  const start = performance.now();
  setTimeout(() => {
    const { user, system } = process.cpuUsage(before);
    const percent = (user + system) / ((performance.now() - start) * 10);
    console.log(JSON.stringify({ endpoint, percent, user, system, health: telemetry?.health() }));
    clearInterval(timer);
  }, Number(seconds) * 1_000);
}, WARM_UP_MS);
