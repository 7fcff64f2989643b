import { type ChainBatch, type EngineRecord, emptyChain } from "@slipstream/engine";
import type { AttemptedSwap, SlotSwaps, Swap } from "@slipstream/mev";
import { type Reserves, swapIn } from "../pool.ts";

export const SOL = "So11111111111111111111111111111111111111112";
export const TOKEN = "TokenMint1111111111111111111111111111111111";
export const POOL = "PoolAddress11111111111111111111111111111111";
export const FIRST_SLOT = 300_000_000;

export interface SwapDraft {
  readonly signature: string;
  readonly signer: string;
  readonly buy: boolean;
  readonly amountIn: bigint;
}

/** Swaps one after the other in one pool, in one slot; what the pool holds moves on. */
export function swapsOf(slot: number, reserves: Reserves, drafts: readonly SwapDraft[]): Swap[] {
  return drafts.map(({ signature, signer, buy, amountIn }, txIndex) => {
    const { before, amountOut } = swapIn(reserves, buy, amountIn);
    return {
      id: `${signature}:2`,
      slot,
      txIndex,
      eventIndex: 0,
      signature,
      signer,
      program: signer,
      protocol: "raydium-v4",
      pool: POOL,
      payer: signer,
      recipient: signer,
      tokenIn: buy ? SOL : TOKEN,
      tokenOut: buy ? TOKEN : SOL,
      amountIn,
      amountOut,
      reserves: before,
      tipLamports: 0n,
    };
  });
}

export function slotOf(
  slot: number,
  swaps: readonly Swap[] = [],
  attempted: readonly AttemptedSwap[] = [],
): SlotSwaps {
  return {
    slot,
    pools: "all",
    swaps,
    attempted,
    undecoded: [],
    searched: [],
    others: [],
    skipped: [],
    leader: "Leader",
  };
}

export function chain(receivedMs: number, batch: Partial<ChainBatch>): EngineRecord {
  return { receivedMs, batch: { ...emptyChain, ...batch } };
}

/** A sandwich around the signature's swap: a front of `attacker`, the trade, the back that sells what the front bought. */
export function sandwich(slot: number, reserves: Reserves, signature: string, attacker: string): Swap[] {
  const amount = reserves.sol / 50n;
  const front = swapsOf(slot, reserves, [
    { signature: `${signature}-front`, signer: attacker, buy: true, amountIn: amount },
  ]);
  const trade = swapsOf(slot, reserves, [{ signature, signer: "desk", buy: true, amountIn: amount }]);
  const back = swapsOf(slot, reserves, [
    { signature: `${signature}-back`, signer: attacker, buy: false, amountIn: front[0]?.amountOut ?? 0n },
  ]);
  return [...front, ...trade, ...back].map((swap, txIndex) => ({ ...swap, txIndex }));
}
