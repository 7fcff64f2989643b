import { describe, expect, test } from "vitest";
import { attackerKinds, defaultMix } from "../attackers/kinds.ts";
import { openMevWorld } from "../world.ts";
import type { AttackTruth, MevTradeTruth } from "./model.ts";

/** Within four standard deviations of a binomial, for a fixed seed. */
function expectShare(count: number, total: number, share: number): void {
  const deviation = Math.sqrt(total * share * (1 - share));
  expect(Math.abs(count - total * share), `${count} of ${total}, expected ${share}`).toBeLessThan(
    4 * deviation + 1,
  );
}

describe("frequencies", () => {
  const rate = 0.08;
  const world = openMevWorld({ seed: 21, trades: 12_000, days: 3, attackRate: rate, protectedShare: 0.4 });
  const trades: MevTradeTruth[] = [];
  const attacks: AttackTruth[] = [];
  for (const record of world.slots()) {
    trades.push(...record.truths);
    attacks.push(...record.attacks);
  }
  const hunted = new Set(attacks.flatMap(({ target }) => target ?? []));

  test("protection as configured", () => {
    expectShare(trades.filter(({ protection }) => protection !== "none").length, trades.length, 0.4);
  });

  test("attacks on unprotected trades as configured, with the odds stated in the truth", () => {
    const open = trades.filter(({ protection, status }) => protection === "none" && status !== "lost");
    const attacked = open.filter(({ id }) => hunted.has(id)).length;
    // Some find the pool taken by another attack, or the price moved so that an attack would not pay off.
    expect(attacked / open.length).toBeGreaterThan(rate * 0.85);
    expect(attacked / open.length).toBeLessThan(rate * 1.1);
    const expected = open.reduce((sum, { attackChance }) => sum + attackChance, 0);
    expectShare(Math.round(expected), open.length, rate);
    const hidden = trades.filter(({ protection, id }) => protection === "jito" && hunted.has(id)).length;
    expect(hidden / trades.filter(({ protection }) => protection === "jito").length).toBeLessThan(0.004);
  });

  test("patterns of vulnerability: large trades, wide tolerances, busy hours and preferred pairs are attacked more", () => {
    const open = trades.filter(({ protection, status }) => protection === "none" && status !== "lost");
    const share = (part: readonly MevTradeTruth[]): number =>
      part.filter(({ id }) => hunted.has(id)).length / part.length;
    expect(share(open.filter(({ sizeUsd }) => sizeUsd >= 1000))).toBeGreaterThan(
      2 * share(open.filter(({ sizeUsd }) => sizeUsd < 1000)),
    );
    expect(share(open.filter(({ toleranceBps }) => toleranceBps >= 200))).toBeGreaterThan(
      share(open.filter(({ toleranceBps }) => toleranceBps < 100)),
    );
    const colluding = new Set(
      world.leaders.filter(({ colludes }) => colludes).map(({ identity }) => identity),
    );
    expect(share(open.filter(({ leader }) => colluding.has(leader ?? "")))).toBeGreaterThan(
      1.5 * share(open.filter(({ leader }) => !colluding.has(leader ?? ""))),
    );
  });

  test("attacker kinds in the proportions of the mix", () => {
    for (const kind of attackerKinds) {
      expectShare(attacks.filter((attack) => attack.kind === kind).length, attacks.length, defaultMix[kind]);
    }
  });

  test("every verdict and every outcome occurs, each with its reason", () => {
    const verdicts = new Set(trades.map(({ verdict }) => verdict));
    expect(verdicts).toEqual(new Set(["impacted", "avoided", "clean", null]));
    expect(new Set(attacks.map(({ outcome }) => outcome))).toEqual(
      new Set([
        "completed",
        "front_reverted",
        "late",
        "early",
        "victim_reverted",
        "front_only",
        "unprofitable",
      ]),
    );
    for (const { verdict, attack, status, disputed, lossAtoms } of trades) {
      expect(verdict === null).toBe(status === "lost");
      if (verdict === "impacted") expect(attack?.outcome).toBe("completed");
      if (verdict === "avoided") expect(BigInt(lossAtoms)).toBeLessThanOrEqual(0n);
      if (verdict === "clean") expect(attack !== null).toBe(disputed);
    }
  });

  test("a mix with a single kind has no other", () => {
    const only = openMevWorld({ trades: 1500, days: 0.3, attackRate: 0.1, attackers: { bundle: 1 } });
    const kinds = new Set([...only.slots()].flatMap((record) => record.attacks.map(({ kind }) => kind)));
    expect([...kinds]).toEqual(["bundle"]);
  });
});
