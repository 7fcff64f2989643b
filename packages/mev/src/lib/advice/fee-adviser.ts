import { type MonotoneCurve, valueAt, wilson } from "@slipstream/stats";
import { groupBy } from "../statistics/dimensions.ts";
import { attackByBid, factorAt } from "./attack-by-bid.ts";
import { AttackModel } from "./attack-model.ts";
import { type BidCurves, bidAt, bidCurves, scaleOf } from "./bid-curves.ts";
import type { FeeAdvice, FeeQuery, ProtectionAdvice } from "./fee-advice.ts";
import { type BidKind, bidKindOf, type FeeTrial } from "./fee-trial.ts";
import { pairShift } from "./pair-shift.ts";

export interface AdviserOptions {
  /** Trials of a protection and urgency, and judged trades of a protection, below which nothing is advised. */
  readonly leastTrials: number;
  /** Base fee, lamports: paid with every transaction that reaches the chain. */
  readonly baseFeeLamports: number;
}

export const defaultAdviserOptions: AdviserOptions = { leastTrials: 200, baseFeeLamports: 5000 };

/** What is known of one protection. */
interface ProtectionModel {
  readonly kind: BidKind;
  readonly attacks: AttackModel;
  readonly byUrgency: ReadonlyMap<string, UrgencyModel>;
  /** Median of the part of the offer that is not the bid, lamports. */
  readonly otherLamports: number;
}

interface UrgencyModel {
  readonly curves: BidCurves;
  readonly shifts: ReadonlyMap<string, number>;
  readonly attackFactor: MonotoneCurve;
  /** Share of the trials that reverted. */
  readonly reverted: number;
}

/** Bids that are tried between the lowest and the highest that are known. */
const bidsTried = 120;

/**
 * The bid of the highest expected value, learned from trades with different bids:
 *   P_land(f) (V - P_sandwich(f) L) - cost(f), in USD; cost(f) = what is offered x the share that pays it.
 * P_land is a monotone fit for the protection and urgency, shifted by pair; P_sandwich and L are of the pair and size bucket, held
 * to wider kinds where they have few trades. Source of the form: arXiv 2009.09259.
 */
export class FeeAdviser {
  readonly #options: AdviserOptions;
  readonly #models: ReadonlyMap<string, ProtectionModel>;

  constructor(trials: readonly FeeTrial[], options: Partial<AdviserOptions> = {}) {
    this.#options = { ...defaultAdviserOptions, ...options };
    const models = [...groupBy(trials, ({ protection }) => protection)].map(
      ([protection, own]) => [protection, learn(own)] as const,
    );
    this.#models = new Map(models);
  }

  /** The best of the protections asked for, or of all that are known; else why nothing can be advised. */
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
    if (advice === undefined)
      return { advice: null, reason: reasons.join("; ") || "not enough data (n = 0)" };
    return { advice, others, reasons };
  }

  /** What is expected of a bid; undefined where nothing is known. For comparing advice with what is done. */
  expect(query: FeeQuery, protection: string, bidLamports: number): number | undefined {
    const model = this.#models.get(protection);
    const urgency = model?.byUrgency.get(query.urgency);
    if (model === undefined || urgency === undefined) return undefined;
    return this.#value(query, model, urgency, scaleOf(bidLamports))?.usd;
  }

  #adviseOn(protection: string, query: FeeQuery): ProtectionAdvice | string {
    const { leastTrials } = this.#options;
    const model = this.#models.get(protection);
    const own = model?.byUrgency.get(query.urgency);
    const trials = own?.curves.trials ?? 0;
    const of = `${protection}, urgency ${query.urgency}`;
    if (model === undefined || own === undefined || trials < leastTrials) {
      return `not enough data (n = ${trials} sent: ${of})`;
    }
    if (model.attacks.trades < leastTrials) {
      return `not enough data (n = ${model.attacks.trades} with a verdict: ${protection})`;
    }
    const { curves } = own;
    if (curves.highest < 2 * Math.max(1, curves.lowest)) {
      return `not enough data: all ${trials} bids are alike (${of})`;
    }
    const [from, to] = [scaleOf(curves.lowest), scaleOf(curves.highest)];
    let best: { x: number; value: Value } | undefined;
    for (let i = 0; i <= bidsTried; i++) {
      const x = from + ((to - from) * i) / bidsTried;
      const value = this.#value(query, model, own, x);
      if (value !== undefined && (best === undefined || value.usd > best.value.usd)) best = { x, value };
    }
    if (best === undefined) return `what landing is worth is not known (${of})`;
    return describe(protection, query, model, own, best.x, best.value);
  }

  #value(query: FeeQuery, model: ProtectionModel, own: UrgencyModel, x: number): Value | undefined {
    const { pair, sizeUsd, solUsd, valueUsd } = query;
    const at = x - (own.shifts.get(pair) ?? 0);
    const landing = valueAt(own.curves.landing, at);
    const worthUsd =
      valueUsd ??
      (own.curves.worthBps === undefined ? undefined : (valueAt(own.curves.worthBps, at) / 1e4) * sizeUsd);
    if (worthUsd === undefined) return undefined;
    const attack = Math.min(1, model.attacks.rateOf(pair, sizeUsd) * factorAt(own.attackFactor, x));
    const lossUsd = model.attacks.lossOf(pair, sizeUsd) * sizeUsd;
    const bid = bidAt(x);
    const [fee, tip] = model.kind === "tip" ? [model.otherLamports, bid] : [bid, model.otherLamports];
    const onChain = Math.min(1, landing + own.reverted);
    const lamports = landing * tip + onChain * (fee + this.#options.baseFeeLamports);
    const costUsd = (lamports / 1e9) * solUsd;
    return {
      usd: landing * (worthUsd - attack * lossUsd) - costUsd,
      landing,
      attack,
      worthUsd,
      lossUsd,
      costUsd,
    };
  }
}

interface Value {
  readonly usd: number;
  readonly landing: number;
  readonly attack: number;
  readonly worthUsd: number;
  readonly lossUsd: number;
  readonly costUsd: number;
}

function learn(trials: readonly FeeTrial[]): ProtectionModel {
  const kind = bidKindOf(trials);
  const attacks = new AttackModel(trials);
  const others = trials
    .map(({ priorityFeeLamports, tipLamports }) => (kind === "tip" ? priorityFeeLamports : tipLamports))
    .sort((a, b) => a - b);
  const byUrgency = [...groupBy(trials, ({ urgency }) => urgency)].map(
    ([urgency, own]) => [urgency, learnUrgency(own, attacks, kind)] as const,
  );
  return {
    kind,
    attacks,
    byUrgency: new Map(byUrgency),
    otherLamports: others[Math.floor(others.length / 2)] ?? 0,
  };
}

/** The curve of all pairs, each pair's shift from it, and the curve again with the shifts taken out. */
function learnUrgency(trials: readonly FeeTrial[], attacks: AttackModel, kind: BidKind): UrgencyModel {
  const rough = bidCurves(trials, kind);
  const shifts = new Map(
    [...groupBy(trials, ({ pair }) => pair)].map(([pair, own]) => [
      pair,
      pairShift(own, rough.landing, kind),
    ]),
  );
  return {
    curves: bidCurves(trials, kind, (pair) => shifts.get(pair) ?? 0),
    shifts,
    attackFactor: attackByBid(trials, attacks, kind),
    reverted: trials.filter(({ outcome }) => outcome === "reverted").length / Math.max(1, trials.length),
  };
}

function describe(
  protection: string,
  { pair, sizeUsd }: FeeQuery,
  { kind, attacks, otherLamports }: ProtectionModel,
  { curves, shifts }: UrgencyModel,
  x: number,
  value: Value,
): ProtectionAdvice {
  const at = x - (shifts.get(pair) ?? 0);
  const near = curves.parts.reduce((best, part) =>
    Math.abs(part.x - at) < Math.abs(best.x - at) ? part : best,
  );
  const seen = attacks.countsOf(pair, sizeUsd);
  const bid = bidAt(x);
  return {
    protection,
    priorityFeeLamports: kind === "tip" ? otherLamports : bid,
    tipLamports: kind === "tip" ? bid : otherLamports,
    expectedUsd: value.usd,
    isWorthSending: value.usd > 0,
    costUsd: value.costUsd,
    worthUsd: value.worthUsd,
    lossUsd: value.lossUsd,
    landing: { value: value.landing, ...intervalOf(near.landed, near.trials), count: near.trials },
    attack: { value: value.attack, ...intervalOf(seen.hits, seen.trades), count: seen.trades },
    evidence: [
      `${curves.trials} trades sent with it at this urgency, ${curves.landed} landed; ${near.landed} of ${near.trials} with bids like this`,
      `${seen.hits} of ${seen.trades} landed trades of this pair and size were sandwiched, of ${attacks.trades} in all`,
    ],
  };
}

function intervalOf(successes: number, n: number): { low: number | null; high: number | null } {
  return wilson(successes, n) ?? { low: null, high: null };
}
