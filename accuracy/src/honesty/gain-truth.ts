import { dimensions, lossUsd, type MevRecord } from "@slipstream/mev";
import { groupBy } from "@slipstream/testing/group-by";

/** What a treated trade brought in truth beyond one that was not, USD. */
interface Gain {
  readonly lossAvoided: number;
  readonly landing: number;
  readonly extraFee: number;
}

interface Sides {
  readonly treated: readonly MevRecord[];
  readonly control: readonly MevRecord[];
}

/** What trades are compared by: by the definition of mev.md, computed apart from `@slipstream/mev`. */
export interface Compared {
  kindOf(record: MevRecord): string;
  sidesOf(kind: readonly MevRecord[]): Sides;
}

const LEAST_OF_A_SIDE = 10;

/** What many days come to, for the kinds of trades that a run has enough of, in the run's proportions. */
export class GainTruth {
  readonly #compared: Compared;
  readonly #gains = new Map<string, Gain>();

  /** @param long Records of many days, with their true verdicts. */
  constructor(long: readonly MevRecord[], compared: Compared) {
    this.#compared = compared;
    for (const [kind, own] of groupBy(long, compared.kindOf)) {
      const { treated, control } = compared.sidesOf(own);
      const landed = [...treated, ...control].filter((one) => one.landed);
      this.#gains.set(kind, {
        lossAvoided: mean(control, lossUsd) - mean(treated, lossUsd),
        landing:
          (mean(treated, hasLanded) - mean(control, hasLanded)) * mean(landed, ({ valueUsd }) => valueUsd),
        extraFee: mean(treated, ({ paidUsd }) => paidUsd) - mean(control, ({ paidUsd }) => paidUsd),
      });
    }
  }

  /** What the run's treated trades brought, and what they paid for it, USD; null where the run has too few trades of every kind. */
  of(run: readonly MevRecord[]): { readonly netUsd: number; readonly ratio: number } | null {
    let [gained, paid, known] = [0, 0, 0];
    for (const [kind, own] of groupBy(run, this.#compared.kindOf)) {
      const { treated, control } = this.#compared.sidesOf(own);
      const gain = this.#gains.get(kind);
      const isEnough = [treated, control].every((side) => side.filter(isJudged).length >= LEAST_OF_A_SIDE);
      if (gain === undefined || !isEnough) continue;
      known++;
      gained += treated.length * (gain.lossAvoided + gain.landing - gain.extraFee);
      paid += treated.length * gain.extraFee;
    }
    return known === 0 ? null : { netUsd: gained, ratio: gained / paid };
  }
}

/** Trades of a pair, size and protection that paid more than the median, with those that paid less. */
export const byFee: Compared = {
  kindOf: (record) => `${pairAndSize(record)} ${record.protection}`,
  sidesOf: (records) => {
    const fees = records.map(({ feeUsd }) => feeUsd ?? 0).sort((a, b) => a - b);
    const median = fees[Math.floor((fees.length - 1) / 2)] ?? 0;
    return {
      treated: records.filter(({ feeUsd }) => (feeUsd ?? 0) > median),
      control: records.filter(({ feeUsd }) => (feeUsd ?? 0) <= median),
    };
  },
};

/** Trades of a pair and size with a protection, and those without any. */
export function byProtection(name: string): Compared {
  return {
    kindOf: pairAndSize,
    sidesOf: (records) => ({
      treated: records.filter(({ protection }) => protection === name),
      control: records.filter(({ protection }) => protection === "none"),
    }),
  };
}

function pairAndSize(record: MevRecord): string {
  return `${dimensions.pair(record)} ${dimensions.size(record)}`;
}

function isJudged({ landed, verdict }: MevRecord): boolean {
  return landed && verdict !== null && verdict !== "unknown";
}

function hasLanded({ landed }: MevRecord): number {
  return landed ? 1 : 0;
}

function mean(records: readonly MevRecord[], of: (record: MevRecord) => number | null): number {
  return records.length === 0 ? 0 : records.reduce((sum, one) => sum + (of(one) ?? 0), 0) / records.length;
}
