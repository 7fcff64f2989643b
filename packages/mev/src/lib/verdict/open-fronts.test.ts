import { describe, expect, it } from "vitest";
import type { Verdict } from "./model.ts";
import { Desk } from "./testing/desk.ts";
import { VerdictTracker } from "./verdict-tracker.ts";

const large = 20_000_000_000n;

/** Two actors with a record. */
function known(): Desk {
  const desk = new Desk();
  desk.buys(1_000_000n, { id: "before" });
  for (const actor of ["attacker", "another"]) for (let i = 0; i < 2; i++) desk.attack(actor);
  desk.nextSlot(9);
  return desk;
}

/** The verdict on a trade that another attacker attempted too. */
function verdictOn(desk: Desk, leaderOf: (slot: number) => string | null = () => null): Verdict | undefined {
  desk.fails("another");
  desk.buys(large, { id: "own" });
  const tracker = new VerdictTracker();
  for (const trade of desk.trades) tracker.addTrade(trade);
  for (const slot of desk.slots()) tracker.addSlot({ ...slot, leader: leaderOf(slot.slot) });
  tracker.finalize(desk.slot + 3);
  return tracker.take().find(({ tradeId }) => tradeId === "own");
}

/** Sells first. Its last leg buys, two slots before the trade that buys. */
function sandwichBefore(desk: Desk): void {
  const front = desk.scene.sell("attacker", 1_000_000_000_000n);
  desk.scene.sell("somebody", 1_000_000_000_000n);
  desk.nextSlot(3);
  desk.scene.buy("attacker", front.amountOut);
}

describe("what an attacker bought before the trade", () => {
  it("is not an open front run if it may end a sandwich that began before the window", () => {
    const desk = known();
    sandwichBefore(desk);
    desk.nextSlot(2);
    expect(verdictOn(desk)).toMatchObject({ verdict: "avoided", attackers: ["another"] });
  });

  it("is one in the trade's own slot, because nothing before the window can reach it", () => {
    const desk = known();
    desk.scene.buy("attacker", large);
    expect(verdictOn(desk)).toMatchObject({ verdict: "clean", evidence: [{ kind: "open_front" }] });
  });

  it("is one if the leader changed just before it", () => {
    const verdicts = [1, 3].map((turn) => {
      const desk = known();
      const bought = desk.scene.buy("attacker", large);
      desk.nextSlot(2);
      const first = (bought.slot ?? 0) - turn + 1;
      return verdictOn(desk, (slot) => (slot < first ? "one leader" : "the next"))?.verdict;
    });
    expect(verdicts).toEqual(["clean", "avoided"]);
  });

  it("is one if the attacker failed in the pool after it", () => {
    const verdicts = ["attacker", "somebody"].map((who) => {
      const desk = known();
      desk.scene.buy("attacker", large);
      desk.nextSlot(2);
      desk.fails(who);
      return verdictOn(desk)?.verdict;
    });
    expect(verdicts).toEqual(["clean", "avoided"]);
  });
});
