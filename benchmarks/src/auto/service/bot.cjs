// A trading service without a line of telemetry, but for the span around a job that a service of any kind has: calls within one are
// observed by all ways of observing. It does what its parent process orders.
const { once } = require("node:events");
const { setTimeout: sleep } = require("node:timers/promises");
const { trace } = require("@opentelemetry/api");

const { VENUES_URL, POSTGRES_URL, REDIS_URL, SPANS_BY_HAND } = process.env;
/** Everything that is to be sent is sent a second after it ended; then the CPU time is read. */
const SETTLE_MS = 1_400;
const tracer = trace.getTracer("bot");
let pool;
let redis;
if (POSTGRES_URL) {
  const { Pool } = require("pg");
  pool = new Pool({ connectionString: POSTGRES_URL, max: 4 });
}
if (REDIS_URL) {
  const { Redis } = require("ioredis");
  redis = new Redis(REDIS_URL);
}
let ids = 0;

async function rpc(method, params) {
  ids += 1;
  const answer = await fetch(`${VENUES_URL}/`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: ids, method, params }),
  });
  return (await answer.json()).result;
}

const insert = (pair, price) =>
  pool.query("INSERT INTO fills (pair, price, size) VALUES ($1, $2, $3)", [pair, price, 1_000]);

/** One of each. */
const calls = {
  fetch: async () => (await fetch(`${VENUES_URL}/markets`)).json(),
  rpc: () => rpc("getLatestBlockhash", [{ commitment: "confirmed" }]),
  pg: () => insert("SOL/USDC", 152.34),
  ioredis: () => redis.set("price:SOL/USDC", "152.34"),
};

const named = SPANS_BY_HAND
  ? (name, work) =>
      tracer.startActiveSpan(name, async (span) => {
        try {
          return await work();
        } finally {
          span.end();
        }
      })
  : (_, work) => work();

/** Quote, swap, sign, send, confirm, and a row in the database if there is one. */
async function swap(n) {
  const quote = await named("jupiter.quote", async () => {
    const query = `inputMint=${USDC}&outputMint=${SOL}&amount=${250_000_000 + n}&slippageBps=50`;
    return (await fetch(`${VENUES_URL}/swap/v1/quote?${query}`)).json();
  });
  const { swapTransaction } = await named("jupiter.swap", async () => {
    const answer = await fetch(`${VENUES_URL}/swap/v1/swap`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ userPublicKey: TRADER, quoteResponse: quote }),
    });
    return answer.json();
  });
  const bytes = Buffer.from(swapTransaction, "base64");
  // No signature that a node would take, but one of its own for each trade.
  for (let at = 1; at < 65; at += 4) bytes.writeUInt32LE((n * 2_654_435_761 + at) >>> 0, at);
  const signature = await named("solana.submit", () =>
    rpc("sendTransaction", [bytes.toString("base64"), { encoding: "base64" }]),
  );
  await named("solana.rpc", () => rpc("getSignatureStatuses", [[signature]]));
  if (pool) await named("db.write", () => insert("SOL/USDC", 152.34));
}
const USDC = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v";
const SOL = "So11111111111111111111111111111111111111112";
const TRADER = "4vJ9JU1bJJE96FWSJKvHsmmFADCg4gpZQff4P3bkLKi";

/** One after the other. */
async function inTurn(call, times) {
  for (let i = 0; i < times; i += 1) await calls[call]();
  return times;
}

/** At even distances, whatever is running. */
async function paced(seconds, perSecond) {
  const running = [];
  const startMs = performance.now();
  for (let n = 0; n < seconds * perSecond; n += 1) {
    const waitMs = startMs + (n * 1_000) / perSecond - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    swaps += 1;
    const number = swaps;
    running.push(named("trade.execute", () => swap(number)));
  }
  await Promise.all(running);
  return running.length;
}
let swaps = 0;

process.on("message", async (order) => {
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  const done =
    "call" in order
      ? await tracer.startActiveSpan("job", async (span) => {
          const times = await inTurn(order.call, order.times);
          span.end();
          return times;
        })
      : await paced(order.seconds, order.perSecond);
  process.send({ done, wallMs: performance.now() - startMs });
  await sleep(SETTLE_MS);
  const { user, system } = process.cpuUsage(cpu);
  process.send({ cpuMs: (user + system) / 1_000 });
});
process.once("disconnect", () => process.exit());

async function start() {
  if (redis && redis.status !== "ready") await once(redis, "ready");
  if (pool) await pool.query("SELECT 1");
  process.send("ready");
}
void start();
