import { expect, test } from "vitest";
import { openMevWorld } from "../world.ts";
import type { AttackTruth, MevTradeTruth } from "./model.ts";

const world = openMevWorld({
  seed: 12,
  trades: 12_000,
  days: 0.6,
  attackRate: 0.15,
  attackers: { failing: 6, cross_slot: 1, multi_victim: 1 },
});
const attacks = new Map<string, AttackTruth>();
const landed: MevTradeTruth[] = [];
for (const record of world.slots()) {
  for (const attack of record.attacks) attacks.set(attack.id, attack);
  landed.push(...record.truths.filter(({ verdict }) => verdict !== null));
}
const attackOn = ({ attack }: MevTradeTruth): AttackTruth | undefined => attacks.get(attack?.id ?? "");

test("a failed swap alone does not show that an attack was intended", () => {
  const lone = [...attacks.values()].filter(
    ({ fronts, backs, evidence }) =>
      fronts.length + backs.length === 0 && !evidence.some((one) => one !== "reverted_leg"),
  );
  expect(lone.length).toBeGreaterThan(0);
  expect(lone.every(({ evidence }) => evidence.length === 0)).toBe(true);
  const known = new Set(lone.map(({ id }) => id));
  expect(landed.filter(({ attack }) => attack !== null && known.has(attack.id))).toEqual([]);
});

test("a trade after a front run that was never sold received less: clean, and disputed", () => {
  const after = landed.filter((trade) => {
    const attack = attackOn(trade);
    return attack?.outcome === "front_only" && attack.lastSlot < (trade.slot ?? 0) && trade.swap !== null;
  });
  const same = after.filter((trade) => trade.disputed);
  expect(same.length).toBeGreaterThan(0);
  expect(same.every(({ verdict }) => verdict === "clean")).toBe(true);
});

test("a protected trade that reverted between the legs of somebody else's sandwich avoided it", () => {
  const between = landed.filter((trade) => {
    const attack = attackOn(trade);
    return trade.swap === null && trade.protection !== "none" && attack?.outcome === "completed";
  });
  expect(between.length).toBeGreaterThan(0);
  expect(between.every(({ verdict }) => verdict === "avoided")).toBe(true);
});
