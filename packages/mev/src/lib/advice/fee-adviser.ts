import { type Lamports, lamports, quantity } from "@slipstream/conventions";
import { LAMPORTS_PER_SIGNATURE } from "@slipstream/solana";
import { groupBy } from "../statistics/dimensions.ts";
import { hidesOffers } from "../statistics/known-offers.ts";
import { AttackModel } from "./attack-model.ts";
import { scaleOf } from "./bid-curves.ts";
import { type BidModels, type BidValue, bidValue, isUndecided } from "./bid-value.ts";
import { describeAdvice } from "./describe.ts";
import type { FeeAdvice, FeeQuery, ProtectionAdvice } from "./fee-advice.ts";
import type { FeeTrial } from "./fee-trial.ts";
import { LossModel } from "./loss-model.ts";
import { learnProtection, type ProtectionModel } from "./protection-model.ts";

export interface AdviserOptions {
  /**
   * Minimum number of trials per protection and urgency, and of judged trades per protection. Below it,
   * nothing is advised.
   */
  readonly leastTrials: number;
  /**
   * Minimum number of judged trades of the pair within a factor of e of the size, with any protection. Below
   * it, nothing is advised.
   */
  readonly leastNear: number;
  /** Base fee in lamports, paid by every transaction that reaches the chain. */
  readonly baseFeeLamports: Lamports;
}

export const defaultAdviserOptions: AdviserOptions = {
  leastTrials: 200,
  leastNear: 30,
  baseFeeLamports: lamports(Number(LAMPORTS_PER_SIGNATURE)),
};

/** Number of bids tried between the lowest and the highest known bid. */
const bidsTried = 120;

/**
 * Finds the bid with the highest expected value, learned from trades with different bids:
 * P_land(f) (V - P_sandwich(f) L) - cost(f), in USD; cost(f) = the bid x the share of trials that pay it.
 * P_land is a monotone fit per protection and urgency, shifted by pair. P_sandwich depends on size, pair,
 * protection, urgency and tolerance, see `AttackModel`; L depends on pair, size and tolerance. Source of the
 * formula: arXiv 2009.09259.
 */
export class FeeAdviser {
  readonly #options: AdviserOptions;
  readonly #attacks: AttackModel;
  readonly #losses: LossModel;
  readonly #models: ReadonlyMap<string, ProtectionModel>;
  /** Trials left out because it is not known what was offered when they did not land. */
  readonly #leftOut: number;

  constructor(trials: readonly FeeTrial[], options: Partial<AdviserOptions> = {}) {
    this.#options = { ...defaultAdviserOptions, ...options };
    this.#attacks = new AttackModel(trials);
    this.#losses = new LossModel(trials);
    const sent = trials.map(({ offer, outcome }) => ({ offer, onChain: outcome !== "expired" }));
    const offered = hidesOffers(sent) ? trials.filter(({ offer = "named" }) => offer === "named") : trials;
    this.#leftOut = trials.length - offered.length;
    const models = [...groupBy(offered, ({ protection }) => protection)].map(
      ([protection, own]) => [protection, learnProtection(own, this.#attacks)] as const,
    );
    this.#models = new Map(models);
  }

  /**
   * The best of the requested protections, or of all known ones; or the reason why nothing can be advised.
   */
  advise(query: FeeQuery): FeeAdvice {
    const names = query.protections ?? [...this.#models.keys()];
    const advised: ProtectionAdvice[] = [];
    const reasons: string[] = [];
    for (const name of names) {
      const one = this.#adviseOn(name, query);
      if (typeof one === "string") reasons.push(one);
      else advised.push(one);
    }
    const [advice, ...others] = advised.sort((a, b) => b.expectedUsd - a.expectedUsd);
    if (advice === undefined) {
      const reason = reasons.join("; ") || "not enough data (n = 0)";
      return { advice: null, reason: `${reason}${this.#hint()}` };
    }
    return { advice, others, reasons };
  }

  #hint(): string {
    if (this.#leftOut === 0) return "";
    return `; left out: ${quantity(this.#leftOut, "trade")} whose tip is known only if they landed (name jito.tip_lamports)`;
  }

  /** Expected value of a bid; undefined if nothing is known. Used to compare advice with actual bids. */
  expect(query: FeeQuery, protection: string, bidLamports: Lamports): number | undefined {
    const models = this.#modelsOf(protection, query.urgency);
    return models && bidValue(query, models, scaleOf(bidLamports))?.usd;
  }

  #adviseOn(protection: string, query: FeeQuery): ProtectionAdvice | string {
    const models = this.#modelsOf(protection, query.urgency);
    const of = `${protection}, urgency ${query.urgency}`;
    if (models === undefined) return `not enough data (n = 0 of ${this.#options.leastTrials} sent: ${of})`;
    const thin = this.#tooThin(query, models, of);
    if (thin !== undefined) return thin;
    const { lowest, highest } = models.ofUrgency.curves;
    const [from, to] = [scaleOf(lowest), scaleOf(highest)];
    let best: { x: number; value: BidValue } | undefined;
    let hoped: BidValue | undefined;
    for (let i = 0; i <= bidsTried; i++) {
      const x = from + ((to - from) * i) / bidsTried;
      const value = bidValue(query, models, x);
      if (value === undefined) return `the worth of landing is unknown (${of})`;
      if (best === undefined || value.usd > best.value.usd) best = { x, value };
      if (hoped === undefined || value.usd + value.deviationUsd > hoped.usd + hoped.deviationUsd)
        hoped = value;
    }
    if (best === undefined) return `there is no bid to try (${of})`;
    if (hoped !== undefined && isUndecided(hoped)) {
      return `not enough data (n = ${this.#near(query)}): attacks may cost more than landing is worth (${of})`;
    }
    return describeAdvice(query, models, best.x, best.value);
  }

  /** Why too little is known for advice. */
  #tooThin(query: FeeQuery, models: BidModels, of: string): string | undefined {
    const { leastTrials, leastNear } = this.#options;
    const { protection, ofProtection, ofUrgency } = models;
    const { trials, lowest, highest } = ofUrgency.curves;
    const judged = ofProtection.judged.all.trades;
    if (trials < leastTrials) return `not enough data (n = ${trials} of ${leastTrials} sent: ${of})`;
    if (judged < leastTrials)
      return `not enough data (n = ${judged} of ${leastTrials} with a verdict: ${protection})`;
    if (this.#attacks.tradesNear(query) < leastNear) return `not enough data (n = ${this.#near(query)})`;
    if (highest < 2 * Math.max(1, lowest)) return `not enough data: all ${trials} bids are similar (${of})`;
    return undefined;
  }

  #near(query: FeeQuery): string {
    const { pair, sizeUsd } = query;
    return `${this.#attacks.tradesNear(query)} with a verdict: ${pair} of about ${Number(sizeUsd.toPrecision(2))} USD`;
  }

  #modelsOf(protection: string, urgency: string): BidModels | undefined {
    const ofProtection = this.#models.get(protection);
    const ofUrgency = ofProtection?.byUrgency.get(urgency);
    if (ofProtection === undefined || ofUrgency === undefined) return undefined;
    const { baseFeeLamports } = this.#options;
    return {
      attacks: this.#attacks,
      losses: this.#losses,
      ofProtection,
      ofUrgency,
      protection,
      baseFeeLamports,
    };
  }
}
