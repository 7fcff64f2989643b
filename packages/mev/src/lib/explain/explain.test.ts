import { describe, expect, it } from "vitest";
import { traffic } from "../sandwich/testing/traffic.ts";
import type { OwnTrade, Verdict } from "../verdict/model.ts";
import type { SlotSwaps } from "../verdict/slot-swaps.ts";
import { Desk, slotOf } from "../verdict/testing/desk.ts";
import { VerdictTracker } from "../verdict/verdict-tracker.ts";
import { type Explanation, explainedVerdict } from "./explanation.ts";

const large = 20_000_000_000n;

function attackedDesk(): Desk {
  const desk = new Desk();
  desk.scene.buy("somebody", 1_000_000n);
  const front = desk.scene.buy("attacker", large);
  desk.buys(large, { id: "own", named: { protection: "jito", tipLamports: 5 } });
  desk.scene.sell("attacker", front.amountOut);
  desk.scene.buy("else", 1_000_000n);
  return desk;
}

/** Of a trade that waits for its final verdict. */
function explained(desk: Desk, slots: readonly SlotSwaps[] = desk.slots()): Explanation {
  const tracker = new VerdictTracker();
  for (const trade of desk.trades) tracker.addTrade(trade);
  for (const slot of slots) tracker.addSlot(slot);
  const [verdict] = tracker.take();
  const trade = desk.trades.find(({ id }) => id === "own");
  if (verdict === undefined || trade === undefined) throw new Error("nothing to explain");
  const explanation = tracker.explain(trade, "aggregator");
  expect(explanation.verdict).toEqual(explainedVerdict(verdict));
  // Nothing has changed by it.
  expect(tracker.take()).toEqual([]);
  return explanation;
}

describe("the explanation of a verdict", () => {
  it("has the swaps of the pool in order, with who made them and what they were", () => {
    const { swaps, pools, slots, signers, roundTrips } = explained(attackedDesk());
    expect(swaps.map(({ role, signer }) => [role, signer])).toEqual([
      [null, "somebody"],
      ["front", "attacker"],
      ["own", "desk"],
      ["back", "attacker"],
      [null, "else"],
    ]);
    expect(pools).toEqual([{ pool: "pool", protocol: expect.any(String), tokens: ["SOL", "TOKEN"] }]);
    expect(slots.map(({ seen, swaps }) => [seen, swaps])).toEqual([
      ...Array(3).fill(["whole", 0]),
      ["whole", 5],
      ...Array(3).fill(["whole", 0]),
    ]);
    expect(signers).toContainEqual({
      signer: "attacker",
      role: "attacker",
      swaps: 2,
      failed: 0,
      knownSandwiches: 1,
      knownSwaps: 0,
    });
    expect(roundTrips).toMatchObject([{ kind: "sandwich", label: "feasible", attackers: ["attacker"] }]);
  });

  it("has the replay that the loss comes from", () => {
    const { verdict, replays } = explained(attackedDesk());
    const [replay] = replays;
    const own = replay?.received.find(({ id }) => id === replay.swap);
    expect(own?.replayed).toBe(own?.observed);
    expect(String(BigInt(own?.withoutAttacker ?? 0) - BigInt(own?.replayed ?? 0))).toBe(verdict.loss?.atoms);
  });

  it("has one replay if several attackers were around the trade", () => {
    const desk = new Desk();
    const first = desk.scene.buy("one", large);
    const second = desk.scene.buy("two", large);
    desk.buys(large, { id: "own" });
    desk.scene.sell("two", second.amountOut);
    desk.scene.sell("one", first.amountOut);
    const { verdict, replays } = explained(desk);
    const own = replays[0]?.received.find(({ id }) => id === replays[0]?.swap);
    expect(String(BigInt(own?.withoutAttacker ?? 0) - BigInt(own?.replayed ?? 0))).toBe(verdict.loss?.atoms);
  });

  it("says which slots are missing, and why", () => {
    const desk = attackedDesk();
    const { slots, why, verdict } = explained(desk, desk.slots().slice(1));
    expect(slots[0]).toMatchObject({ seen: "missing", reason: "was not seen", leader: null });
    expect(verdict.confidence).toBe("low");
    expect(why).toContain("slots around it are missing");
  });

  it("has failed swaps and those that cannot be read", () => {
    const desk = new Desk();
    desk.buys(large, { id: "own" });
    desk.fails("loser");
    const place = { txIndex: 90, eventIndex: 0, signature: "hidden", signer: "hider", protocol: "RaydiumV4" };
    const slots = desk.slots().map((slot) => ({
      ...slot,
      undecoded:
        slot.slot === desk.slot
          ? [{ ...place, id: "hidden:0", slot: desk.slot, pool: "pool", reason: "no balances" }]
          : [],
    }));
    const { swaps, verdict } = explained(desk, slots);
    expect(swaps.map(({ kind, reason }) => [kind, reason])).toEqual([
      ["swap", null],
      ["failed", null],
      ["unread", "no balances"],
    ]);
    expect(verdict).toMatchObject({ verdict: "unknown", reason: expect.stringContaining("hidden:0") });
  });

  it("compares tips and protection with what the trade names", () => {
    const { trade } = explained(attackedDesk());
    expect(trade).toMatchObject({
      namedProtection: "jito",
      namedTipLamports: 5,
      protection: "jito",
      protectionSource: "named",
    });
  });

  it("says that the chain has no block in a slot", () => {
    const desk = attackedDesk();
    const tracker = new VerdictTracker();
    for (const trade of desk.trades) tracker.addTrade(trade);
    tracker.addSlot(slotOf(desk.slot, desk.scene.swaps));
    tracker.addSkipped(desk.slot + 1);
    const restored = VerdictTracker.restore(structuredClone(tracker.save()));
    const [trade] = desk.trades as [OwnTrade];
    for (const one of [tracker, restored]) {
      const { slots } = one.explain(trade, "log");
      expect(slots.find(({ slot }) => slot === desk.slot + 1)).toMatchObject({ seen: "skipped" });
    }
  });

  it("is bounded, keeps what matters, and survives JSON", () => {
    const desk = new Desk();
    for (let i = 0; i < 400; i++) desk.scene.buy(`before${i}`, 1_000n);
    const front = desk.scene.buy("attacker", large);
    desk.buys(large, { id: "own" });
    desk.scene.sell("attacker", front.amountOut);
    for (let i = 0; i < 400; i++) desk.scene.buy(`after${i}`, 1_000n);
    const explanation = explained(desk);
    expect(explanation.swaps).toHaveLength(500);
    expect(explanation.swapsLeftOut).toBe(303);
    expect(explanation.swaps.filter(({ role }) => role !== null)).toHaveLength(3);
    expect(JSON.parse(JSON.stringify(explanation))).toEqual(explanation);
  });
});

it.each([1, 2, 3])(
  "with its basis, a verdict is judged again as it was, whatever came since (seed %i)",
  (seed) => {
    const { world } = traffic(seed, { slots: 30, attacks: 8, showsReserves: true, noise: true });
    const last = Math.max(...world.swaps.map(({ slot }) => slot ?? 0));
    const slots = Array.from({ length: last + 7 }, (_, i) => slotOf(i - 3, world.swaps)).filter(
      ({ slot }) => slot >= 0,
    );
    const trades = world.swaps
      .filter((_, at) => at % 5 === 0)
      .map(({ id, signature, slot }): OwnTrade => ({ id, signature, slot }));
    const live = new VerdictTracker();
    for (const trade of trades) live.addTrade(trade);
    const finals = new Map<string, Verdict>();
    for (const slot of slots) {
      live.addSlot(slot);
      live.finalize(slot.slot);
      for (const verdict of live.take()) if (verdict.state === "final") finals.set(verdict.tradeId, verdict);
    }
    expect(finals.size).toBeGreaterThan(50);
    for (const trade of trades) {
      const verdict = finals.get(trade.id);
      if (verdict === undefined) continue;
      const later = new VerdictTracker();
      later.addTrade(trade);
      for (const slot of slots) later.addSlot(slot);
      later.finalize(last + 3);
      const basis = JSON.parse(JSON.stringify(verdict.basis));
      expect(later.explain(trade, "log", basis).verdict).toEqual(explainedVerdict(verdict));
    }
  },
);
