import { betaDraw, bootstrap } from "@slipstream/stats";
import { dimensions, groupBy } from "./dimensions.ts";
import { type Estimate, estimate, unknownEstimate } from "./estimate.ts";
import { LEAST_ATTACKED, tooFew } from "./least.ts";
import { isKnown, type MevRecord } from "./mev-record.ts";

/** Fewer unprotected trades of a kind than this do not show how often it is hit. */
const leastOfAKind = 10;

interface Kind {
  readonly protectedTrades: number;
  readonly protectedHits: number;
  readonly openTrades: number;
  readonly openHits: number;
}

/**
 * How much less often protected trades were impacted than unprotected trades of the same kind (pair and size
 * bucket):
 * 1 - hit rate of the protected / hit rate of the unprotected, with kinds weighted by their number of
 * protected trades.
 * The interval draws both rates from their posterior distributions. The value may be negative. Unknown with fewer than
 * `LEAST_ATTACKED` impacted trades.
 * @param protection The protection to examine; if undefined, all except "none" together.
 */
export function relativeAvoidance(records: readonly MevRecord[], protection?: string): Estimate {
  const isProtected = (record: MevRecord): boolean =>
    protection === undefined ? record.protection !== "none" : record.protection === protection;
  const known = records.filter(isKnown);
  const kinds = [...groupBy(known, kindOf).values()]
    .map((own) => countKind(own, isProtected))
    .filter(({ protectedTrades, openTrades }) => protectedTrades > 0 && openTrades >= leastOfAKind);
  const count = kinds.reduce((sum, { protectedTrades }) => sum + protectedTrades, 0);
  if (count === 0) {
    return unknownEstimate(
      `no protected trade has ${leastOfAKind} unprotected trades of its pair and size to compare with`,
    );
  }
  const value = relative(
    kinds,
    ({ openHits, openTrades }) => openHits / openTrades,
    ({ protectedHits, protectedTrades }) => protectedHits / protectedTrades,
  );
  if (!Number.isFinite(value))
    return unknownEstimate("no unprotected trade of these kinds was impacted", count);
  const hits = kinds.reduce((sum, { protectedHits }) => sum + protectedHits, 0);
  const attacked = hits + kinds.reduce((sum, { openHits }) => sum + openHits, 0);
  if (attacked < LEAST_ATTACKED)
    return unknownEstimate(tooFew(attacked, "impacted trades", LEAST_ATTACKED), count);
  const open = kinds.reduce((sum, { openTrades }) => sum + openTrades, 0);
  const openRate = kinds.reduce((sum, { openHits }) => sum + openHits, 0) / open;
  const interval = bootstrap((random) => {
    // One rate for all protected trades together: by kind, the priors of many kinds without hits would add
    // up.
    const rate = betaDraw(hits + 0.5, count - hits + 0.5, random);
    return relative(
      kinds,
      // As if one more trade of the kind were known, hit at the overall rate: a kind without hits is not
      // certainly safe.
      ({ openHits, openTrades }) =>
        betaDraw(openHits + openRate, openTrades - openHits + 1 - openRate, random),
      () => rate,
    );
  });
  return estimate(value, interval, "posterior95", count);
}

export function kindOf(record: MevRecord): string {
  return `${dimensions.pair(record)} ${dimensions.size(record)}`;
}

function countKind(records: readonly MevRecord[], isProtected: (record: MevRecord) => boolean): Kind {
  const kind = { protectedTrades: 0, protectedHits: 0, openTrades: 0, openHits: 0 };
  for (const record of records) {
    const hit = record.verdict === "impacted" ? 1 : 0;
    if (isProtected(record)) {
      kind.protectedTrades++;
      kind.protectedHits += hit;
    } else if (record.protection === "none") {
      kind.openTrades++;
      kind.openHits += hit;
    }
  }
  return kind;
}

function relative(
  kinds: readonly Kind[],
  openRate: (kind: Kind) => number,
  protectedRate: (kind: Kind) => number,
): number {
  let expected = 0;
  let hit = 0;
  for (const kind of kinds) {
    expected += kind.protectedTrades * openRate(kind);
    hit += kind.protectedTrades * protectedRate(kind);
  }
  return 1 - hit / expected;
}
