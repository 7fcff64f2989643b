/**
 * A victim from the attacker's point of view. Amounts are shares of the pool's reserve of the token that is
 * paid.
 */
export interface Prey {
  readonly share: number;
  /** The pool's fee, as a share of the input. */
  readonly fee: number;
  /** How far below the quote the victim accepts, as a share. */
  readonly room: number;
}

export interface Sizing {
  /** Input of the front run. */
  readonly front: number;
  /** The attacker's profit before network fees. */
  readonly profit: number;
  /** Share of its output that the victim loses. */
  readonly lossRatio: number;
}

/** Maximum size of a leg: 12 % of a pool. Source: measured on recorded sandwiches. */
const LARGEST_FRONT = 0.12;
const BISECTIONS = 30;
/**
 * Shares of the largest front run that are tried. More is not always better, because the fee applies to all
 * of it.
 */
const parts = [1, 0.7, 0.45, 0.25] as const;

/**
 * The most profitable front run that uses at most `uses` of the victim's room. Computed in doubles, on a
 * constant product with reserves of 1.
 */
export function sizeFront(prey: Prey, uses: number): Sizing {
  const limit = largestFront(prey, prey.room * uses);
  let best: Sizing = { front: 0, profit: 0, lossRatio: 0 };
  for (const part of parts) {
    const sizing = outcome(prey, limit * part);
    if (sizing.profit > best.profit) best = sizing;
  }
  return best;
}

/** The front run that costs the victim this share of its output. */
export function largestFront(prey: Prey, lossRatio: number): number {
  if (outcome(prey, LARGEST_FRONT).lossRatio <= lossRatio) return LARGEST_FRONT;
  let low = 0;
  let high = LARGEST_FRONT;
  for (let round = 0; round < BISECTIONS; round++) {
    const middle = (low + high) / 2;
    if (outcome(prey, middle).lossRatio <= lossRatio) low = middle;
    else high = middle;
  }
  return low;
}

function outcome({ share, fee }: Prey, front: number): Sizing {
  const kept = 1 - fee;
  const alone = (share * kept) / (1 + share * kept);
  const bought = (front * kept) / (1 + front * kept);
  const left = 1 - bought;
  const got = (left * share * kept) / (1 + front + share * kept);
  const reserveOut = left - got;
  const back = ((1 + front + share) * bought * kept) / (reserveOut + bought * kept);
  return { front, profit: back - front, lossRatio: 1 - got / alone };
}
