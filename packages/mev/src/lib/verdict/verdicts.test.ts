import { describe, expect, it } from "vitest";
import type { Verdict } from "./model.ts";
import { counterfactualLoss } from "./testing/counterfactual-loss.ts";
import { Desk } from "./testing/desk.ts";

const large = 20_000_000_000n;

/** An actor that sandwiched others some slots ago. */
function withRecord(actor: Parameters<Desk["attack"]>[0]): Desk {
  const desk = new Desk();
  desk.buys(1_000_000n, { id: "before" });
  desk.attack(actor);
  desk.attack(actor);
  desk.nextSlot(5);
  return desk;
}

function verdictOn(desk: Desk, id: string): Verdict {
  const found = desk.judge().find(({ tradeId }) => tradeId === id);
  if (found === undefined) throw new Error("no verdict");
  return found;
}

describe("a trade is impacted", () => {
  it("as the victim of a sandwich, with its loss", () => {
    const desk = new Desk();
    const front = desk.scene.buy("attacker", large);
    const own = desk.buys(large);
    desk.scene.sell("attacker", front.amountOut);
    const [verdict] = desk.judge();
    expect(verdict).toMatchObject({
      verdict: "impacted",
      state: "final",
      label: "feasible",
      confidence: "medium",
      attackers: ["attacker"],
      pools: ["pool"],
      slot: own.slot,
      loss: { token: "TOKEN" },
    });
    expect(verdict?.loss?.atoms).toBe(counterfactualLoss(desk.scene.swaps, new Set(["attacker"]), own));
    expect(verdict?.evidence.map(({ kind }) => kind)).toEqual(["sandwich", "state", "fee"]);
  });

  it.each(["HumidiFi", "Phoenix"])(
    "in a pool of %s too, without a loss: its quotes are not known",
    (protocol) => {
      const desk = new Desk(protocol);
      const front = desk.scene.buy("attacker", large);
      desk.buys(large);
      desk.scene.sell("attacker", front.amountOut);
      expect(desk.judge()).toMatchObject([{ verdict: "impacted", attackers: ["attacker"], loss: null }]);
    },
  );

  it("by several at once: the loss is relative to having none of them", () => {
    const desk = new Desk();
    const first = desk.scene.buy("one", large);
    const second = desk.scene.buy("two", large);
    const own = desk.buys(large);
    desk.scene.sell("two", second.amountOut);
    desk.scene.sell("one", first.amountOut);
    const [verdict] = desk.judge();
    expect(verdict?.attackers.toSorted()).toEqual(["one", "two"]);
    expect(verdict?.loss?.atoms).toBe(counterfactualLoss(desk.scene.swaps, new Set(["one", "two"]), own));
  });

  it("not by the desk itself", () => {
    const desk = new Desk();
    const front = desk.scene.buy("second wallet", large);
    desk.trades.push({ id: "front", signature: front.signature, slot: front.slot });
    desk.buys(large);
    desk.scene.sell("second wallet", front.amountOut);
    expect(desk.judge().map(({ verdict }) => verdict)).toEqual(["clean", "clean"]);
  });
});

describe("a trade avoided an attack", () => {
  it("if a swap in its pool by an actor with a record failed", () => {
    const desk = withRecord("attacker");
    desk.fails("attacker");
    desk.buys(large, { id: "own" });
    const verdict = verdictOn(desk, "own");
    expect(verdict).toMatchObject({ verdict: "avoided", loss: null, attackers: ["attacker"] });
    expect(verdict.evidence.map(({ kind }) => kind)).toEqual(["failed_leg", "attacker"]);
  });

  it("not if somebody without a record failed, however often", () => {
    const desk = new Desk();
    desk.fails("unlucky");
    desk.buys(large, { id: "own" });
    desk.fails("unlucky");
    desk.fails("unlucky");
    expect(verdictOn(desk, "own").verdict).toBe("clean");
  });

  it("not if the failure came with a sandwich of somebody else", () => {
    const desk = withRecord("attacker");
    desk.fails("attacker");
    desk.attack("attacker");
    desk.nextSlot();
    desk.buys(large, { id: "own" });
    expect(verdictOn(desk, "own").verdict).toBe("clean");
  });

  it.each(["before", "after"])("if a round trip of such an actor was %s it", (where) => {
    const desk = withRecord("attacker");
    if (where === "after") desk.buys(large, { id: "own" });
    const front = desk.scene.buy("attacker", large);
    desk.scene.sell("attacker", front.amountOut);
    if (where === "before") desk.buys(large, { id: "own" });
    const verdict = verdictOn(desk, "own");
    expect(verdict.verdict).toBe("avoided");
    expect(verdict.evidence[0]?.kind).toBe("round_trip");
  });

  it("not if its round trip went the other way, nor if it kept what it bought", () => {
    const other = withRecord("attacker");
    const sold = other.scene.sell("attacker", 1_000_000_000_000n);
    other.scene.buy("attacker", sold.amountOut);
    other.buys(large, { id: "own" });
    expect(verdictOn(other, "own").verdict).toBe("clean");
    const kept = withRecord("attacker");
    kept.scene.buy("attacker", large);
    kept.buys(large, { id: "own" });
    const verdict = verdictOn(kept, "own");
    expect(verdict).toMatchObject({ verdict: "clean", confidence: "medium" });
    expect(verdict.evidence).toMatchObject([{ kind: "open_front" }]);
  });

  it("if it reverted between the legs", () => {
    const desk = withRecord("attacker");
    const front = desk.scene.buy("attacker", large);
    const own = desk.fails("desk");
    desk.trades.push({ id: "own", signature: own.signature, slot: own.slot });
    desk.nextSlot();
    desk.scene.sell("attacker", front.amountOut);
    const verdict = verdictOn(desk, "own");
    expect(verdict).toMatchObject({ verdict: "avoided", confidence: "high" });
    expect(verdict.evidence[0]?.kind).toBe("reverted");
  });

  it.each([
    [true, "avoided"],
    [false, "clean"],
  ])("if it was protected (%s) and another trade was hit at the same time", (isProtected, expected) => {
    const desk = withRecord("attacker");
    desk.buys(large, { id: "own", isProtected });
    desk.attack("attacker");
    expect(verdictOn(desk, "own").verdict).toBe(expected);
  });

  it("by other wallets with the same program, unless others use the program too", () => {
    const wallet = (name: string) => ({ signer: name, program: "private" });
    for (const strangers of [0, 4]) {
      const desk = new Desk();
      desk.buys(1_000_000n, { id: "before" });
      for (const [one, two] of [
        ["a", "b"],
        ["c", "d"],
      ] as const) {
        const front = desk.scene.buy(wallet(one), large);
        desk.scene.buy("somebody", large);
        desk.scene.sell(wallet(two), front.amountOut);
      }
      desk.nextSlot(5);
      for (let i = 0; i < strangers; i++) desk.scene.buy(wallet(`stranger${i}`), large);
      desk.fails(wallet("e"));
      desk.buys(large, { id: "own" });
      expect(verdictOn(desk, "own").verdict).toBe(strangers === 0 ? "avoided" : "clean");
    }
  });

  it("if two wallets of such an actor share a round trip, identified by what they have in common", () => {
    for (const common of ["private", undefined]) {
      const wallet = (signer: string) => (common === undefined ? { signer } : { signer, program: common });
      const desk = new Desk();
      desk.buys(1_000_000n, { id: "before" });
      for (const one of ["a", "b"]) desk.attack(wallet(one));
      desk.nextSlot(5);
      const front = desk.scene.buy(wallet("a"), large);
      desk.scene.sell(wallet("b"), front.amountOut);
      desk.buys(large, { id: "own" });
      const verdict = verdictOn(desk, "own");
      // Separately, one wallet only bought and the other only sold.
      expect(verdict.verdict).toBe(common === undefined ? "clean" : "avoided");
      expect(verdict.evidence[0]?.kind).toBe(common === undefined ? "open_front" : "round_trip");
    }
  });

  it("not for a sandwich of another trade by an actor known for nothing else", () => {
    const desk = new Desk();
    desk.buys(large, { id: "own", isProtected: true });
    desk.attack("attacker");
    expect(verdictOn(desk, "own").verdict).toBe("clean");
  });

  it("never by a router's customers", () => {
    const router = "JUP6LkbZbjS1jKKwapdHNy74zcZ3tLUZoi5QNyVTaV4";
    const desk = withRecord({ signer: "attacker", program: router });
    desk.fails({ signer: "customer", program: router });
    desk.buys(large, { id: "own" });
    expect(verdictOn(desk, "own").verdict).toBe("clean");
  });
});

describe("a trade is clean", () => {
  it("with certainty if nothing is around it, less so if a round trip made a loss", () => {
    const desk = new Desk();
    desk.buys(1_000_000n, { id: "alone" });
    desk.nextSlot(8);
    const front = desk.scene.buy("flipper", 1_000_000n);
    desk.buys(1_000n, { id: "between" });
    desk.scene.sell("flipper", front.amountOut);
    expect(desk.judge()).toMatchObject([
      { verdict: "clean", confidence: "high", evidence: [] },
      { verdict: "clean", confidence: "medium", evidence: [{ kind: "candidate" }] },
    ]);
  });
});

describe("luck is not an attack", () => {
  const router = "JUP6LkbZbjS1jKKwapdHNy74zcZ3tLUZoi5QNyVTaV4";

  function flipped(sender: Parameters<Desk["attack"]>[0], slots: number): Verdict {
    const desk = new Desk();
    const front = desk.scene.buy(sender, large);
    desk.buys(large, { id: "own" });
    desk.nextSlot(slots);
    desk.scene.sell(sender, front.amountOut);
    return verdictOn(desk, "own");
  }

  it("if someone did it once, through a router and over several slots", () => {
    const verdict = flipped({ signer: "flipper", program: router }, 1);
    expect(verdict).toMatchObject({
      verdict: "clean",
      confidence: "medium",
      evidence: [{ kind: "candidate" }],
    });
    expect(verdict.evidence[0]?.detail).toContain("there is no evidence of intent");
  });

  it.each([
    ["in one slot", { signer: "flipper", program: router }, 0],
    ["with a tip", { signer: "flipper", program: router, tipLamports: 9n }, 1],
    ["through a program of its own", { signer: "flipper", program: "private" }, 1],
    ["with the pool's program called by itself", "flipper", 1],
  ] as const)("but an attack %s is", (_, sender, slots) => {
    expect(flipped(sender, slots).verdict).toBe("impacted");
  });

  it("if someone trades much more than it sandwiches", () => {
    for (const swaps of [4, 40]) {
      const desk = new Desk();
      desk.buys(1_000_000n, { id: "first" });
      for (let i = 0; i < swaps; i++) {
        if (i % 2 === 0) desk.scene.buy("maker", 1_000_000n);
        else desk.scene.sell("maker", 30_000_000n);
      }
      desk.nextSlot(5);
      const front = desk.scene.buy("maker", large);
      desk.buys(large, { id: "own" });
      desk.scene.sell("maker", front.amountOut);
      expect(verdictOn(desk, "own").verdict).toBe(swaps === 4 ? "impacted" : "clean");
    }
  });
});
