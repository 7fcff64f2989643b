import { describe, expect, it } from "vitest";
import { Desk } from "./testing/desk.ts";

const large = 20_000_000_000n;

/** What becomes of a trade beside a failed swap of who sandwiched once and then bought and sold seven times. */
function verdictAfter(trip: (desk: Desk) => void): string | undefined {
  const desk = new Desk();
  desk.buys(1_000_000n, { id: "before" });
  desk.attack("attacker");
  for (let i = 0; i < 7; i++) trip(desk);
  desk.nextSlot(5);
  desk.fails("attacker");
  desk.buys(large, { id: "own" });
  return desk.judge().find(({ tradeId }) => tradeId === "own")?.verdict;
}

describe("who trades much is no attacker", () => {
  it("but round trips around nobody in one slot are no trading", () => {
    const verdict = verdictAfter(({ scene }) => {
      scene.sell("attacker", scene.buy("attacker", 1_000_000n).amountOut);
      scene.buy("somebody", 1_000n);
    });
    expect(verdict).toBe("avoided");
  });

  it.each<[string, (desk: Desk) => void]>([
    [
      "around a swap of somebody else",
      ({ scene }) => {
        const { amountOut } = scene.buy("attacker", 1_000_000n);
        scene.sell("somebody", 1_000n);
        scene.sell("attacker", amountOut);
        scene.buy("somebody", 1_000n);
      },
    ],
    [
      "of half the amount",
      ({ scene }) => scene.sell("attacker", scene.buy("attacker", 1_000_000n).amountOut / 2n),
    ],
    [
      "in one direction",
      ({ scene }) => [scene.buy("attacker", 1_000_000n), scene.buy("attacker", 1_000_000n)],
    ],
  ])("while those %s are", (_, trip) => {
    expect(verdictAfter(trip)).toBe("clean");
  });
});
