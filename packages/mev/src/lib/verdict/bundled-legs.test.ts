import { describe, expect, it } from "vitest";
import type { Verdict } from "./model.ts";
import { Desk } from "./testing/desk.ts";

const large = 20_000_000_000n;
const bundled = { signer: "attacker", bundleId: "one" };

/** The verdict on a trade two slots after the actions of someone never seen before. */
function verdictAfter(act: (desk: Desk) => void): Verdict | undefined {
  const desk = new Desk();
  act(desk);
  desk.nextSlot(2);
  desk.buys(large, { id: "own" });
  return desk.judge().find(({ tradeId }) => tradeId === "own");
}

describe("a bundle around somebody", () => {
  it("shows the intent of an unknown actor, even if its victim reverted", () => {
    const verdict = verdictAfter((desk) => {
      const front = desk.scene.buy(bundled, large);
      desk.fails("victim");
      desk.scene.sell(bundled, front.amountOut);
    });
    expect(verdict).toMatchObject({ verdict: "avoided", attackers: ["attacker"] });
    expect(verdict?.evidence.map(({ kind }) => kind)).toEqual(["round_trip", "bundle"]);
  });

  it("also shows it if different wallets signed its legs, and if it made a loss", () => {
    const verdict = verdictAfter((desk) => {
      const front = desk.scene.buy(bundled, 1_000_000n);
      desk.scene.buy("victim", 1_000n);
      desk.scene.sell({ signer: "wallet", bundleId: "one" }, front.amountOut);
    });
    expect(verdict?.verdict).toBe("avoided");
  });

  it.each([
    ["around nobody", bundled, 1n, ""],
    ["around a swap of its own that failed", bundled, 1n, "attacker"],
    ["of another bundle", { signer: "attacker", bundleId: "two" }, 1n, "victim"],
    ["without a bundle", { signer: "attacker" }, 1n, "victim"],
    ["that sell half of it", bundled, 2n, "victim"],
  ])("is distinguished from legs %s", (_, back, part, between) => {
    const verdict = verdictAfter((desk) => {
      const front = desk.scene.buy(bundled, large);
      if (between !== "") desk.fails(between);
      desk.scene.sell(back, front.amountOut / part);
    });
    expect(verdict?.verdict).toBe("clean");
  });

  it("avoided the trade that reverted inside it, and cost the one that it enclosed", () => {
    for (const lands of [false, true]) {
      const desk = new Desk();
      const front = desk.scene.buy(bundled, 1_000_000n);
      if (lands) desk.buys(1_000n, { id: "own" });
      else desk.trades.push({ id: "own", signature: desk.fails("desk").signature, slot: desk.slot });
      desk.scene.sell(bundled, front.amountOut);
      const [verdict] = desk.judge();
      expect(verdict).toMatchObject(
        lands ? { verdict: "clean", confidence: "medium" } : { verdict: "avoided", confidence: "high" },
      );
    }
  });
});
