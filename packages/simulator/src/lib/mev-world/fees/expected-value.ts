import { LAMPORTS_PER_SIGNATURE } from "@slipstream/solana";
import type { Protection } from "../../market/decisions.ts";
import type { Level } from "./congestion.ts";
import { landingPerSlot } from "./landing.ts";
import { type Haste, haste, type Urgency } from "./urgency.ts";

/** What attackers do to a trade of this kind. */
export interface Threat {
  /** Probability of an attack for each slot in which the transaction is visible, by kind of leader. */
  readonly perSlot: readonly { readonly chance: number; readonly weight: number }[];
  /** Mean share of the output taken by an attack, including attacks that fail. */
  readonly lossRatio: number;
}

/** The properties of a trade that determine the value of a bid. */
export interface FeeContext {
  readonly sizeUsd: number;
  readonly urgency: Urgency;
  readonly protection: Protection;
  readonly solUsd: number;
  /** A single level if known, otherwise its distribution. */
  readonly congestion: readonly Level[];
  readonly threat: Threat;
}

export interface ExpectedValue {
  /** Value of the trade after fees and losses to attackers, in USD. */
  readonly usd: number;
  /** Probability of landing before the deadline. */
  readonly landing: number;
  /** Probability of being attacked, given that it lands. */
  readonly attack: number;
}

const BASE_FEE_LAMPORTS = Number(LAMPORTS_PER_SIGNATURE);

/**
 * The exact expected value of a trade before it is sent:
 * sum over n of p (1 - p)^(n - 1) (V kept^(n - 1) - (1 - (1 - a)^n) L - cost)
 * p: probability of landing in a slot, a: probability of an attack in a slot, V: value, L: loss to an attack,
 * n: up to the deadline. The sums are geometric.
 */
export function expectedValue(context: FeeContext, bidLamports: number): ExpectedValue {
  const { sizeUsd, urgency, protection, solUsd, congestion, threat } = context;
  const terms = haste[urgency];
  const costUsd = ((bidLamports + BASE_FEE_LAMPORTS) / 1e9) * solUsd;
  const worthUsd = (sizeUsd * terms.edgeBps) / 1e4;
  let usd = 0;
  let landing = 0;
  let attacked = 0;
  for (const { level, weight } of congestion) {
    const p = landingPerSlot(protection, bidLamports, level);
    const lands = landed(p, 1, terms);
    let hit = 0;
    for (const leader of threat.perSlot) {
      hit += leader.weight * (lands - (1 - leader.chance) * landed(p, 1 - leader.chance, terms));
    }
    landing += weight * lands;
    attacked += weight * hit;
    usd +=
      weight *
      (worthUsd * landed(p, terms.keptPerSlot, terms) - hit * threat.lossRatio * sizeUsd - lands * costUsd);
  }
  return { usd, landing, attack: landing > 0 ? attacked / landing : 0 };
}

/** Sum of p (1 - p)^(n - 1) factor^(n - 1) for n from 1 to the deadline. */
function landed(p: number, factor: number, { deadlineSlots }: Haste): number {
  const ratio = (1 - p) * factor;
  return ratio === 1 ? p * deadlineSlots : (p * (1 - ratio ** deadlineSlots)) / (1 - ratio);
}
