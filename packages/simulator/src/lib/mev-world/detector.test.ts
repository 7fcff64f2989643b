import { detectSandwiches } from "@slipstream/mev";
import { expect, test } from "vitest";
import { openMevWorld } from "./world.ts";

test("the detector finds a world's simple sandwiches with their legs, victims and loss", () => {
  const world = openMevWorld({
    seed: 4,
    trades: 1500,
    days: 0.2,
    attackRate: 0.1,
    attackers: { classic: 1 },
    noise: 0,
  });
  const records = [...world.slots()];
  const swaps = records.flatMap((record) => record.swaps);
  const attacks = records
    .flatMap((record) => record.attacks)
    .filter(({ outcome }) => outcome === "completed");
  const { sandwiches } = detectSandwiches(swaps, { leaderOf: (slot) => world.leaderOf(slot) });
  expect(attacks.length).toBeGreaterThan(40);
  const ids = (legs: readonly { id: string }[]): string[] => legs.map(({ id }) => id);
  const found = sandwiches.map(({ fronts, victims, backs }) => [ids(fronts), ids(victims), ids(backs)]);
  expect(found).toEqual(
    attacks.map(({ fronts, victims, backs }) => [fronts, victims.map(({ swap }) => swap), backs]),
  );
  for (const [index, { loss }] of sandwiches.entries()) {
    if (loss === null) continue;
    const lost = attacks[index]?.victims.reduce((sum, { lossAtoms }) => sum + Number(lossAtoms), 0) ?? 0;
    expect(Math.abs(Number(loss.atoms) / lost - 1)).toBeLessThan(0.01);
  }
});
