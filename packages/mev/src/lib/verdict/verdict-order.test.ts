import { wrappedSol } from "@slipstream/solana";
import { Random } from "@slipstream/testing/random";
import fc from "fast-check";
import { expect, it } from "vitest";
import { traffic } from "../sandwich/testing/traffic.ts";
import type { OwnerTransfer } from "../swaps/owner-transfers.ts";
import type { AttemptedSwap, Swap } from "../swaps/swap.ts";
import type { OwnTrade, Verdict } from "./model.ts";
import { slotOf } from "./testing/desk.ts";
import { type ChainSlot, Reads, tellSlot } from "./testing/reads.ts";
import { VerdictTracker } from "./verdict-tracker.ts";

const options = { keepSlots: 8 };
const DISTANCE = 3;

interface Scene {
  readonly chain: ReadonlyMap<number, ChainSlot>;
  readonly trades: readonly (OwnTrade & { readonly slot: number })[];
  readonly last: number;
}

/** Traffic with attacks, failed swaps of the attackers, slots without a block, blocks that are gone, and a desk's trades. */
function sceneOf(seed: number): Scene {
  const random = new Random(seed);
  const { world, planted } = traffic(seed, { slots: 24, attacks: 12, showsReserves: true, noise: true });
  const legs = new Set(planted.flatMap(({ fronts, backs }) => [...fronts, ...backs]));
  const meant = new Set(planted.flatMap(({ meantFor }) => meantFor));
  const slots = world.swaps.map(({ slot }) => slot ?? 0);
  const [from, to] = [Math.min(...slots) - DISTANCE, Math.max(...slots) + DISTANCE];
  const attempts = [...legs].flatMap((leg, i): AttemptedSwap[] => {
    if (!random.chance(0.7)) return [];
    const {
      id: _,
      slot: __,
      tokenIn: ___,
      amountIn: ____,
      amountOut: _____,
      tokenOut: ______,
      ...place
    } = leg;
    const signature = `failed${i}`;
    return [{ ...place, id: `${signature}:0`, signature, slot: random.int(from, to), txIndex: 900 + i }];
  });
  const chain = new Map<number, ChainSlot>();
  let skipped: number[] = [];
  for (let slot = from; slot <= to; slot++) {
    const block = slotOf(slot, world.swaps, attempts);
    const isEmpty = block.swaps.length + block.attempted.length === 0;
    const isFailed = random.chance(0.04);
    if (isEmpty && random.chance(0.7)) {
      skipped.push(slot);
      chain.set(slot, random.chance(0.5) ? "failed" : "skipped");
      continue;
    }
    const transfers = block.swaps.flatMap((swap) => transfersAfter(swap, random.pick(block.swaps).signer));
    chain.set(slot, isFailed ? "failed" : { ...block, skipped, transfers });
    skipped = [];
  }
  const trades = world.swaps
    .filter((swap, i) => meant.has(swap) || (!legs.has(swap) && i % 9 === 0))
    .map(({ id, signature, slot }) => ({ id, signature, slot: slot ?? 0, instruction: id.split(":")[1] }));
  return { chain, trades, last: to };
}

/** What a swap bought, passed on to somebody; and as many lamports. */
function transfersAfter(swap: Swap, to: string): OwnerTransfer[] {
  const { slot, txIndex, eventIndex, signature, signer: from, tokenOut, amountOut: amount } = swap;
  return [tokenOut, wrappedSol].map((token, at) => ({
    ...{ slot, txIndex, eventIndex: 100 + 2 * eventIndex + at, signature },
    ...{ token, from, to, amount, received: amount },
  }));
}

/** The last verdict on each trade. */
class Taken {
  readonly verdicts = new Map<string, Verdict>();
  changed = 0;

  take(tracker: VerdictTracker): void {
    for (const verdict of tracker.take()) {
      if (this.verdicts.get(verdict.tradeId)?.state === "final") this.changed++;
      this.verdicts.set(verdict.tradeId, verdict);
    }
  }
}

/** All trades first, then whole slots in order, then finality. */
function inOrder({ chain, trades, last }: Scene): ReadonlyMap<string, Verdict> {
  const tracker = new VerdictTracker(options);
  const taken = new Taken();
  for (const trade of trades) tracker.addTrade(trade);
  for (const [slot, told] of chain) tellSlot(tracker, slot, told);
  tracker.finalize(last);
  taken.take(tracker);
  return taken.verdicts;
}

/** As it happens live, with restarts. A trade comes before anything after it is final. */
function asItComes({ chain, trades, last }: Scene, random: Random): Taken {
  let tracker = new VerdictTracker(options);
  const reads = new Reads(chain, random);
  const taken = new Taken();
  const coming = [...trades].sort((a, b) => a.slot - b.slot);
  const unplaced: (OwnTrade & { readonly slot: number })[] = [];
  const placedThrough = (): number => Math.min(last, ...[...coming, ...unplaced].map(({ slot }) => slot));
  const comeOne = (): void => {
    const [trade] = coming.splice(random.int(0, Math.min(12, coming.length - 1)), 1);
    if (trade === undefined) return;
    if (random.chance(0.2)) unplaced.push(trade);
    tracker.addTrade(unplaced.includes(trade) ? { ...trade, slot: null } : trade);
    if (random.chance(0.1)) tracker.addTrade(trade);
  };
  while (coming.length + unplaced.length > 0 || !reads.isDone(tracker)) {
    if (coming.length > 0 && random.chance(0.3)) comeOne();
    if (unplaced.length > 0 && random.chance(0.1)) {
      for (const trade of unplaced.splice(0)) tracker.addTrade(trade);
    }
    reads.step(tracker);
    if (random.chance(0.2)) tracker.finalize(placedThrough() - random.int(0, 4));
    if (random.chance(0.1)) taken.take(tracker);
    if (random.chance(0.05)) tracker = VerdictTracker.restore(structuredClone(tracker.save()), options);
  }
  for (let round = 0; round < 20; round++) {
    tracker.finalize(last);
    taken.take(tracker);
    while (!reads.isDone(tracker)) reads.step(tracker);
  }
  return taken;
}

/**
 * A verdict that is final says which wallets around the trade were known to be the desk's. One that the desk first trades
 * from later is not among them.
 */
function withoutOwn(verdicts: ReadonlyMap<string, Verdict>): Record<string, Verdict> {
  const all = Array.from(verdicts, ([id, { basis, ...verdict }]) => {
    const { own: _, ...rest } = basis ?? {};
    return [id, { ...verdict, basis: rest }] as const;
  });
  return Object.fromEntries(all) as Record<string, Verdict>;
}

it("verdicts are the same whatever the order in which trades, parts of blocks, failures and finality arrive", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1 << 20 }), fc.integer(), (seed, order) => {
      const scene = sceneOf(seed);
      const expected = inOrder(scene);
      const { verdicts, changed } = asItComes(scene, new Random(order));
      expect(changed).toBe(0);
      expect(withoutOwn(verdicts)).toEqual(withoutOwn(expected));
      for (const [id, { basis }] of verdicts)
        expect(expected.get(id)?.basis?.own ?? []).toEqual(expect.arrayContaining([...(basis?.own ?? [])]));
      expect([...expected.values()].some(({ state }) => state === "final")).toBe(true);
    }),
    { numRuns: 8, endOnFailure: true, examples: [[11, 1990626364]] },
  );
});
