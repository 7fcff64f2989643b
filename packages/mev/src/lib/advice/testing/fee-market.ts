import { lamports } from "@slipstream/conventions";
import { seededRandom } from "@slipstream/stats";
import type { FeeTrial } from "../fee-trial.ts";

/** A market with known truth: how bids land, what attackers do, what landing is worth. */
export const urgencies = {
  low: { deadline: 20, kept: 0.99, edgeBps: 4 },
  normal: { deadline: 8, kept: 0.95, edgeBps: 7 },
  high: { deadline: 2, kept: 0.75, edgeBps: 16 },
} as const;
export type Urgency = keyof typeof urgencies;

export const pairs = [
  { name: "SOL/USDC", heat: -0.3, hunted: 0.3 },
  { name: "BONK/SOL", heat: 0, hunted: 1 },
  { name: "NEW/SOL", heat: 0.6, hunted: 2.5 },
] as const;
export type Pair = (typeof pairs)[number];

export const protections = ["none", "jito"] as const;
export type Protection = (typeof protections)[number];

export const solUsd = 150;
const baseFee = 5000;

/** The properties of a trade that matter for its fee. */
export interface Question {
  readonly pair: Pair;
  readonly sizeUsd: number;
  readonly urgency: Urgency;
  readonly protection: Protection;
}

/** Chance of landing in a slot. */
function perSlot(protection: Protection, bid: number, heat: number): number {
  const half = (protection === "jito" ? 60_000 : 25_000) * Math.exp(heat);
  const won = bid ** 0.8 / (bid ** 0.8 + half ** 0.8);
  return protection === "jito" ? 0.85 * won : 0.05 + 0.85 * won;
}

function attackPerSlot({ pair, sizeUsd, protection }: Question): number {
  const size = sizeUsd < 100 ? 0.2 : sizeUsd < 1000 ? 0.7 : sizeUsd < 10_000 ? 1.3 : 2;
  return Math.min(0.5, 0.02 * pair.hunted * size * (protection === "jito" ? 0.05 : 1));
}

export function lossRatioOf({ sizeUsd }: Question): number {
  return Math.min(0.03, 0.002 * Math.max(1, sizeUsd / 500) ** 0.6);
}

/** Congestion relative to the pair's heat: three levels, each a third of the time. */
const levels = [-0.5, 0, 0.5] as const;

/** The exact P_land (V - P_sandwich L) - cost, given what can be known before sending, in USD. */
export function trueValue(question: Question, bid: number): number {
  const { deadline, kept, edgeBps } = urgencies[question.urgency];
  const attack = attackPerSlot(question);
  let usd = 0;
  for (const level of levels) {
    const p = perSlot(question.protection, bid, question.pair.heat + level);
    for (let n = 1; n <= deadline; n++) {
      const lands = p * (1 - p) ** (n - 1);
      const worth = (question.sizeUsd * edgeBps * kept ** (n - 1)) / 1e4;
      const loss = (1 - (1 - attack) ** n) * lossRatioOf(question) * question.sizeUsd;
      usd += (lands * (worth - loss - ((bid + baseFee) / 1e9) * solUsd)) / levels.length;
    }
  }
  return usd;
}

/** The bid with the highest true value. */
export function oracle(question: Question): number {
  let best = 0;
  for (let x = Math.log(100); x <= Math.log(5e8); x += 0.02) {
    if (trueValue(question, Math.exp(x)) > trueValue(question, best)) best = Math.exp(x);
  }
  return best;
}

export class FeeMarket {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  question(): Question {
    return {
      pair: this.#pick(pairs),
      sizeUsd: 30 * Math.exp(7 * this.#random()),
      urgency: this.#pick(["low", "normal", "normal", "high"]),
      protection: this.#pick(protections),
    };
  }

  /** A trade of the desk, with a bid from one of several policies. */
  trial(): FeeTrial {
    const question = this.question();
    const { pair, sizeUsd, urgency, protection } = question;
    const median = this.#pick([2_000, 20_000, 100_000, 600_000, 3_000_000]);
    const normal = Math.sqrt(-2 * Math.log(this.#random())) * Math.cos(2 * Math.PI * this.#random());
    const bid = Math.round(median * Math.exp(normal));
    const { deadline, kept, edgeBps } = urgencies[urgency];
    const p = perSlot(protection, bid, pair.heat + this.#pick(levels));
    let tries = 1;
    while (tries <= deadline && this.#random() > p) tries++;
    const landed = tries <= deadline;
    const attacked = landed && this.#random() > (1 - attackPerSlot(question)) ** tries;
    return {
      pair: pair.name,
      sizeUsd,
      urgency,
      protection,
      priorityFeeLamports: lamports(protection === "jito" ? 0 : bid),
      tipLamports: lamports(protection === "jito" ? bid : 0),
      outcome: landed ? "landed" : "expired",
      verdict: landed ? (attacked ? "impacted" : "clean") : null,
      lossRatio: attacked ? lossRatioOf(question) * 2 * this.#random() : null,
      // What a desk realises scatters widely around its expectation.
      valueUsd: landed
        ? (sizeUsd * (edgeBps * kept ** (tries - 1) + 20 * (this.#random() - 0.5))) / 1e4
        : null,
    };
  }

  trials(count: number): FeeTrial[] {
    return Array.from({ length: count }, () => this.trial());
  }

  #pick<T>(of: readonly T[]): T {
    const picked = of[Math.floor(this.#random() * of.length)];
    if (picked === undefined) throw new RangeError("nothing to pick from");
    return picked;
  }
}
