import { generateKeyPairSync, sign } from "node:crypto";
import { setImmediate as immediate, setTimeout as sleep } from "node:timers/promises";
import { spanName } from "@slipstream/conventions";
import { seededRandom } from "@slipstream/stats";
import type { TradeDetails } from "@slipstream/telemetry";
import type { Instrumentation } from "./instrumentation.ts";
import type { Order } from "./messages.ts";

/** Spans that one trade makes: the root, five calls and the signing. */
export const SPANS_PER_TRADE = 7;

const quoteText = JSON.stringify({
  inAmount: "1000000000",
  outAmount: "152340000",
  routePlan: Array.from({ length: 4 }, (_, i) => ({
    percent: 25,
    ammKey: "A".repeat(44),
    label: `pool ${i}`,
  })),
});
const swapText = JSON.stringify({ swapTransaction: "A".repeat(1_200) });
const sentText = JSON.stringify({ jsonrpc: "2.0", id: 1, result: "5".repeat(88) });
const { privateKey } = generateKeyPairSync("ed25519");

/** Does what is ordered; resolves when all trades have ended, with their number. */
export function carryOut(order: Order, instrumentation: Instrumentation): Promise<number> {
  return "trades" in order
    ? tradeBackToBack(order.trades, instrumentation)
    : tradeFor(order.seconds, order.perSecond, seededRandom(order.seed), instrumentation);
}

/**
 * Trades at random moments, `perSecond` of them on average. Moments and waits are random and not even, because timers
 * that are due in the same millisecond wake the process once: with even ones the least delay makes twice as many
 * wake-ups, and they cost more than the work.
 */
async function tradeFor(
  seconds: number,
  perSecond: number,
  random: () => number,
  instrumentation: Instrumentation,
): Promise<number> {
  const total = Math.round(seconds * perSecond);
  const running: Promise<void>[] = [];
  const wait = (ms: number): Promise<void> => sleep(ms * (0.5 + random()));
  let dueMs = performance.now();
  while (running.length < total) {
    dueMs -= (Math.log(1 - random()) * 1_000) / perSecond;
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    running.push(trade(running.length, wait, instrumentation));
  }
  await Promise.all(running);
  return total;
}

/** The same trades with nothing to wait for: all caches warm, all that is compiled at hand. */
async function tradeBackToBack(trades: number, instrumentation: Instrumentation): Promise<number> {
  for (let n = 0; n < trades; n += 1) {
    await trade(n, () => Promise.resolve(), instrumentation);
    if (n % 50 === 0) await immediate();
  }
  return trades;
}

/** One trade as a desk makes it. A call is a wait of about its usual length and the parsing of its usual answer. */
async function trade(
  n: number,
  wait: (ms: number) => Promise<void>,
  { execute, track }: Instrumentation,
): Promise<void> {
  const call = async (ms: number, answer: string): Promise<Record<string, unknown>> => {
    await wait(ms);
    return JSON.parse(answer);
  };
  const details: TradeDetails = {
    id: `trade-${n}`,
    pair: "SOL/USDC",
    side: n % 2 === 0 ? "buy" : "sell",
    sizeUsd: 1_000 + (n % 100),
    protection: "jito",
  };
  await execute(details, async (set) => {
    const quote = await track(spanName.jupiterQuote, () => call(15, quoteText));
    const swap = await track(spanName.jupiterSwap, () => call(10, swapText));
    const message = Buffer.from(String(swap.swapTransaction));
    track(spanName.solanaSign, () => sign(null, message, privateKey));
    const sent = await track(spanName.solanaRpc, () => call(20, sentText), "sendTransaction");
    set({
      signature: String(sent.result),
      quotedOut: BigInt(String(quote.outAmount)),
      actualOut: 152_300_000n,
    });
    await track(spanName.solanaRpc, () => call(40, sentText), "getSignatureStatuses");
    set({
      slot: 285_000_000 + n,
      priorityFeeLamports: 12_000,
      computeUnitLimit: 200_000,
      computeUnitPrice: 60_000,
    });
    await track(spanName.dbWrite, () => call(2, "{}"));
  });
}
