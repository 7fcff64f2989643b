import { binomialDraw } from "@slipstream/stats";
import { groupBy } from "./dimensions.ts";
import { isKnown, lossUsd, type MevRecord } from "./mev-record.ts";

/** Means over one side of a stratum, over all trades that were sent. */
export interface Means {
  readonly lossUsd: number;
  readonly paidUsd: number;
  /** Share that landed. */
  readonly landed: number;
}

/** Trades that differ only in what is compared. */
export interface Stratum {
  readonly treated: Side;
  readonly control: Side;
  /** Worth of landing in USD, for the trades of both sides that report it. */
  readonly valuesUsd: Float64Array;
}

/**
 * One side of a stratum, with what is needed to resample it. Whether a trade landed is always known; its loss
 * is known only with a verdict. So the mean loss is the share that landed x the mean loss of landed trades
 * with a known loss.
 */
export class Side {
  readonly size: number;
  /** Number of landed trades with a known loss. */
  readonly known: number;
  readonly means: Means;
  readonly #losses: Float64Array;
  readonly #fees: Float64Array;
  readonly #landed: number;

  constructor(records: readonly MevRecord[]) {
    this.size = records.length;
    this.#losses = Float64Array.from(records.filter(isLossKnown), (record) => lossUsd(record) ?? 0);
    this.#fees = Float64Array.from(records, ({ paidUsd }) => paidUsd ?? 0);
    this.#landed = records.reduce((count, { landed }) => count + (landed ? 1 : 0), 0);
    this.known = this.#losses.length;
    const landed = this.#landed / this.size;
    this.means = { lossUsd: landed * meanOf(this.#losses), paidUsd: meanOf(this.#fees), landed };
  }

  /** The means of resampled trades. */
  draw(random: () => number): Means {
    const landed = binomialDraw(this.size - 1, this.#landed / this.size, random) / (this.size - 1);
    const lossUsd = landed * drawnMean(this.#losses, random);
    return { lossUsd, paidUsd: drawnMean(this.#fees, random), landed };
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
function drawnMean(values: Float64Array, random: () => number): number {
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

/** What the treatment changed, summed over the treated trades, in USD. */
export interface Difference {
  readonly lossAvoidedUsd: number;
  readonly landingValueUsd: number;
  readonly extraFeeUsd: number;
}

/** The observed difference, or one with both sides and the worth of landing resampled. */
export function difference(strata: readonly Stratum[], random?: () => number): Difference {
  const sum = { lossAvoidedUsd: 0, landingValueUsd: 0, extraFeeUsd: 0 };
  for (const { treated, control, valuesUsd } of strata) {
    const [used, other] =
      random === undefined ? [treated.means, control.means] : [treated.draw(random), control.draw(random)];
    const valueUsd = random === undefined ? meanOf(valuesUsd) : drawnMean(valuesUsd, random);
    sum.lossAvoidedUsd += treated.size * (other.lossUsd - used.lossUsd);
    sum.landingValueUsd += treated.size * (used.landed - other.landed) * valueUsd;
    sum.extraFeeUsd += treated.size * (used.paidUsd - other.paidUsd);
  }
  return sum;
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return values.length === 0 ? 0 : sum / values.length;
}
