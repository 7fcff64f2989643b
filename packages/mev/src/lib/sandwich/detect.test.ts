import { describe, expect, it } from "vitest";
import { detectSandwiches } from "./detect.ts";
import type { Detection, Sandwich } from "./model.ts";
import type { DetectOptions } from "./options.ts";
import type { Swap } from "./swap.ts";
import { large, Scene, small } from "./testing/scene.ts";
import type { Sender } from "./testing/world.ts";

const jupiter = "JUP6LkbZbjS1jKKwapdHNy74zcZ3tLUZoi5QNyVTaV4";
const raydium = "675kPX9MHTjS2zt1qfr1NYHuzeLXfQM9H24wFSUt1Mp8";

function detect(scene: Scene, options: Partial<DetectOptions> = {}): Detection {
  return detectSandwiches(scene.swaps, options);
}

const ids = (swaps: readonly Swap[]): string[] => swaps.map(({ id }) => id);

function legs({ fronts, victims, backs }: Sandwich): [string[], string[], string[]] {
  return [ids(fronts), ids(victims), ids(backs)];
}

/** Front by the one, a victim, back by the other. */
function attack(
  scene: Scene,
  front: string | Sender,
  back: string | Sender,
  victim: string | Sender = "victim",
): void {
  const bought = scene.buy(front, large);
  scene.buy(victim, large);
  scene.sell(back, bought.amountOut);
}

describe("a sandwich", () => {
  it("is a front, a victim and a back that paid", () => {
    const scene = new Scene();
    attack(scene, "attacker", "attacker");
    const { sandwiches, candidates } = detect(scene);
    expect(candidates).toEqual([]);
    expect(sandwiches.map(legs)).toEqual([[["tx0:0"], ["tx1:0"], ["tx2:0"]]]);
    expect(sandwiches[0]).toMatchObject({ label: "feasible", pool: "pool", attacker: ["attacker"] });
    expect(sandwiches[0]?.profit.atoms).toBeGreaterThan(0n);
    expect(sandwiches[0]?.profit).toMatchObject({ token: "SOL", matched: 1 });
  });

  it("is found in whatever order the events come", () => {
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

  it("may have several victims of different size, and bystanders", () => {
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

  it("stands beside the attacker's other trades in the pool", () => {
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

  it("around another attacker's sandwich does not count that one's legs as victims", () => {
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

  it("may keep a part of what it bought, where what it sold brought all of its money back", () => {
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
    // Money -> TOKEN in the first pool, TOKEN -> THIRD in the second, where TOKEN is what pays.
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

describe("legs are linked", () => {
  it("by a program that only the attacker uses, whatever wallets sign", () => {
    const scene = new Scene();
    attack(scene, { signer: "a", program: "private" }, { signer: "b", program: "private" });
    const [sandwich] = detect(scene).sandwiches;
    expect(sandwich?.attacker).toEqual(["a", "b", "private"]);
    expect(sandwich?.evidence[0]).toEqual({ kind: "link", detail: "program private" });
  });

  it("by whoever pays, receives or holds", () => {
    const held = (signer: string): Sender => ({ signer, payer: "vault", recipient: "vault" });
    const vault = new Scene();
    attack(vault, held("a"), held("b"));
    const passed = new Scene();
    attack(passed, { signer: "a", recipient: "b" }, { signer: "b", payer: "b" });
    for (const scene of [vault, passed]) expect(detect(scene).sandwiches).toHaveLength(1);
    expect(detect(vault).sandwiches[0]?.evidence.map(({ kind }) => kind)).toContain("wallets");
  });

  it("by the bundle that they came in", () => {
    const scene = new Scene();
    const bundled = (signer: string): Sender => ({ signer, bundleId: "bundle1" });
    attack(scene, bundled("a"), bundled("b"), bundled("victim"));
    const [sandwich] = detect(scene).sandwiches;
    expect(sandwich && legs(sandwich)).toEqual([["tx0:0"], ["tx1:0"], ["tx2:0"]]);
    expect(sandwich?.label).toBe("intentional");
  });

  it("by an attacker's program also where many wallets take turns with it", () => {
    const scene = new Scene();
    for (let i = 0; i < 6; i++) {
      const by = (signer: string): Sender => ({ signer: `${signer}${i}`, program: "private" });
      attack(scene, by("front"), by("back"), `victim${i}`);
    }
    expect(detect(scene).sandwiches).toHaveLength(6);
  });

  it("never by a router or a pool's own program", () => {
    for (const program of [jupiter, raydium]) {
      const scene = new Scene();
      attack(scene, { signer: "a", program }, { signer: "b", program });
      expect(detect(scene)).toMatchObject({ sandwiches: [], candidates: [] });
    }
    const scene = new Scene();
    const routed = (signer: string): Sender => ({ signer, payer: "router", recipient: "router" });
    attack(scene, routed("a"), routed("b"));
    expect(detect(scene, { routers: new Set(["router"]) }).sandwiches).toEqual([]);
  });

  it("never by a program or an address that many people trade through", () => {
    for (const role of ["program", "payer", "recipient"]) {
      const scene = new Scene();
      const through = (signer: string): Sender => ({ signer, [role]: "unknown" });
      for (let i = 0; i < 6; i++) scene.buy(through(`user${i}`), small * BigInt(i + 1));
      attack(scene, through("a"), through("b"));
      expect(detect(scene).sandwiches).toEqual([]);
    }
  });

  it("never by what the victim uses too", () => {
    const scene = new Scene();
    const through = (signer: string): Sender => ({ signer, program: "unknown" });
    attack(scene, through("a"), through("b"), through("victim"));
    expect(detect(scene).sandwiches).toEqual([]);
  });

  it("never by a signer that only pays the fees of two different owners", () => {
    const scene = new Scene();
    const relayed = (owner: string): Sender => ({ signer: "relayer", payer: owner, recipient: owner });
    attack(scene, relayed("alice"), relayed("bob"));
    const { sandwiches, candidates } = detect(scene);
    expect(sandwiches).toEqual([]);
    expect(candidates[0]?.evidence[1]?.detail).toContain("one signer for owners");
  });
});

describe("no sandwich is", () => {
  it("a round trip that lost, though more money came back than went out", () => {
    const scene = new Scene();
    const bought = scene.buy("trader", small);
    scene.buy("user", small);
    scene.sell("trader", (bought.amountOut * 101n) / 100n);
    const { sandwiches, candidates } = detect(scene);
    expect(sandwiches).toEqual([]);
    expect(candidates).toMatchObject([{ label: "shape_only", loss: null }]);
    expect(candidates[0]?.evidence[1]?.detail).toContain("lost money");
  });

  it("a pair of trades whose amounts have nothing to do with each other", () => {
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

  it("a round trip with nobody between, or only the attacker's own", () => {
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

  it("what stands in different pools", () => {
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

  it("all of it in one transaction", () => {
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

describe("slots", () => {
  function across(slots: number, pool = "pool"): Scene {
    const scene = new Scene("RaydiumV4", pool);
    const bought = scene.buy("attacker", large);
    scene.buy("victim", large);
    for (let i = 0; i < slots; i++) scene.world.nextSlot();
    scene.sell("attacker", bought.amountOut);
    return scene;
  }

  it("may lie between the legs, as many as a leader's turn spans", () => {
    expect(detect(across(3)).sandwiches).toHaveLength(1);
    expect(detect(across(4))).toMatchObject({ sandwiches: [], candidates: [] });
    expect(detect(across(4), { maxSlotDistance: 7 }).sandwiches).toHaveLength(1);
    expect(detect(across(1), { maxSlotDistance: 0 }).sandwiches).toEqual([]);
  });

  it("of different leaders do not belong together", () => {
    const scene = across(1);
    const first = scene.swaps[0]?.slot;
    expect(detect(scene, { leaderOf: (slot) => (slot === first ? "one" : "two") }).sandwiches).toEqual([]);
    expect(detect(scene, { leaderOf: () => "one" }).sandwiches).toHaveLength(1);
  });

  it("are blocks of their own on EVM chains", () => {
    expect(detect(across(0, "0xabc123")).sandwiches).toHaveLength(1);
    expect(detect(across(1, "0xabc123")).sandwiches).toEqual([]);
  });

  it("need not be known", () => {
    const scene = across(0);
    const swaps = scene.swaps.map((swap) => ({ ...swap, slot: null }));
    expect(detectSandwiches(swaps).sandwiches).toHaveLength(1);
  });
});

describe("intent", () => {
  it("shows in tips and in failed attempts around it", () => {
    const tipped = new Scene();
    attack(tipped, "attacker", { signer: "attacker", tipLamports: 10_000n });
    expect(detect(tipped).sandwiches[0]?.label).toBe("intentional");

    const scene = new Scene();
    attack(scene, "attacker", "attacker");
    const slot = scene.world.slot;
    const label = (attempt: DetectOptions["attempts"][number]): string | undefined =>
      detect(scene, { attempts: [attempt] }).sandwiches[0]?.label;
    expect(label({ signer: "attacker", pool: "pool", slot })).toBe("intentional");
    expect(label({ signer: "attacker", pool: "pool", slot: slot + 50 })).toBe("feasible");
    expect(label({ signer: "somebody", pool: "pool", slot })).toBe("feasible");
    expect(label({ signer: "attacker", pool: "other", slot })).toBe("feasible");
  });
});
