import { AttackOdds, attackChance, type Exposure, preyOn } from "./odds.ts";

export interface Sample {
  readonly exposure: Exposure;
  /** Number of slots in which it is visible. */
  readonly slots: number;
}

const ROUNDS = 40;
const HIGHEST_SCALE = 1000;

/**
 * Finds the odds at which this share of the samples (landed unprotected trades) is attacked.
 * @returns The odds, or the largest possible share if that is below the rate because too few samples are
 * worth attacking.
 */
export function calibrate(samples: readonly Sample[], rate: number): AttackOdds | number {
  const worth = samples.filter(({ exposure }) => preyOn(exposure) !== undefined);
  const rateAt = (scale: number): number => {
    const odds = new AttackOdds(scale);
    let sum = 0;
    for (const { exposure, slots } of worth) sum += attackChance(odds.worthwhile(exposure), slots);
    return samples.length === 0 ? 0 : sum / samples.length;
  };
  if (rate === 0) return new AttackOdds(0);
  const most = rateAt(HIGHEST_SCALE);
  if (most < rate) return most;
  let low = 0;
  let high = HIGHEST_SCALE;
  for (let round = 0; round < ROUNDS; round++) {
    const middle = (low + high) / 2;
    if (rateAt(middle) < rate) low = middle;
    else high = middle;
  }
  return new AttackOdds(high);
}
