import { isotonic, type MonotoneCurve } from "@slipstream/stats";

/** Landed trades and the sandwiches among them, by `sizeBinOf`. */
export interface SizeCounts {
  /** Trades, weighted by exposure; see `AttackModel`. */
  readonly exposure: Float64Array;
  readonly hits: Float64Array;
}

/** In units of the logarithm of the size. */
const binWidth = 0.25;
/** The bins cover 0.02 USD to 5 billion USD. */
const firstBin = -16;
const sizeBins = 106;

export function sizeBinOf(sizeUsd: number): number {
  const bin = Math.round(Math.log(Math.max(sizeUsd, Number.MIN_VALUE)) / binWidth) - firstBin;
  return Math.min(sizeBins - 1, Math.max(0, bin));
}

export function emptySizeCounts(): SizeCounts {
  return { exposure: new Float64Array(sizeBins), hits: new Float64Array(sizeBins) };
}

/** Counts for sizes between 1 / e and e times the given size. */
export function near(counts: SizeCounts | undefined, sizeUsd: number): { exposure: number; hits: number } {
  const bin = sizeBinOf(sizeUsd);
  const reach = Math.round(1 / binWidth);
  const sum = (of: Float64Array | undefined): number =>
    of?.subarray(Math.max(0, bin - reach), bin + reach + 1).reduce((total, count) => total + count, 0) ?? 0;
  return { exposure: sum(counts?.exposure), hits: sum(counts?.hits) };
}

/** Prior standard deviation of a pair's shift along the log size axis: pools differ in depth. */
const usualShift = 1.5;
const mostShift = 24;
const rounds = 6;
/**
 * Weights of the priors: a pair's level, and each part of its curve, are shrunk to the expected value as if
 * this many more attacks had been seen.
 */
const levelHeldBy = 3;
const partHeldBy = 4;

/**
 * The rate of sandwiches by size: one non-decreasing curve per pair over log size, because larger trades let
 * attackers earn more. What matters is the size relative to the pool, so pairs share a shape. A pair's curve
 * is the common curve, shifted along the axis and raised or lowered; priors pull both towards 0. Each part of
 * the curve then follows the pair's own trades, the more of them the closer. Gamma priors of Poisson counts:
 * A. Gelman et al., Bayesian Data Analysis (2013), sections 2.6 and 5.3.
 */
export function attackBySize(pairs: ReadonlyMap<string, SizeCounts>): ReadonlyMap<string, MonotoneCurve> {
  const shifts = new Map<string, number>();
  const levels = new Map<string, number>();
  let shape = shapeOf(pairs, shifts, levels);
  for (let round = 0; round < rounds; round++) {
    for (const [pair, counts] of pairs) {
      const shift = bestShift(counts, shape);
      shifts.set(pair, shift);
      levels.set(pair, levelOf(counts, shape, shift));
    }
    shape = shapeOf(pairs, shifts, levels);
  }
  return new Map(
    [...pairs].map(([pair, counts]) => {
      const shift = shifts.get(pair) ?? 0;
      return [pair, ownCurve(counts, shape, shift, levelOf(counts, shape, shift))];
    }),
  );
}

/** The common curve of all pairs, each moved by its shift. */
function shapeOf(
  pairs: ReadonlyMap<string, SizeCounts>,
  shifts: ReadonlyMap<string, number>,
  levels: ReadonlyMap<string, number>,
): Float64Array {
  const all = emptySizeCounts();
  for (const [pair, { exposure, hits }] of pairs) {
    const shift = shifts.get(pair) ?? 0;
    for (let bin = 0; bin < sizeBins; bin++) {
      const at = Math.min(sizeBins - 1, Math.max(0, bin - shift));
      all.exposure[at] = (all.exposure[at] ?? 0) + (exposure[bin] ?? 0) * (levels.get(pair) ?? 1);
      all.hits[at] = (all.hits[at] ?? 0) + (hits[bin] ?? 0);
    }
  }
  const least = 0.5 / (1 + all.exposure.reduce((sum, value) => sum + value, 0));
  const rates = isotonic(
    Array.from(all.hits, (hits, bin) => hits / Math.max(1e-9, all.exposure[bin] ?? 0)),
    Array.from(all.exposure, (exposure) => Math.max(1e-9, exposure)),
  );
  return Float64Array.from(rates, (rate) => Math.max(least, rate));
}

function rateAt(shape: Float64Array, bin: number): number {
  return shape[Math.min(sizeBins - 1, Math.max(0, bin))] ?? 0;
}

/** The most likely shift, with the level integrated over its prior. */
function bestShift({ exposure, hits }: SizeCounts, shape: Float64Array): number {
  let [best, most] = [0, Number.NEGATIVE_INFINITY];
  for (let shift = -mostShift; shift <= mostShift; shift++) {
    let [seen, expected, likelihood] = [0, 0, -((shift * binWidth) ** 2) / (2 * usualShift ** 2)];
    for (let bin = 0; bin < sizeBins; bin++) {
      const rate = rateAt(shape, bin - shift);
      const count = hits[bin] ?? 0;
      seen += count;
      expected += (exposure[bin] ?? 0) * rate;
      if (count > 0) likelihood += count * Math.log(rate);
    }
    likelihood -= (seen + levelHeldBy) * Math.log(expected + levelHeldBy);
    if (likelihood > most) [best, most] = [shift, likelihood];
  }
  return best;
}

function levelOf({ exposure, hits }: SizeCounts, shape: Float64Array, shift: number): number {
  let [seen, expected] = [levelHeldBy, levelHeldBy];
  for (let bin = 0; bin < sizeBins; bin++) {
    seen += hits[bin] ?? 0;
    expected += (exposure[bin] ?? 0) * rateAt(shape, bin - shift);
  }
  return seen / expected;
}

function ownCurve(
  { exposure, hits }: SizeCounts,
  shape: Float64Array,
  shift: number,
  level: number,
): MonotoneCurve {
  const rates = Array.from(hits, (seen, bin) => {
    const expected = rateAt(shape, bin - shift) * level;
    return (expected * (seen + partHeldBy)) / ((exposure[bin] ?? 0) * expected + partHeldBy);
  });
  const ys = isotonic(
    rates,
    Array.from(exposure, (own) => own + 1),
  );
  return { xs: ys.map((_, bin) => (bin + firstBin) * binWidth), ys };
}
