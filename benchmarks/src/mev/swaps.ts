import { bps } from "@slipstream/conventions";
import type { MevRecord, SlotSwaps, Swap } from "@slipstream/mev";
import { seededRandom } from "@slipstream/stats";

/** One pool and a crowd in it: constant product, a tenth of the swaps by a few who come again and again. */
export function crowd(count: number): Swap[] {
  const random = seededRandom(7);
  let [money, held] = [10n ** 13n, 10n ** 14n];
  return Array.from({ length: count }, (_, i) => {
    const buy = random() < 0.5;
    const amountIn = ((buy ? money : held) * BigInt(1 + Math.floor(random() * 100))) / 100_000n;
    const net = amountIn - (amountIn * 25n + 9_999n) / 10_000n;
    const reserves = buy ? { in: money, out: held } : { in: held, out: money };
    const amountOut = (reserves.out * net) / (reserves.in + net);
    if (buy) [money, held] = [money + amountIn, held - amountOut];
    else [money, held] = [money - amountOut, held + amountIn];
    const signature = `signature of the transaction with number ${i}`;
    return {
      id: `${signature}:2.0`,
      slot: 1000 + Math.floor(i / 100),
      txIndex: i % 100,
      eventIndex: 2,
      signature,
      signer: random() < 0.1 ? `regular ${i % 20}` : `wallet number ${i}`,
      program: "JUP6LkbZbjS1jKKwapdHNy74zcZ3tLUZoi5QNyVTaV4",
      protocol: "RaydiumV4",
      pool: "pool",
      tokenIn: buy ? "money" : "token",
      tokenOut: buy ? "token" : "money",
      amountIn,
      amountOut,
      reserves,
      fee: { total: 12_000n, base: 5_000n, priority: 7_000n },
      tipLamports: 0n,
    };
  });
}

/** The crowd's swaps slot by slot, as verdicts take them. */
export function slotsOf(swaps: readonly Swap[]): SlotSwaps[] {
  const bySlot = new Map<number, Swap[]>();
  for (const swap of swaps) {
    const slot = swap.slot ?? 0;
    const own = bySlot.get(slot);
    if (own === undefined) bySlot.set(slot, [swap]);
    else own.push(swap);
  }
  return [...bySlot].map(([slot, own]) => ({
    slot,
    pools: ["pool"],
    swaps: own,
    attempted: [],
    undecoded: [],
    others: [],
    searched: [],
    skipped: [],
    leader: null,
  }));
}

/** Trades with verdicts, 3 % of them attacked. */
export function records(count: number): MevRecord[] {
  const random = seededRandom(3);
  return Array.from({ length: count }, (_, i) => {
    const draw = random();
    const verdict = draw < 0.02 ? "impacted" : draw < 0.03 ? "avoided" : "clean";
    return {
      tradeId: `t${i}`,
      timeMs: 1_767_600_000_000 + i * 1000,
      pair: `TOKEN${i % 12}/SOL`,
      sizeUsd: 50 * Math.exp(6 * random()),
      protection: i % 3 === 0 ? "jito" : "none",
      leader: `leader ${i % 200}`,
      toleranceBps: bps([10, 50, 100, 300][i % 4] ?? 0),
      landed: true,
      onChain: true,
      isWhole: true,
      lossResidual: verdict === "impacted" ? 0 : null,
      verdict,
      lossRatio: verdict === "impacted" ? 0.02 * random() : null,
      feeUsd: random(),
      paidUsd: random(),
      valueUsd: 1,
    };
  });
}
