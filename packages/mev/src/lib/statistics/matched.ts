import { betaDraw } from "@slipstream/stats";
import { groupBy } from "./dimensions.ts";
import { isKnown, lossUsd, type MevRecord } from "./mev-record.ts";

/** Trades that differ only in what is compared. */
export interface Stratum {
  readonly treated: Side;
  readonly control: Side;
  /** Worth of landing in USD, for the trades of both sides that report it. */
  readonly valuesUsd: Float64Array;
}

/**
 * One side of a stratum. Whether a trade landed is always known; its loss is known only with a verdict. So the mean loss of its
 * trades is the share that landed x the mean loss of landed trades with a known loss.
 */
export class Side {
  readonly size: number;
  readonly landed: number;
  /** Number of landed trades with a known loss. */
  readonly known: number;
  /** What those of them that lost something lost, USD. */
  readonly losses: readonly number[];
  /** Mean over all trades that were sent. */
  readonly paidUsd: number;
  readonly #fees: Float64Array;

  constructor(records: readonly MevRecord[]) {
    const losses = records.filter(isLossKnown).map((record) => lossUsd(record) ?? 0);
    this.size = records.length;
    this.landed = records.filter(({ landed }) => landed).length;
    this.known = losses.length;
    this.losses = losses.filter((loss) => loss !== 0);
    this.#fees = Float64Array.from(records, ({ paidUsd }) => paidUsd ?? 0);
    this.paidUsd = meanOf(this.#fees);
  }

  /**
   * A share that may have landed, given those that did.
   * @param usual Share that landed of all trades: as if one more trade of this side were known, which landed at this rate. So not all
   *   trades of a few that landed are certain to.
   */
  drawLanded(usual: number, random: () => number): number {
    return betaDraw(this.landed + usual, this.size - this.landed + 1 - usual, random);
  }

  /** The mean fee of resampled trades. */
  drawPaidUsd(random: () => number): number {
    return drawnMean(this.#fees, random);
  }
}

/** For landed trades. */
function isLossKnown(record: MevRecord): boolean {
  return record.landed && isKnown(record) && lossUsd(record) !== null;
}

/**
 * Draws one value fewer than there are. Otherwise the means of small strata would vary too little, by (n - 1)
 * / n.
 * Source: J. N. K. Rao, C. F. J. Wu, JASA 83 (1988) 231-241.
 */
export function drawnMean(values: Float64Array, random: () => number): number {
  const count = values.length - 1;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[Math.floor(random() * values.length)] ?? 0;
  return count < 1 ? meanOf(values) : sum / count;
}

/** A stratum with fewer trades than this on either side says nothing. */
const leastOfASide = 10;

function isFeeKnown({ feeUsd, paidUsd }: MevRecord): boolean {
  return feeUsd !== null && paidUsd !== null;
}

/**
 * Splits trades into strata with two sides each.
 * @param sidesOf Returns the two sides of a stratum. Trades may be on neither.
 */
export function stratify(
  records: readonly MevRecord[],
  key: (record: MevRecord) => string,
  sidesOf: (stratum: readonly MevRecord[]) => {
    readonly treated: readonly MevRecord[];
    readonly control: readonly MevRecord[];
  },
): Stratum[] {
  return [...groupBy(records.filter(isFeeKnown), key).values()].flatMap((own): Stratum[] => {
    const { treated, control } = sidesOf(own);
    if (treated.length < leastOfASide || control.length < leastOfASide) return [];
    const values = [...treated, ...control].flatMap(({ valueUsd, landed }) =>
      landed ? (valueUsd ?? []) : [],
    );
    const valuesUsd = Float64Array.from(values);
    const stratum = { treated: new Side(treated), control: new Side(control), valuesUsd };
    return Math.min(stratum.treated.known, stratum.control.known) < leastOfASide ? [] : [stratum];
  });
}

/** Number of treated trades. */
export function treatedIn(strata: readonly Stratum[]): number {
  return strata.reduce((sum, { treated }) => sum + treated.size, 0);
}

/** 0 if there are none. */
export function meanOf(values: Float64Array | readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return values.length === 0 ? 0 : sum / values.length;
}
