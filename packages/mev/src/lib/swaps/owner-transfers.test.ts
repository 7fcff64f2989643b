import { parseBlock } from "@slipstream/solana/block";
import { describe, expect, it } from "vitest";
import { key, TOKEN, WalletChain, type WalletTransaction } from "../testing/wallet-chain.ts";
import { decodeBlock } from "./decode-block.ts";
import type { OwnerTransfer } from "./owner-transfers.ts";

function transfersOf(
  act: (transaction: WalletTransaction, chain: WalletChain) => void,
  feeBps = 0n,
): readonly OwnerTransfer[] {
  const chain = new WalletChain(feeBps);
  chain.account(chain.tokens("a")).held = 1_000_000n;
  chain.run("a", (transaction) => act(transaction, chain));
  return decodeBlock(parseBlock(chain.block()), 7).transfers;
}

describe("what owners pass on", () => {
  it("has its place, its owners, and what left and what arrived", () => {
    const told = transfersOf((transaction) => transaction.pass("a", "b", 1_000n, "plain"));
    const place = { slot: 7, txIndex: 0, eventIndex: 0, signature: "signature 0" };
    const ends = { token: TOKEN, from: key("a"), to: key("b") };
    expect(told).toEqual([{ ...place, ...ends, amount: 1_000n, received: 1_000n }]);
    for (const form of ["checked", "fee"] as const) {
      const withFee = transfersOf((transaction) => transaction.pass("a", "b", 1_000n, form), 100n);
      expect(withFee).toEqual([{ ...place, ...ends, amount: 1_000n, received: 990n }]);
    }
  });

  it("is an account given away, with all that is in it at that time", () => {
    const told = transfersOf((transaction, chain) => {
      transaction.pass("a", "b", 400_000n);
      transaction.give(chain.tokens("a"), key("c"));
      transaction.transfer(chain.tokens("a"), chain.tokens("d"), 600_000n);
    });
    const ends = told.map(({ from, to, amount }) => [from, to, amount]);
    expect(ends).toEqual([
      [key("a"), key("b"), 400_000n],
      [key("a"), key("c"), 600_000n],
      [key("c"), key("d"), 600_000n],
    ]);
  });

  it("is not what stays with its owner, what a swap moves, or what a known router moves", () => {
    const told = transfersOf((transaction, chain) => {
      chain.open("second account", TOKEN, key("a"));
      transaction.transfer(chain.tokens("a"), "second account", 10n);
      transaction.buy("a", 1_000_000n);
      transaction.calledBy("JUP6LkbZbjS1jKKwapdHNy74zcZ3tLUZoi5QNyVTaV4", () =>
        transaction.pass("a", "b", 10n),
      );
      // Rents and tips.
      transaction.lamports(key("a"), key("b"), 9_999_999n);
      transaction.close("second account", key("b"));
    });
    expect(told).toEqual([]);
  });

  it("are as many as a hostile transaction holds", () => {
    // In time that grows with their number: with its square, this would take far longer than a test may.
    const told = transfersOf((transaction) => {
      transaction.buy("a", 1_000n);
      for (let at = 0; at < 20_000; at++) transaction.pass("a", "b", 7n);
    });
    expect(told).toHaveLength(20_000);
  });
});
