import { describe, expect, it } from "vitest";
import { detectSandwiches } from "./detect.ts";
import { attackKinds } from "./testing/attacks.ts";
import { trueLoss } from "./testing/counterfactual.ts";
import { addScore, newScore, type Score } from "./testing/score.ts";
import { type TrafficOptions, traffic } from "./testing/traffic.ts";

/** Seeds that nothing was tuned on. */
const firstSeed = 700_000;

interface Run {
  readonly score: Score;
  readonly lossErrors: number[];
  readonly unreplayed: string[];
}

function run(blocks: number, options: TrafficOptions): Run {
  const score = newScore();
  const lossErrors: number[] = [];
  const unreplayed: string[] = [];
  for (let seed = firstSeed; seed < firstSeed + blocks; seed++) {
    const generated = traffic(seed, options);
    const detection = detectSandwiches(generated.world.swaps);
    addScore(score, generated, detection);
    for (const sandwich of detection.sandwiches) {
      if (sandwich.loss === null) unreplayed.push(sandwich.lossReason ?? "");
      else {
        const { lost } = trueLoss(generated, sandwich);
        lossErrors.push(Math.abs(Number(sandwich.loss.atoms - lost)) / Math.max(1, Number(lost)));
      }
    }
  }
  return { score, lossErrors: lossErrors.sort((a, b) => a - b), unreplayed };
}

const busy: TrafficOptions = { slots: 40, attacks: 12, showsReserves: true, noise: true };

describe("in generated traffic", () => {
  it("attacks are found, and hardly anything unintended", () => {
    const { score } = run(60, busy);
    expect(score.found).toBeGreaterThan(350);
    expect(score.found / (score.found + score.missed)).toBeGreaterThanOrEqual(0.99);
    expect(score.found / (score.found + score.wrong)).toBeGreaterThanOrEqual(0.98);
    expect(score.wrongVictims).toBe(0);
  });

  it.each(attackKinds)("%s: all are found if nobody else trades", (kind) => {
    const { score } = run(40, { ...busy, slots: 8, noise: false, attacks: 1, kinds: [kind] });
    expect(score.found).toBeGreaterThan(0);
    expect(score).toMatchObject({ missed: 0, wrong: 0, lucky: 0, wrongVictims: 0 });
  });

  it("traffic without attacks contains only luck", () => {
    const { score } = run(60, { ...busy, attacks: 0 });
    expect(score.wrong).toBeLessThanOrEqual(3);
  });

  it("losses are exact if reserves are given", () => {
    const { lossErrors, unreplayed } = run(30, busy);
    expect(unreplayed).toEqual([]);
    expect(lossErrors.at(-1)).toBe(0);
  });

  it("losses are accurate to a millionth if reserves are inferred", () => {
    const { lossErrors, unreplayed } = run(30, { ...busy, showsReserves: false });
    expect(lossErrors.length).toBeGreaterThan(100);
    expect(unreplayed.length).toBeLessThan(lossErrors.length / 20);
    expect(lossErrors[Math.floor(lossErrors.length * 0.95)]).toBeLessThan(1e-6);
    expect(lossErrors.at(-1)).toBeLessThan(1e-2);
  });
});
