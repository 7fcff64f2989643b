import { describe, expect, test } from "vitest";
import { runVirtualDesk } from "../../testing/virtual-desk.ts";

const seed = 1;

describe("a desk on a chain with attackers", () => {
  // Same as the defaults of `slipstream demo`.
  const run = runVirtualDesk({ seed, trades: 1500, attackRate: 0.05, rate: 4 });
  const truths = [...run.truths.values()];

  test("every transaction that landed has its truth", () => {
    for (const { signature, slot, lossAtoms } of truths) {
      const landed = run.chain.find(signature, 0)?.landed;
      if (landed !== undefined) expect(landed.slot).toBe(slot);
      expect(BigInt(lossAtoms) >= 0n).toBe(true);
    }
    expect(truths.length).toBeGreaterThan(0.95 * run.sent);
  });

  test("attackers go after about the requested share, and hardly after protected trades", () => {
    const aimed = truths.filter(({ verdict, lossRatio }) => verdict === "impacted" && lossRatio > 0);
    const open = aimed.filter(({ signature }) => run.unprotected.has(signature)).length;
    const share = open / run.unprotected.size;
    expect(share).toBeGreaterThan(0.03);
    expect(share).toBeLessThan(0.08);
    const hidden = (aimed.length - open) / (run.sent - run.unprotected.size);
    expect(hidden).toBeLessThan(share / 2);
  });

  test("attacks have different outcomes", () => {
    const outcomes = new Set(truths.map(({ attack }) => attack?.outcome));
    for (const outcome of ["completed", "front_reverted", "victim_reverted"])
      expect(outcomes).toContain(outcome);
    expect(new Set(truths.map(({ attack }) => attack?.kind)).size).toBeGreaterThan(5);
  });

  test("a reader of the blocks reaches the same verdicts for 99 % of the trades, and the same losses if a pool can be replayed", () => {
    let [same, loss, truth] = [0, 0, 0];
    for (const { signature, verdict, lossRatio } of truths) {
      const found = run.verdicts.get(signature);
      if (found?.verdict === verdict) same++;
      if (found?.verdict !== "impacted" || verdict !== "impacted" || found.loss === null) continue;
      loss += found.loss.ratio;
      truth += lossRatio;
    }
    expect(same / truths.length).toBeGreaterThanOrEqual(0.99);
    expect(truth).toBeGreaterThan(0.1);
    expect(loss / truth).toBeCloseTo(1, 2);
  });
});

test("the seed determines the chain: the same desk meets the same attackers", () => {
  const [one, other] = [0, 1].map(() => runVirtualDesk({ seed, trades: 200, attackRate: 0.2 }));
  expect([...(one?.truths ?? [])]).toEqual([...(other?.truths ?? [])]);
  const another = runVirtualDesk({ seed: seed + 1, trades: 200, attackRate: 0.2 });
  expect([...another.truths.values()]).not.toEqual([...(one?.truths.values() ?? [])]);
});

test("without attackers, all trades are clean", () => {
  const { truths, verdicts } = runVirtualDesk({ seed, trades: 200, attackRate: 0 });
  expect(new Set([...truths.values()].map(({ verdict }) => verdict))).toEqual(new Set(["clean"]));
  for (const { signature } of truths.values()) expect(verdicts.get(signature)?.verdict).toBe("clean");
});
