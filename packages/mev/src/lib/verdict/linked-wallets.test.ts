import { parseBlock } from "@slipstream/solana/block";
import { describe, expect, it } from "vitest";
import { decodeBlock } from "../swaps/decode-block.ts";
import { key, WalletChain } from "../testing/wallet-chain.ts";
import type { Verdict } from "./model.ts";
import { slotSwaps } from "./slot-swaps.ts";
import { Desk } from "./testing/desk.ts";
import { VerdictTracker } from "./verdict-tracker.ts";

const large = 20_000_000_000n;

/** A buys in one slot, passes on what it bought in the next, beside the desk's trade, and B sells in a third. */
function verdictOver(slots: readonly number[]): Verdict | undefined {
  const chain = new WalletChain();
  const blocks = new Map<number, object>();
  let [bought, own] = [0n, ""];
  chain.run("a", (transaction) => {
    bought = transaction.buy("a", large);
  });
  blocks.set(1_000, chain.block());
  own = chain.run("desk", (transaction) => transaction.buy("desk", large));
  chain.run("a", (transaction) => transaction.pass("a", "b", bought));
  blocks.set(1_001, chain.block());
  chain.run("b", (transaction) => transaction.sell("b", bought));
  blocks.set(1_002, chain.block());
  let tracker = new VerdictTracker();
  tracker.addTrade({ id: "trade", signature: own, slot: 1_001 });
  for (const slot of slots) {
    const answer = blocks.get(slot);
    if (answer === undefined) tracker.addSkipped(slot);
    else {
      const block = parseBlock(answer);
      const signatures = new Set([own]);
      tracker.addSlot(slotSwaps(decodeBlock(block, slot), { pools: new Set([key("pool")]), signatures }));
    }
    tracker = VerdictTracker.restore(structuredClone(tracker.save()));
  }
  tracker.finalize(1_004);
  return tracker.take()[0];
}

describe("an attacker of two wallets", () => {
  const around = [998, 999, 1_000, 1_001, 1_002, 1_003, 1_004];

  it.each([[around], [around.toReversed()]])(
    "impacts the desk's trade, in whatever order slots arrive",
    (slots) => {
      const verdict = verdictOver(slots);
      expect(verdict).toMatchObject({ verdict: "impacted", state: "final" });
      expect(verdict?.attackers.slice(0, 2)).toEqual([key("a"), key("b")]);
      expect(verdict?.evidence[0]?.detail).toContain(`link: transfer ${key("a")} to ${key("b")}, `);
      expect(verdict?.loss?.atoms).toBeGreaterThan(0n);
    },
  );

  it("is known by either wallet when it tries again", () => {
    for (const second of ["a", "b"]) {
      const desk = new Desk();
      desk.buys(1_000_000n);
      const front = desk.scene.buy("a", large);
      desk.scene.buy("somebody", large);
      desk.passes(front, "a", "b");
      desk.scene.sell("b", front.amountOut);
      desk.nextSlot(5);
      desk.fails(second);
      desk.buys(large, { id: "own" });
      expect(desk.judge().find(({ tradeId }) => tradeId === "own")?.verdict).toBe("avoided");
    }
  });

  it("avoided if its round trip, with a new wallet, was beside the trade", () => {
    const desk = new Desk();
    desk.buys(1_000_000n);
    desk.attack("a");
    desk.nextSlot(5);
    const front = desk.scene.buy("a", large);
    desk.passes(front, "a", "new");
    desk.scene.sell("new", front.amountOut);
    desk.buys(large, { id: "own" });
    const verdict = desk.judge().find(({ tradeId }) => tradeId === "own");
    expect(verdict).toMatchObject({
      verdict: "avoided",
      evidence: [{ kind: "round_trip" }, { kind: "attacker" }],
    });
  });
});
