import { dimensions, lossUsd, type MevRecord } from "@slipstream/mev";
import { groupBy } from "@slipstream/testing/group-by";

/** What a higher fee brought in truth, a trade, USD. */
interface Gain {
  readonly lossAvoided: number;
  readonly landing: number;
  readonly extraFee: number;
}

const LEAST_OF_A_SIDE = 10;

/**
 * The fee return that many days come to, for the kinds of trades that a run has enough of, in the run's proportions: the
 * definition of mev.md, computed apart from `@slipstream/mev`.
 */
export class FeeTruth {
  readonly #gains = new Map<string, Gain>();

  /** @param long Records of many days, with their true verdicts. */
  constructor(long: readonly MevRecord[]) {
    for (const [kind, own] of groupBy(long, kindOf)) {
      const { above, below } = sides(own);
      const landed = own.filter((one) => one.landed);
      this.#gains.set(kind, {
        lossAvoided: mean(below, lossUsd) - mean(above, lossUsd),
        landing: (mean(above, hasLanded) - mean(below, hasLanded)) * mean(landed, ({ valueUsd }) => valueUsd),
        extraFee: mean(above, ({ paidUsd }) => paidUsd) - mean(below, ({ paidUsd }) => paidUsd),
      });
    }
  }

  /** null where the run has too few trades of every kind. */
  of(run: readonly MevRecord[]): number | null {
    let [gained, paid] = [0, 0];
    for (const [kind, own] of groupBy(run, kindOf)) {
      const { above, below } = sides(own);
      const gain = this.#gains.get(kind);
      const isEnough = [above, below].every((side) => side.filter(isJudged).length >= LEAST_OF_A_SIDE);
      if (gain === undefined || !isEnough) continue;
      gained += above.length * (gain.lossAvoided + gain.landing - gain.extraFee);
      paid += above.length * gain.extraFee;
    }
    return paid === 0 ? null : gained / paid;
  }
}

function kindOf(record: MevRecord): string {
  return `${dimensions.pair(record)} ${dimensions.size(record)} ${record.protection}`;
}

function sides(records: readonly MevRecord[]): { above: MevRecord[]; below: MevRecord[] } {
  const fees = records.map(({ feeUsd }) => feeUsd ?? 0).sort((a, b) => a - b);
  const median = fees[Math.floor((fees.length - 1) / 2)] ?? 0;
  return {
    above: records.filter(({ feeUsd }) => (feeUsd ?? 0) > median),
    below: records.filter(({ feeUsd }) => (feeUsd ?? 0) <= median),
  };
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
