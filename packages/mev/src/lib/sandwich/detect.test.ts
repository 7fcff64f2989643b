import { describe, expect, it } from "vitest";
import { detectSandwiches } from "./detect.ts";
import type { Detection } from "./model.ts";
import { attack, ids, large, legs, Scene, small } from "./testing/scene.ts";

function detect(scene: Scene): Detection {
  return detectSandwiches(scene.swaps);
}

describe("a sandwich", () => {
  it("is a front run, a victim and a back run that paid off", () => {
    const scene = new Scene();
    attack(scene, "attacker", "attacker");
    const { sandwiches, candidates } = detect(scene);
    expect(candidates).toEqual([]);
    expect(sandwiches.map(legs)).toEqual([[["tx0:0"], ["tx1:0"], ["tx2:0"]]]);
    expect(sandwiches[0]).toMatchObject({ label: "feasible", pool: "pool", attacker: ["attacker"] });
    expect(sandwiches[0]?.profit.atoms).toBeGreaterThan(0n);
    expect(sandwiches[0]?.profit).toMatchObject({ token: "SOL", matched: 1 });
  });

  it("is none if fees outside the pool ate the profit", () => {
    const scene = new Scene();
    attack(scene, "attacker", "attacker");
    const earned = detect(scene).sandwiches[0]?.profit.atoms ?? 0n;
    const [front, victim, back] = scene.swaps;
    if (front === undefined || victim === undefined || back === undefined) throw new Error("no swaps");
    const withFees = (feeIn: bigint, feeOut: bigint): Detection =>
      detectSandwiches([{ ...front, feeIn }, victim, { ...back, feeOut }]);
    const [sandwich] = withFees(earned / 4n, earned / 4n).sandwiches;
    expect(sandwich?.profit.atoms).toBe(earned - 2n * (earned / 4n));
    expect(withFees(earned, 1n)).toMatchObject({ sandwiches: [], candidates: [{ label: "shape_only" }] });
    expect(withFees(1n, earned)).toMatchObject({ sandwiches: [], candidates: [{ label: "shape_only" }] });
  });

  it("is found whatever the order of the events", () => {
    const scene = new Scene();
    attack(scene, "attacker", "attacker");
    expect(detectSandwiches(scene.swaps.toReversed()).sandwiches.map(legs)).toEqual(
      detect(scene).sandwiches.map(legs),
    );
  });

  it("may go the other way: sell first, buy back", () => {
    const scene = new Scene();
    const sold = scene.sell("attacker", large * 50n);
    scene.sell("victim", large * 50n);
    scene.buy("attacker", sold.amountOut);
    expect(detect(scene).sandwiches.map(legs)).toEqual([[["tx0:0"], ["tx1:0"], ["tx2:0"]]]);
  });

  it("may have several victims of different sizes, and bystanders", () => {
    const scene = new Scene();
    const bought = scene.buy("attacker", large);
    scene.buy("first", small);
    scene.sell("bystander", small * 20n);
    scene.buy("second", large);
    scene.sell("attacker", bought.amountOut);
    expect(detect(scene).sandwiches.map(legs)).toEqual([[["tx0:0"], ["tx1:0", "tx3:0"], ["tx4:0"]]]);
  });

  it("may be split into several legs on both sides", () => {
    const scene = new Scene();
    const first = scene.buy("attacker", large / 2n);
    const second = scene.buy("attacker", large / 2n);
    scene.buy("victim", large);
    const all = first.amountOut + second.amountOut;
    scene.sell("attacker", all / 3n);
    scene.buy("late", small);
    scene.sell("attacker", all - all / 3n);
    expect(detect(scene).sandwiches.map(legs)).toEqual([
      [
        ["tx0:0", "tx1:0"],
        ["tx2:0", "tx4:0"],
        ["tx3:0", "tx5:0"],
      ],
    ]);
  });

  it("may open and close several times before it is done", () => {
    const scene = new Scene();
    const first = scene.buy("attacker", large);
    scene.buy("victim1", large);
    scene.sell("attacker", first.amountOut / 3n);
    const second = scene.buy("attacker", large);
    scene.buy("victim2", large);
    scene.sell("attacker", first.amountOut - first.amountOut / 3n + second.amountOut);
    const [sandwich] = detect(scene).sandwiches;
    expect(sandwich && [sandwich.fronts.length, sandwich.backs.length]).toEqual([2, 2]);
    expect(sandwich && ids(sandwich.victims)).toEqual(["tx1:0", "tx4:0"]);
  });

  it("is found next to the attacker's other trades in the pool", () => {
    const scene = new Scene();
    scene.buy("attacker", small * 3n);
    scene.buy("somebody", small);
    attack(scene, "attacker", "attacker");
    expect(detect(scene).sandwiches.map(legs)).toEqual([[["tx2:0"], ["tx3:0"], ["tx4:0"]]]);
  });

  it("may be one of several in a row, each with its own victim", () => {
    const scene = new Scene();
    attack(scene, "attacker", "attacker", "victim1");
    attack(scene, "attacker", "attacker", "victim2");
    const { sandwiches } = detect(scene);
    expect(sandwiches.map(({ victims }) => ids(victims))).toEqual([["tx1:0"], ["tx4:0"]]);
    expect(sandwiches.map(({ label }) => label)).toEqual(["intentional", "intentional"]);
    expect(sandwiches[0]?.evidence.map(({ kind }) => kind)).toContain("repeated");
  });

  it("around another attacker's sandwich does not count that attacker's legs as victims", () => {
    const scene = new Scene();
    const outer = scene.buy("outer", large / 2n);
    const inner = scene.buy("inner", large / 2n);
    scene.buy("victim", large * 2n);
    scene.sell("inner", inner.amountOut);
    scene.sell("outer", outer.amountOut);
    expect(detect(scene).sandwiches.map(legs)).toEqual([
      [["tx0:0"], ["tx2:0"], ["tx4:0"]],
      [["tx1:0"], ["tx2:0"], ["tx3:0"]],
    ]);
  });

  it("may have a victim that attacks the next", () => {
    const scene = new Scene();
    const front = scene.buy("attacker", large);
    const victim = scene.buy("bot", large);
    scene.sell("attacker", front.amountOut);
    scene.buy("user", large * 2n);
    scene.sell("bot", victim.amountOut);
    expect(detect(scene).sandwiches.map(legs)).toEqual([
      [["tx0:0"], ["tx1:0"], ["tx2:0"]],
      [["tx1:0"], ["tx3:0"], ["tx4:0"]],
    ]);
  });

  it("may keep a part of what it bought, if the sale returned all of its money", () => {
    const scene = new Scene();
    const bought = scene.buy("attacker", large);
    scene.buy("victim", large);
    scene.sell("attacker", (bought.amountOut * 97n) / 100n);
    const [sandwich] = detect(scene).sandwiches;
    expect(sandwich?.profit.matched).toBeCloseTo(0.97);
  });

  it("along a victim's route is judged over all its pools", () => {
    const scene = new Scene();
    const second = { ...scene.other, token: "THIRD", name: "pool3" };
    // Money -> TOKEN in the first pool, TOKEN -> THIRD in the second, where TOKEN pays.
    const run = (signer: string, forward: boolean, amountIn: bigint): bigint => {
      const order = (pool: typeof second, buy: boolean, amount: bigint) => ({ pool, buy, amountIn: amount });
      const pools = forward ? [scene.pool, second] : [second, scene.pool];
      const [a] = scene.world.run({ signer }, order(pools[0] ?? second, forward, amountIn));
      const [b] = scene.world.run({ signer }, order(pools[1] ?? second, forward, a?.amountOut ?? 0n));
      if (a === undefined || b === undefined) throw new RangeError("no swap");
      scene.swaps.splice(-2, 2, a, { ...b, signature: a.signature, txIndex: a.txIndex, eventIndex: 1 });
      for (const at of [-1, -2]) {
        const swap = scene.swaps.at(at);
        if (swap?.pool !== second.name) continue;
        const token = (name: string): string => (name === "SOL" ? "TOKEN" : name);
        scene.swaps.splice(at, 1, { ...swap, tokenIn: token(swap.tokenIn), tokenOut: token(swap.tokenOut) });
        if (at === -1) break;
      }
      return b.amountOut;
    };
    const bought = run("attacker", true, small);
    run("victim", true, large);
    run("attacker", false, bought);
    const { sandwiches } = detect(scene);
    expect(sandwiches.map(({ pool }) => pool).sort()).toEqual(["pool", "pool3"]);
  });
});

describe("not a sandwich is", () => {
  it("a round trip at a loss, although more money came back than was paid", () => {
    const scene = new Scene();
    const bought = scene.buy("trader", small);
    scene.buy("user", small);
    scene.sell("trader", (bought.amountOut * 101n) / 100n);
    const { sandwiches, candidates } = detect(scene);
    expect(sandwiches).toEqual([]);
    expect(candidates).toMatchObject([{ label: "shape_only", loss: null }]);
    expect(candidates[0]?.evidence[1]?.detail).toContain("lost money");
  });

  it("two trades with unrelated amounts", () => {
    for (const part of [30n, 300n]) {
      const scene = new Scene();
      const bought = scene.buy("maker", large);
      scene.buy("user", large * 10n);
      scene.sell("maker", (bought.amountOut * part) / 100n);
      const { sandwiches, candidates } = detect(scene);
      expect(sandwiches).toEqual([]);
      expect(candidates[0]?.evidence[1]?.detail).toContain("do not match");
    }
  });

  it("a round trip with nobody in between, or only the attacker itself", () => {
    const alone = new Scene();
    alone.sell("attacker", alone.buy("attacker", large).amountOut);
    const own = new Scene();
    attack(
      own,
      { signer: "a", payer: "vault" },
      { signer: "a", payer: "vault" },
      { signer: "c", payer: "vault" },
    );
    const against = new Scene();
    const bought = against.buy("attacker", large);
    against.sell("seller", small);
    against.sell("attacker", bought.amountOut);
    for (const scene of [alone, own, against]) {
      expect(detect(scene)).toMatchObject({ sandwiches: [], candidates: [] });
    }
  });

  it("three swaps in one direction, or by three people", () => {
    const scene = new Scene();
    for (const who of ["bot", "user", "bot", "a", "b", "c"]) scene.buy(who, large);
    scene.sell("d", large);
    expect(detect(scene)).toMatchObject({ sandwiches: [], candidates: [] });
  });

  it("legs in different pools", () => {
    const scene = new Scene();
    const bought = scene.buy("arbitrageur", large);
    scene.buy("user", large);
    scene.sell("arbitrageur", bought.amountOut, scene.other);
    expect(detect(scene)).toMatchObject({ sandwiches: [], candidates: [] });
  });

  it("two arbitrages between pools, each complete before the other begins", () => {
    const scene = new Scene();
    const bought = scene.buy("arbitrageur", large);
    scene.sell("arbitrageur", bought.amountOut, scene.other);
    scene.buy("user", large);
    const again = scene.buy("arbitrageur", large, scene.other);
    scene.sell("arbitrageur", again.amountOut);
    const { sandwiches } = detect(scene);
    expect(sandwiches.filter(({ pool }) => pool === "pool")).toEqual([]);
  });

  it("everything in one transaction", () => {
    const scene = new Scene();
    attack(scene, "attacker", "attacker", "attacker");
    const swaps = scene.swaps.map((swap, eventIndex) => ({
      ...swap,
      signature: "one",
      txIndex: 0,
      eventIndex,
    }));
    expect(detectSandwiches(swaps)).toMatchObject({ sandwiches: [], candidates: [] });
  });

  it("a market maker's occasional profit", () => {
    const scene = new Scene();
    for (let i = 0; i < 9; i++) {
      const bought = scene.buy("maker", large);
      scene.buy(`user${i}`, small);
      scene.sell("maker", bought.amountOut);
    }
    const bought = scene.buy("maker", large);
    scene.buy("whale", large);
    scene.sell("maker", bought.amountOut);
    const { sandwiches, candidates } = detect(scene);
    expect(sandwiches).toEqual([]);
    expect(candidates).toHaveLength(10);
  });
});
