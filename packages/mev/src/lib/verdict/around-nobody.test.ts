import { describe, expect, it } from "vitest";
import { Desk } from "./testing/desk.ts";

const large = 20_000_000_000n;

/**
 * The verdict on a trade next to a failed swap of someone who made one sandwich and then bought and sold
 * seven times.
 */
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

describe("an active trader is not an attacker", () => {
  it("but round trips around nobody in one slot are not trading", () => {
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
  ])("but round trips %s are", (_, trip) => {
    expect(verdictAfter(trip)).toBe("clean");
  });
});

describe("an attacker's holder", () => {
  const held = (signer: string) => ({ signer, payer: "holder", recipient: "holder" });

  it.each<[string, string, (desk: Desk, wallet: number) => void]>([
    [
      "is still known if its other wallets made round trips around nobody",
      "avoided",
      ({ scene }, wallet) => {
        const { amountOut } = scene.buy(held(`${wallet}`), 1_000_000n);
        scene.sell(held(`${wallet + 1}`), amountOut);
        scene.buy("somebody", 1_000n);
      },
    ],
    [
      "is a relayer if others trade with it",
      "clean",
      ({ scene }, wallet) => {
        scene.buy(held(`${wallet}`), 1_000_000n);
        scene.buy(held(`${wallet + 1}`), 1_000_000n);
      },
    ],
  ])("%s", (_, expected, trade) => {
    const desk = new Desk();
    desk.buys(1_000_000n, { id: "before" });
    const front = desk.scene.buy(held("a"), large);
    desk.scene.buy("somebody", large);
    desk.scene.sell(held("b"), front.amountOut);
    desk.nextSlot(5);
    desk.buys(1_000_000n, { id: "between" });
    for (let wallet = 0; wallet < 6; wallet += 2) trade(desk, wallet);
    desk.nextSlot(8);
    const last = desk.scene.buy(held("c"), 1_000_000n);
    desk.scene.sell(held("d"), last.amountOut);
    desk.buys(large, { id: "own" });
    expect(desk.judge().find(({ tradeId }) => tradeId === "own")?.verdict).toBe(expected);
  });
});
