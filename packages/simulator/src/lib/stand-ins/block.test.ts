import { decodeBlock } from "@slipstream/mev";
import { encodeMessage } from "@slipstream/solana";
import { parseBlock } from "@slipstream/solana/block";
import { beforeEach, describe, expect, test } from "vitest";
import { Market } from "../market/market.ts";
import { inputToken, outputToken, pairs, type Side } from "../market/tokens.ts";
import { Random } from "../random.ts";
import { swapMessage } from "../solana/swap-transaction.ts";
import { Wallet } from "../solana/wallet.ts";
import { Chain, FINALIZED_AFTER_SLOTS, FORGET_AFTER_SLOTS, SLOT_MS } from "./chain.ts";
import { getBlock } from "./get-block.ts";

const wallet = new Wallet(new Random("block"));
const market = new Market(1);
let chain: Chain;

beforeEach(() => {
  chain = new Chain(market, new Random("chain"), {
    seed: 1,
    blockhashSlots: 1000,
    lostRate: 0,
    attackRate: 0,
  });
});

/** Sends a swap of every pair at time 0; a tolerance below 0 makes it revert. */
function sendAll(side: Side, toleranceBps: number): string[] {
  return pairs.map((pair) => {
    const message = swapMessage(
      {
        payer: wallet.address,
        inputMint: inputToken(pair, side).mint,
        outputMint: outputToken(pair, side).mint,
        pool: pair.pool,
        amountIn: 50_000_000n,
        quotedOut: toleranceBps < 0 ? 10n ** 18n : 1n,
        toleranceBps: Math.abs(toleranceBps),
        computeUnitLimit: 200_000,
        computeUnitPrice: 50_000,
        tipLamports: 5000,
      },
      chain.latestBlockhash(0).blockhash,
    );
    const messageBytes = encodeMessage(message);
    const transaction = { signature: wallet.sign(messageBytes), message, messageBytes };
    return chain.accept(transaction, 0, "none") ?? "";
  });
}

/** All blocks of the first slots, once they are final, without skipped slots. */
function blocks(slots: number): ReturnType<typeof decodeBlock>[] {
  const nowMs = (slots + FINALIZED_AFTER_SLOTS + 1) * SLOT_MS;
  return Array.from({ length: slots }, (_, number) => chain.firstSlot + number)
    .filter((slot) => !chain.world.schedule.isSkipped(slot))
    .map((slot) => {
      const answer = getBlock([slot, { encoding: "json" }], { chain, nowMs, protection: "none" });
      return decodeBlock(parseBlock(answer), slot);
    });
}

function ownOf<Swap extends { readonly signer: string }>(swaps: readonly Swap[]): Swap[] {
  return swaps.filter(({ signer }) => signer === wallet.address);
}

describe("getBlock", () => {
  test.each(["buy", "sell"] as const)(
    "contains the swaps that landed, as the chain knows them: %s",
    (side) => {
      const signatures = sendAll(side, 100);
      const swaps = ownOf(blocks(20).flatMap((block) => block.swaps));
      expect(swaps.map(({ signature }) => signature).sort()).toEqual(signatures.sort());
      for (const {
        signature,
        pool,
        amountIn,
        amountOut,
        tokenIn,
        signer,
        payer,
        fee,
        tipLamports,
        slot,
      } of swaps) {
        const landed = chain.find(signature, 100 * SLOT_MS)?.landed;
        expect({ pool, amountIn, amountOut, slot }).toEqual({
          pool: landed?.pair.pool,
          amountIn: 50_000_000n,
          amountOut: landed?.out,
          slot: landed?.slot,
        });
        expect([tokenIn, signer, payer]).toEqual([landed?.swap.inputMint, wallet.address, wallet.address]);
        expect([fee?.priority, tipLamports]).toEqual([10_000n, 5000n]);
      }
    },
  );

  test("contains swaps that reverted", () => {
    const signatures = sendAll("buy", -1);
    const decoded = blocks(20);
    expect(ownOf(decoded.flatMap(({ swaps }) => swaps))).toEqual([]);
    const attempted = ownOf(decoded.flatMap((block) => block.attempted)).map(({ signature }) => signature);
    expect(attempted.sort()).toEqual(signatures.sort());
  });

  test("has blocks with parent and leader, whatever the desk does, except for skipped slots", () => {
    const decoded = blocks(200);
    const slots = decoded.map(({ slot }) => Number(slot));
    expect(decoded.slice(1).map(({ parentSlot }) => Number(parentSlot))).toEqual(slots.slice(0, -1));
    expect(new Set(decoded.map(({ leader }) => leader)).size).toBeGreaterThan(1);
    const skipped = Array.from({ length: 200 }, (_, number) => chain.firstSlot + number).find((slot) =>
      chain.world.schedule.isSkipped(slot),
    );
    if (skipped === undefined) return;
    const nowMs = 300 * SLOT_MS;
    expect(() => getBlock([skipped], { chain, nowMs, protection: "none" })).toThrow(
      `Slot ${skipped} was skipped`,
    );
  });

  test("answers like a node for future slots and slots that are gone", () => {
    const nowMs = 5000 * SLOT_MS;
    const last = chain.slot(nowMs);
    const slot = chain.world.schedule.withBlock(last - 20);
    const ask = (...params: unknown[]): unknown => getBlock(params, { chain, nowMs, protection: "none" });
    expect(() => ask(slot)).toThrow(`Block not available for slot ${slot}`);
    expect(ask(slot, { commitment: "confirmed" })).toMatchObject({ blockHeight: slot - 21_700_000 });
    expect(() => ask(chain.firstSlot)).toThrow(`First available block: ${last - FORGET_AFTER_SLOTS}`);
    expect(() => ask("7")).toThrow("expected a slot");
    expect(() => ask(slot - 100, { encoding: "base64" })).toThrow("encoding base64 is not supported here");
  });
});
