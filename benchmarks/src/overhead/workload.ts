import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { spanName } from "@slipstream/conventions";
import type { Telemetry, TradeDetails } from "@slipstream/telemetry";

/** Where the work tells what it does. Not instrumented, it only calls. */
export interface Instrumentation {
  execute(
    details: TradeDetails,
    work: (set: (details: TradeDetails) => void) => Promise<void>,
  ): Promise<void>;
  track<T>(operation: string, work: () => Promise<T> | T, method?: string): Promise<T> | T;
}

export const bare: Instrumentation = {
  execute: (_, work) => work(() => {}),
  track: (_, work) => work(),
};

export function instrumented({ trades, latencyTracker }: Telemetry): Instrumentation {
  return {
    execute: (details, work) => trades.execute(details, (trade) => work((more) => trade.set(more))),
    track: (operation, work, method) =>
      latencyTracker.track(operation, work, method === undefined ? undefined : { "rpc.method": method }),
  };
}

/** Spans that one trade makes: the root and six calls. */
export const SPANS_PER_TRADE = 7;

const quoteText = JSON.stringify({
  inAmount: "1000000000",
  outAmount: "152340000",
  routePlan: Array.from({ length: 4 }, (_, i) => ({
    percent: 25,
    swapInfo: { ammKey: "A".repeat(44), label: `pool ${i}` },
  })),
});
const swapText = JSON.stringify({ swapTransaction: "A".repeat(1_200), lastValidBlockHeight: 285_000_000 });
const signature = "5".repeat(88);

/** One trade as a desk makes it, its calls being waits of their usual length and the parsing of their usual answers. */
export async function trade(n: number, key: KeyObject, { execute, track }: Instrumentation): Promise<void> {
  await execute(
    {
      id: `trade-${n}`,
      pair: "SOL/USDC",
      side: n % 2 === 0 ? "buy" : "sell",
      sizeUsd: 1_000 + (n % 100),
      protection: "jito",
    },
    async (set) => {
      const quote = await track(spanName.jupiterQuote, () => answer(15, quoteText));
      const swap = await track(spanName.jupiterSwap, () => answer(10, swapText));
      await track(spanName.solanaSign, () => sign(null, Buffer.from(swap.swapTransaction as string), key));
      await track(spanName.solanaRpc, () => sleep(20), "sendTransaction");
      set({
        signature,
        slot: 285_000_000 + n,
        quotedOut: BigInt(quote.outAmount as string),
        actualOut: 152_300_000n,
      });
      await track(spanName.solanaRpc, () => sleep(40), "getSignatureStatuses");
      set({ priorityFeeLamports: 12_000, computeUnitLimit: 200_000, computeUnitPrice: 60_000, pnlUsd: 0.4 });
      await track(spanName.dbWrite, () => sleep(2));
    },
  );
}

/** Starts `perSecond` trades a second, evenly, for `seconds`; resolves when all have ended, with their number. */
export async function tradeFor(
  seconds: number,
  perSecond: number,
  instrumentation: Instrumentation,
): Promise<number> {
  const { privateKey } = generateKeyPairSync("ed25519");
  const total = Math.round(seconds * perSecond);
  const start = performance.now();
  const running: Promise<void>[] = [];
  while (running.length < total) {
    const due = Math.min(total, Math.floor(((performance.now() - start) * perSecond) / 1_000) + 1);
    while (running.length < due) running.push(trade(running.length, privateKey, instrumentation));
    await sleep(1_000 / perSecond / 2);
  }
  await Promise.all(running);
  return total;
}

async function answer(ms: number, text: string): Promise<Record<string, unknown>> {
  await sleep(ms);
  return JSON.parse(text);
}
