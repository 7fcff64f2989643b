import { type AttemptedSwap, decodeBlock, type Swap, swapEventJson } from "@slipstream/mev";
import { parseBlock } from "@slipstream/solana/block";
import { describe, expect, test } from "vitest";
import type { SlotRecord } from "../engine/slot-record.ts";
import { openMevWorld } from "../world.ts";

const world = openMevWorld({ seed: 3, trades: 600, days: 0.06, attackRate: 0.1 });
const records = [...world.slots()];

/** As visible in a block: the bundle of a transaction is not on the chain. */
function onChain({ bundleId: _, ...swap }: Swap): object {
  return swapEventJson(swap);
}

function decoded(record: SlotRecord): ReturnType<typeof decodeBlock> {
  // Through text, as an RPC node would send it.
  return decodeBlock(parseBlock(JSON.parse(JSON.stringify(world.block(record)))), record.slot);
}

describe("recorded blocks", () => {
  test("decode to the swaps and failed swaps of the stream", () => {
    let swaps = 0;
    let failed = 0;
    for (const record of records.filter(({ hasBlock }) => hasBlock)) {
      const block = decoded(record);
      expect(block.swaps.map(onChain)).toEqual(record.swaps.map(onChain));
      expect(block).toMatchObject({ leader: record.leader, blockTime: Math.floor(record.timeMs / 1000) });
      expect(block.undecoded).toEqual([]);
      const attempt = ({ id, pool, signer, fee }: AttemptedSwap): object => ({ id, pool, signer, fee });
      expect(block.attempted.map(attempt)).toEqual(record.failed.map(attempt));
      swaps += block.swaps.length;
      failed += record.failed.length;
    }
    expect(swaps).toBeGreaterThan(1200);
    expect(failed).toBeGreaterThan(30);
  });

  test("some use lookup tables, some do not, and inner instructions contain the swaps of routers", () => {
    const transactions = records.flatMap((record) => world.block(record)?.transactions ?? []);
    const loaded = transactions.filter(({ meta }) => (meta.loadedAddresses?.writable.length ?? 0) > 0);
    const legacy = transactions.filter(
      ({ version, meta }) => version === "legacy" && meta.postTokenBalances.length > 0,
    );
    expect(loaded.length).toBeGreaterThan(400);
    expect(legacy.length).toBeGreaterThan(100);
    expect(loaded.every(({ meta }) => meta.innerInstructions.length === 1)).toBe(true);
  });

  test("every transaction conserves its tokens and pays its fee", () => {
    for (const record of records.slice(0, 500)) {
      for (const { meta } of world.block(record)?.transactions ?? []) {
        const change = new Map<string, bigint>();
        const add = (mint: string, amount: string, sign: bigint): void => {
          change.set(mint, (change.get(mint) ?? 0n) + sign * BigInt(amount));
        };
        for (const { mint, uiTokenAmount } of meta.preTokenBalances) add(mint, uiTokenAmount.amount, -1n);
        for (const { mint, uiTokenAmount } of meta.postTokenBalances) add(mint, uiTokenAmount.amount, 1n);
        expect([...change.values()].every((sum) => sum === 0n)).toBe(true);
        const lamports = (balances: readonly number[]): number =>
          balances.reduce((sum, balance) => sum + balance, 0);
        expect(lamports(meta.preBalances) - lamports(meta.postBalances)).toBe(meta.fee);
      }
    }
  });

  test("slots in which nothing happened have blocks too; skipped slots have none", () => {
    const slots = Array.from({ length: 500 }, (_, offset) => world.firstSlot + offset);
    const blocks = slots.map((slot) => world.block(slot));
    const skipped = blocks.filter((block) => block === null).length;
    expect(skipped).toBeGreaterThan(0);
    expect(skipped).toBeLessThan(100);
    for (const [offset, block] of blocks.entries()) {
      if (block === null) continue;
      expect(world.block(block.parentSlot)?.blockhash).toBe(block.previousBlockhash);
      expect(decodeBlock(parseBlock(block), world.firstSlot + offset).swaps).toEqual([]);
    }
    for (const record of records) expect(world.block(record) !== null).toBe(record.hasBlock);
  });
});
