import { describe, expect, it } from "vitest";
import { large, Scene, small } from "../sandwich/testing/scene.ts";
import { applySwap, poolOut, type TestPool } from "../sandwich/testing/world.ts";
import type { Swap } from "../swaps/swap.ts";
import { type ReplayedLoss, replayLoss } from "./loss.ts";

/**
 * A front run, two victims with a bystander in between, a back run, and what the victims would have received
 * without the attacker.
 */
function attacked(kind: Partial<TestPool> = {}): { swaps: Swap[]; lost: bigint[]; due: bigint[] } {
  const scene = new Scene();
  Object.assign(scene.pool, kind);
  const alone = { ...scene.pool };
  const lost: bigint[] = [];
  const due: bigint[] = [];
  const bought = scene.buy("attacker", large);
  const other = (buy: boolean, amountIn: bigint, isVictim: boolean): void => {
    const swap = buy ? scene.buy("other", amountIn) : scene.sell("other", amountIn);
    const out = poolOut(alone, buy, amountIn);
    applySwap(alone, buy, amountIn, out);
    if (!isVictim) return;
    lost.push(out - swap.amountOut);
    due.push(out);
  };
  other(true, large, true);
  other(false, large * 3n, false);
  other(true, small, true);
  scene.sell("attacker", bought.amountOut);
  return { swaps: scene.swaps, lost, due };
}

const attacker = new Set(["tx0:0", "tx4:0"]);
const victims = new Set(["tx1:0", "tx3:0"]);

function replay(swaps: readonly Swap[]): ReplayedLoss {
  const loss = replayLoss(swaps, attacker, victims);
  if (typeof loss === "string") throw new Error(loss);
  return loss;
}

const without = (swaps: readonly Swap[]): Swap[] => swaps.map((swap) => ({ ...swap, reserves: undefined }));
const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);

describe("a loss", () => {
  it("is exact, to the atom, if the reserves are given", () => {
    const { swaps, lost, due } = attacked();
    const { total, byVictim, state, fee } = replay(swaps);
    expect(total).toEqual({
      atoms: sum(lost),
      token: "TOKEN",
      ratio: Number(sum(lost)) / Number(sum(due)),
      residual: 0,
    });
    expect([...byVictim].map(([id, { atoms }]) => [id, atoms])).toEqual([
      ["tx1:0", lost[0]],
      ["tx3:0", lost[1]],
    ]);
    expect([state, fee]).toEqual(["reserves given", "25 bps (RaydiumV4)"]);
  });

  it.each([0, 1, 2, 3, 4])("needs the reserves of only one swap (number %i)", (index) => {
    const { swaps, lost } = attacked();
    const sparse = without(swaps).map((swap, i) =>
      i === index ? { ...swap, reserves: swaps[i]?.reserves } : swap,
    );
    expect(replay(sparse).total).toMatchObject({ atoms: sum(lost), residual: 0 });
  });

  it("is found from consecutive swaps if no reserves are given, and says so", () => {
    const { swaps, lost } = attacked();
    const { total, state } = replay(without(swaps));
    expect(state).toBe("reserves inferred from consecutive swaps");
    expect(total.residual).toBeLessThanOrEqual(1e-6);
    expect(Math.abs(Number(total.atoms - sum(lost))) / Number(sum(lost))).toBeLessThan(1e-6);
  });

  it.each([
    [{ fee: 30, feeUp: false, protocol: "UniswapV2" }, "30 bps (UniswapV2)"],
    [{ fee: 30, feeUp: false, protocol: "SushiSwap" }, "30 bps (SushiSwap)"],
    [{ fee: 25, feeUp: false, protocol: "PancakeSwap V2" }, "25 bps (PancakeSwap V2)"],
    [{ fee: 20, feeUp: false, protocol: "UniswapV2" }, "20 bps, inferred from the swaps"],
    [{ fee: 100, feeUp: true, protocol: "NobodyKnows" }, "100 bps, inferred from the swaps"],
  ])("knows or infers the fee: %o", (kind, expected) => {
    const { swaps, lost } = attacked(kind);
    for (const events of [swaps, without(swaps)]) {
      const loss = replayLoss(events, attacker, victims);
      if (typeof loss === "string") throw new Error(loss);
      expect(loss.fee).toBe(expected);
      expect(Math.abs(Number(loss.total.atoms - sum(lost))) / Number(sum(lost))).toBeLessThan(1e-6);
    }
  });

  it("with a fee that no known pool charges has a residual, or is not replayable", () => {
    const { swaps } = attacked({ fee: 17, feeUp: false, protocol: "UniswapV2" });
    expect(replay(swaps).total.residual).toBeGreaterThan(1e-4);
    expect(replayLoss(without(swaps), attacker, victims)).toMatch(/^not replayable: no constant product/);
  });

  it("keeps other changes of the reserves", () => {
    const scene = new Scene();
    const alone = { ...scene.pool };
    const bought = scene.buy("attacker", large);
    applySwap(alone, true, small, poolOut(alone, true, small));
    scene.buy("other", small);
    // Liquidity is added between the first two of the other swaps.
    const added = { money: scene.pool.money / 10n, held: scene.pool.held / 10n };
    for (const pool of [scene.pool, alone]) {
      pool.money += added.money;
      pool.held += added.held;
    }
    const second = scene.buy("other", small);
    const lost = poolOut(alone, true, small) - second.amountOut;
    scene.sell("attacker", bought.amountOut);
    const loss = replayLoss(scene.swaps, new Set(["tx0:0", "tx3:0"]), new Set(["tx2:0"]));
    expect(loss).toMatchObject({ total: { atoms: lost, residual: 0 }, state: "reserves given" });
  });

  it("uses the reserves that the swaps follow from, if vaults hold more than is traded against", () => {
    const { swaps, lost } = attacked();
    const { total, state } = replay(swaps.map(padded));
    expect(state).toBe("reserves inferred from consecutive swaps, closer than the vault balances");
    expect(total.residual).toBeLessThan(1e-8);
    expect(Math.abs(Number(total.atoms - sum(lost))) / Number(sum(lost))).toBeLessThan(1e-7);
  });

  it("cancels a constant error of the reserves if the swaps allow no better ones", () => {
    const { swaps, lost } = attacked();
    const { total, state } = replay(swaps.map(padded).slice(0, 2));
    expect(state).toBe("reserves given");
    expect(total.residual).toBeGreaterThan(1e-4);
    expect(Math.abs(Number(total.atoms - (lost[0] ?? 0n))) / Number(lost[0])).toBeLessThan(1e-3);
  });

  it("in Raydium's CPMM excludes the part of the fee that is set aside in the vaults", () => {
    const pool = { money: 10n ** 12n, token: 5n * 10n ** 13n };
    const alone = { ...pool };
    const vaults = { ...pool };
    const run = (state: typeof pool, forward: boolean, amountIn: bigint): bigint => {
      const fee = (amountIn * 25n + 9_999n) / 10_000n;
      const net = amountIn - fee;
      const apart = (fee * 120_000n) / 1_000_000n + (fee * 40_000n) / 1_000_000n;
      const [into, from] = forward ? (["money", "token"] as const) : (["token", "money"] as const);
      const out = (state[from] * net) / (state[into] + net);
      state[into] += amountIn - apart;
      state[from] -= out;
      return out;
    };
    const swaps: Swap[] = [];
    const swap = (forward: boolean, amountIn: bigint): bigint => {
      const at = swaps.length;
      const [tokenIn, tokenOut] = forward ? ["SOL", "TOKEN"] : ["TOKEN", "SOL"];
      const reserves = forward
        ? { in: vaults.money, out: vaults.token }
        : { in: vaults.token, out: vaults.money };
      const amountOut = run(pool, forward, amountIn);
      vaults.money += forward ? amountIn : -amountOut;
      vaults.token += forward ? -amountOut : amountIn;
      const place = { id: `${at}`, slot: 1, txIndex: at, eventIndex: 0, signature: `${at}`, signer: `${at}` };
      const tokens = { pool: "pool", protocol: "RaydiumCPMM", tokenIn, tokenOut };
      swaps.push({ ...place, ...tokens, amountIn, amountOut, reserves });
      return amountOut;
    };
    const bought = swap(true, 3n * 10n ** 10n);
    const got = swap(true, 10n ** 10n);
    swap(false, bought);
    const lost = run(alone, true, 10n ** 10n) - got;
    const loss = replayLoss(swaps, new Set(["0", "2"]), new Set(["1"]));
    if (typeof loss === "string") throw new Error(loss);
    expect(loss.state).toBe("reserves given");
    expect(loss.total.atoms).toBe(lost);
  });
});

/** Vaults also hold fees that are not traded against. */
function padded(swap: Swap): Swap {
  const { reserves } = swap;
  const more = (amount: bigint): bigint => amount + amount / 5_000n;
  return reserves === undefined ? swap : { ...swap, reserves: { in: reserves.in, out: more(reserves.out) } };
}

describe("not replayable, with the reason, is", () => {
  it.each([
    ["UniswapV3", "concentrated liquidity"],
    ["raydium_clmm", "concentrated liquidity"],
    ["Orca Whirlpool", "concentrated liquidity"],
    ["Meteora DLMM", "dynamic pool"],
    ["MeteoraDAMMv1", "vaults are shared with other pools"],
    ["Curve", "not a constant product"],
    ["BalancerV2", "not a constant product"],
    ["Phoenix", "market makers"],
  ])("%s: %s", (protocol, reason) => {
    const { swaps } = attacked({ protocol });
    const loss = replayLoss(swaps, attacker, victims);
    expect(loss).toContain(`not replayable: ${protocol}: `);
    expect(loss).toContain(reason);
  });

  it("a pool with another swap in between that is not listed", () => {
    const { swaps } = attacked();
    const gap = without(swaps).map((swap, i) =>
      i < 3 ? swap : { ...swap, amountOut: (swap.amountOut * 99n) / 100n },
    );
    expect(replayLoss(gap, attacker, victims)).toMatch(/^not replayable: no constant product/);
  });

  it("a pool whose reserves show a swap in between that is not listed: it may be the attacker's", () => {
    const { swaps } = attacked();
    for (const missing of [1, 2, 3]) {
      const rest = swaps.filter((_, i) => i !== missing);
      expect(replayLoss(rest, attacker, new Set([missing === 1 ? "tx3:0" : "tx1:0"]))).toBe(
        "not replayable: the given reserves show a swap in between that is not listed",
      );
    }
  });

  it("a state that two swaps, or tiny swaps, do not determine", () => {
    const { swaps } = attacked();
    expect(replayLoss(without(swaps).slice(0, 2), attacker, victims)).toContain(
      "two swaps do not determine it",
    );
    const scene = new Scene();
    const bought = scene.buy("attacker", 1_000n);
    scene.buy("other", 2_000n);
    scene.sell("attacker", bought.amountOut);
    const loss = replayLoss(without(scene.swaps), new Set(["tx0:0", "tx2:0"]), new Set(["tx1:0"]));
    expect(loss).toContain("too small relative to the pool");
  });

  it("a pool whose given reserves are impossible, or another pool's", () => {
    const { swaps } = attacked();
    const empty = swaps.map((swap) => ({ ...swap, reserves: { in: 0n, out: 5n } }));
    expect(replayLoss(empty, attacker, victims)).toContain("not above 0");
    const wrong = swaps
      .slice(0, 2)
      .map((swap, i) => ({ ...swap, reserves: i === 0 ? { in: 10n ** 15n, out: 10n ** 15n } : undefined }));
    expect(replayLoss(wrong, attacker, victims)).toContain("from the given reserves does not reproduce them");
  });
});
