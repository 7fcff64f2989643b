import { decodeBlock, parseBlock } from "@slipstream/mev";
import { beforeEach, describe, expect, test } from "vitest";
import { Market } from "../market/market.ts";
import { inputToken, outputToken, pairs, type Side } from "../market/tokens.ts";
import { Random } from "../random.ts";
import { swapMessage } from "../solana/swap-transaction.ts";
import { encodeMessage } from "../solana/transaction.ts";
import { Wallet } from "../solana/wallet.ts";
import { Chain, FINALIZED_AFTER_SLOTS, FORGET_AFTER_SLOTS, SLOT_MS } from "./chain.ts";
import { getBlock } from "./get-block.ts";

const wallet = new Wallet(new Random("block"));
const market = new Market(1);
let chain: Chain;

beforeEach(() => {
  chain = new Chain(market, new Random("chain"), { blockhashSlots: 1000, lostRate: 0 });
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
    return chain.accept(transaction, 0, false) ?? "";
  });
}

/** All blocks of the first slots, once they are final. */
function blocks(slots: number): ReturnType<typeof decodeBlock>[] {
  const nowMs = (slots + FINALIZED_AFTER_SLOTS + 1) * SLOT_MS;
  return Array.from({ length: slots }, (_, number) => {
    const slot = chain.firstSlot + number;
    return decodeBlock(
      parseBlock(getBlock([slot, { encoding: "json" }], { chain, nowMs, bundled: false })),
      slot,
    );
  });
}

describe("getBlock", () => {
  test.each(["buy", "sell"] as const)(
    "tells of the swaps that landed, as the chain knows them: %s",
    (side) => {
      const signatures = sendAll(side, 100);
      const swaps = blocks(20).flatMap((block) => block.swaps);
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

  test("tells of swaps that reverted", () => {
    const signatures = sendAll("buy", -1);
    const decoded = blocks(20);
    expect(decoded.flatMap(({ swaps }) => swaps)).toEqual([]);
    const attempted = decoded.flatMap((block) => block.attempted.map(({ signature }) => signature));
    expect(attempted.sort()).toEqual(signatures.sort());
  });

  test("has blocks with their parent and their leader for slots in which the desk did nothing", () => {
    const decoded = blocks(8);
    expect(decoded.map(({ parentSlot, slot }) => Number(slot) - Number(parentSlot))).toEqual(
      Array(8).fill(1),
    );
    expect(new Set(decoded.map(({ leader }) => leader)).size).toBeGreaterThan(1);
  });

  test("answers as a node does for slots to come and slots that are gone", () => {
    const nowMs = 5000 * SLOT_MS;
    const slot = chain.slot(nowMs);
    const ask = (...params: unknown[]): unknown => getBlock(params, { chain, nowMs, bundled: false });
    expect(() => ask(slot - 1)).toThrow(`Block not available for slot ${slot - 1}`);
    expect(ask(slot - 1, { commitment: "confirmed" })).toMatchObject({ parentSlot: slot - 2 });
    expect(() => ask(chain.firstSlot)).toThrow(`First available block: ${slot - FORGET_AFTER_SLOTS}`);
    expect(() => ask("7")).toThrow("expected a slot");
    expect(() => ask(slot - 100, { encoding: "base64" })).toThrow("encoding base64 is not known here");
  });
});
