import { binomialDraw } from "@slipstream/stats";
import { groupBy } from "./dimensions.ts";
import { lossUsd, type MevRecord } from "./mev-record.ts";

/** Means over one side of a stratum: what became of the trades that were sent. */
export interface Means {
  readonly lossUsd: number;
  readonly paidUsd: number;
  /** Share that landed. */
  readonly landed: number;
}

/** Trades that are alike but for what is compared. */
export interface Stratum {
  readonly treated: Side;
  readonly control: Side;
  /** What landing is worth, USD: mean of those of both sides that tell it; null where none does. */
  readonly valueUsd: number | null;
}

/** One side of a stratum: what is needed to draw it anew. */
export class Side {
  readonly size: number;
  readonly means: Means;
  readonly #losses: Float64Array;
  readonly #fees: Float64Array;
  readonly #landed: number;

  constructor(records: readonly MevRecord[]) {
    this.size = records.length;
    this.#losses = Float64Array.from(records, (record) => lossUsd(record) ?? 0);
    this.#fees = Float64Array.from(records, ({ paidUsd }) => paidUsd ?? 0);
    this.#landed = records.reduce((count, { landed }) => count + (landed ? 1 : 0), 0);
    this.means = {
      lossUsd: meanOf(this.#losses),
      paidUsd: meanOf(this.#fees),
      landed: this.#landed / this.size,
    };
  }

  /** The means of as many trades drawn anew. */
  draw(random: () => number): Means {
    let [loss, fee] = [0, 0];
    for (let i = 0; i < this.size; i++) {
      const at = Math.floor(random() * this.size);
      loss += this.#losses[at] ?? 0;
      fee += this.#fees[at] ?? 0;
    }
    const landed = binomialDraw(this.size, this.#landed / this.size, random) / this.size;
    return { lossUsd: loss / this.size, paidUsd: fee / this.size, landed };
  }
}

/** Below this many on either side a stratum says nothing. */
const leastOfASide = 10;

/** Trades whose fee is known, and their loss if they landed. */
export function isComplete(record: MevRecord): boolean {
  return record.feeUsd !== null && record.paidUsd !== null && (!record.landed || lossUsd(record) !== null);
}

/**
 * Trades in strata, two sides each.
 * @param sideOf Which side a trade is on, given all of its stratum; undefined for neither.
 */
export function stratify(
  records: readonly MevRecord[],
  key: (record: MevRecord) => string,
  sidesOf: (stratum: readonly MevRecord[]) => {
    readonly treated: readonly MevRecord[];
    readonly control: readonly MevRecord[];
  },
): Stratum[] {
  return [...groupBy(records.filter(isComplete), key).values()].flatMap((own): Stratum[] => {
    const { treated, control } = sidesOf(own);
    if (treated.length < leastOfASide || control.length < leastOfASide) return [];
    const values = [...treated, ...control].flatMap(({ valueUsd, landed }) =>
      landed ? (valueUsd ?? []) : [],
    );
    const valueUsd = values.length === 0 ? null : meanOf(Float64Array.from(values));
    return [{ treated: new Side(treated), control: new Side(control), valueUsd }];
  });
}

/** What treatment changed, summed over the treated trades, USD. */
export interface Difference {
  readonly lossAvoidedUsd: number;
  readonly landingValueUsd: number;
  readonly extraFeeUsd: number;
}

/** As it was, or with both sides drawn anew. */
export function difference(strata: readonly Stratum[], random?: () => number): Difference {
  const sum = { lossAvoidedUsd: 0, landingValueUsd: 0, extraFeeUsd: 0 };
  for (const { treated, control, valueUsd } of strata) {
    const [used, other] =
      random === undefined ? [treated.means, control.means] : [treated.draw(random), control.draw(random)];
    sum.lossAvoidedUsd += treated.size * (other.lossUsd - used.lossUsd);
    sum.landingValueUsd += treated.size * (used.landed - other.landed) * (valueUsd ?? 0);
    sum.extraFeeUsd += treated.size * (used.paidUsd - other.paidUsd);
  }
  return sum;
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
