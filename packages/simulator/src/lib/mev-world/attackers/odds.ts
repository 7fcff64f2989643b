import type { Protection } from "../../market/decisions.ts";
import type { PairSpec } from "../pools/catalogue.ts";
import { sizeFront } from "./sizing.ts";

/** What an attacker can see of a trade before it decides. */
export interface Exposure {
  readonly pair: Pick<PairSpec, "appeal">;
  /** Initial value of one side of the pool, in USD. */
  readonly sideUsd: number;
  /** The pool's fee, as a share of the input. */
  readonly fee: number;
  readonly sizeUsd: number;
  readonly toleranceBps: number;
  /** Hour of the day, UTC. */
  readonly hour: number;
  readonly colludes: boolean;
  readonly protection: Protection;
}

/** Factors of the odds: the true patterns of vulnerability. */
export interface Factors {
  readonly pair: number;
  readonly size: number;
  readonly tolerance: number;
  readonly hour: number;
  readonly leader: number;
  readonly protection: number;
}

/** The share of a victim's room that an attacker uses is uniform between these. */
export const USES = { least: 0.7, most: 0.95 } as const;
export const MEAN_USE: number = (USES.least + USES.most) / 2;
/** An attack that earns less than this is not worth its fees, in USD. */
const LEAST_PROFIT_USD = 0.05;
const MOST = 0.9;

export function factorsOf(exposure: Exposure): Factors {
  const { pair, sizeUsd, toleranceBps, hour, colludes, protection } = exposure;
  return {
    pair: pair.appeal,
    size: sizeUsd < 100 ? 0.3 : sizeUsd < 1000 ? 0.7 : sizeUsd < 10_000 ? 1.2 : 1.8,
    tolerance: toleranceBps < 50 ? 0.3 : toleranceBps < 100 ? 0.7 : toleranceBps < 200 ? 1.1 : 1.7,
    hour: hour >= 13 && hour < 21 ? 1.8 : 0.6,
    leader: colludes ? 3 : 0.8,
    protection: protection === "none" ? 1 : protection === "private_rpc" ? 0.08 : 0.01,
  };
}

/**
 * What a sandwich would take of the trade's output and what it would earn; undefined if it would not pay off.
 */
export function preyOn(exposure: Exposure): { lossRatio: number; profitUsd: number } | undefined {
  const { sideUsd, fee, sizeUsd, toleranceBps } = exposure;
  const share = sizeUsd / sideUsd;
  // A round trip costs the fee twice; the victim's price impact pays for it once on the way in and once on
  // the way out.
  if (share < fee) return undefined;
  const { profit, lossRatio } = sizeFront({ share, fee, room: toleranceBps / 1e4 }, MEAN_USE);
  const profitUsd = profit * sideUsd;
  return profitUsd < LEAST_PROFIT_USD ? undefined : { lossRatio, profitUsd };
}

/**
 * The probability that a trade is attacked in each slot in which it is visible. `scale` sets the level, see
 * `calibrate`.
 */
export class AttackOdds {
  readonly #scale: number;

  constructor(scale: number) {
    this.#scale = scale;
  }

  perSlot(exposure: Exposure): number {
    return preyOn(exposure) === undefined ? 0 : this.worthwhile(exposure);
  }

  /** The same, for a trade known to be worth attacking. */
  worthwhile(exposure: Exposure): number {
    const { pair, size, tolerance, hour, leader, protection } = factorsOf(exposure);
    return Math.min(MOST, this.#scale * pair * size * tolerance * hour * leader * protection);
  }
}

/** Probability over several slots. */
export function attackChance(perSlot: number, slots: number): number {
  return 1 - (1 - perSlot) ** slots;
}
