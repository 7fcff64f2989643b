import { groupBy } from "./dimensions.ts";
import { isKnown, type MevRecord } from "./mev-record.ts";

/**
 * The attack rate depends on the time of day. Parts of the day of this length are assumed to differ from one
 * another.
 */
const BLOCK_MS = 4 * 3_600_000;
const leastBlocks = 3;

/** A share, as if from this many independent trades. */
export interface EffectiveCounts {
  readonly successes: number;
  readonly count: number;
}

/**
 * How much the known trades say about all trades if the missing ones are clustered. For example, a few hours
 * without blocks leave out a time of day at which attacks may be rarer or more frequent. Between blocks of
 * time, the share varies by tau^2 (method of moments, beyond the variation by chance). The distribution of
 * the known trades over the blocks differs from that of all trades by d, so their share has an additional
 * variance of tau^2 x sum of d^2. The counts are reduced accordingly: not at all if the missing trades are
 * evenly distributed.
 */
export function effectiveCounts(
  records: readonly MevRecord[],
  isHit: (record: MevRecord) => boolean,
): EffectiveCounts {
  const blocks = [...groupBy(records, ({ timeMs }) => String(Math.floor(timeMs / BLOCK_MS))).values()].map(
    (own) => {
      const known = own.filter(isKnown);
      return { all: own.length, known: known.length, hits: known.filter(isHit).length };
    },
  );
  const count = sum(blocks.map(({ known }) => known));
  const successes = sum(blocks.map(({ hits }) => hits));
  const share = successes / count;
  const chance = share * (1 - share);
  const seen = blocks.filter(({ known }) => known > 0).length;
  if (!(chance > 0) || seen < leastBlocks) return { successes, count };
  const spread = sum(blocks.map(({ known, hits }) => (hits - share * known) ** 2));
  const byChance = chance * sum(blocks.map(({ known }) => known * (1 - known / count)));
  const weight = sum(blocks.map(({ known }) => known ** 2 * (1 - known / count)));
  const between = Math.max(0, (spread - byChance) / weight) * forFew(seen - 1);
  const uneven = sum(blocks.map(({ all, known }) => (all / records.length - known / count) ** 2));
  const kept = chance / (chance + count * between * uneven);
  return { successes: successes * kept, count: count * kept };
}

/**
 * Corrects a variance that is itself estimated from few values: (Student's quantile / normal quantile)^2, at
 * 97.5 %.
 * Source: M. Abramowitz, I. Stegun, Handbook of Mathematical Functions, 26.7.5.
 */
function forFew(freedom: number): number {
  const z = 1.959964;
  const t = z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2);
  return (t / z) ** 2;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
