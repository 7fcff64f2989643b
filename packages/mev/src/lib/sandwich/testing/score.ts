import type { Detection, Sandwich } from "../model.ts";
import { type AttackKind, type Planted, paid } from "./attacks.ts";
import type { Traffic } from "./traffic.ts";

export interface Score {
  found: number;
  missed: number;
  /**
   * Somebody bought and sold the same amount and earned by it without intent, which is feasible by
   * definition.
   */
  lucky: number;
  /** Neither planted nor lucky. */
  wrong: number;
  /** Found, but without one of the intended victims. */
  wrongVictims: number;
  readonly missedKinds: Map<AttackKind, number>;
}

export function newScore(): Score {
  return { found: 0, missed: 0, lucky: 0, wrong: 0, wrongVictims: 0, missedKinds: new Map() };
}

/** Slots of a leader's turn. Attacks that noise spreads over more slots are not searched for. */
const turn = 4;

/** Counts which of the planted attacks that paid off were found and missed. */
export function addScore(score: Score, { planted }: Traffic, { sandwiches }: Detection): void {
  const found = new Map<Planted, Sandwich>();
  for (const sandwich of sandwiches) {
    const attack = planted.find((candidate) => isOf(candidate, sandwich));
    if (attack !== undefined) found.set(attack, sandwich);
    else if (isLucky(sandwich)) score.lucky++;
    else score.wrong++;
  }
  for (const attack of planted) {
    const slots = (attack.backs.at(-1)?.slot ?? 0) - (attack.fronts[0]?.slot ?? 0);
    if (!paid(attack) || slots >= turn) continue;
    const sandwich = found.get(attack);
    if (sandwich === undefined || !isWhole(attack, sandwich)) {
      score.missed++;
      score.missedKinds.set(attack.kind, (score.missedKinds.get(attack.kind) ?? 0) + 1);
      continue;
    }
    score.found++;
    const victims = new Set(sandwich.victims.map(({ id }) => id));
    if (!attack.meantFor.every(({ id }) => victims.has(id))) score.wrongVictims++;
  }
}

/**
 * Whether all legs belong to the attack. If noise spread the attack over many slots, only a part may be
 * found.
 */
function isOf({ fronts, backs }: Planted, sandwich: Sandwich): boolean {
  const legs = new Set([...fronts, ...backs].map(({ id }) => id));
  return [...sandwich.fronts, ...sandwich.backs].every(({ id }) => legs.has(id));
}

function isWhole({ fronts, backs }: Planted, sandwich: Sandwich): boolean {
  return sandwich.fronts.length === fronts.length && sandwich.backs.length === backs.length;
}

function isLucky({ fronts, backs }: Sandwich): boolean {
  return fronts.length === 1 && backs.length === 1 && fronts[0]?.amountOut === backs[0]?.amountIn;
}
