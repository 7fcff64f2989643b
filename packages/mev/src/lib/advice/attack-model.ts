import type { Bps } from "@slipstream/conventions";
import { type MonotoneCurve, valueAt } from "@slipstream/stats";
import { bucketOf, toleranceBounds } from "../statistics/dimensions.ts";
import { attackBySize, emptySizeCounts, near, type SizeCounts, sizeBinOf } from "./attack-by-size.ts";
import type { FeeTrial } from "./fee-trial.ts";

/** What the chance of a sandwich depends on. */
export interface Exposed {
  readonly pair: string;
  readonly sizeUsd: number;
  readonly protection: string;
  readonly urgency: string;
  /** Slippage tolerance in basis points. If undefined or null, the average over the pair's trades is used. */
  readonly toleranceBps?: Bps | null | undefined;
}

/** Trades with equal properties. */
interface Cell {
  readonly pair: string;
  readonly bin: number;
  readonly protection: string;
  readonly urgency: string;
  readonly tolerance: string;
  trades: number;
  hits: number;
}

type Factors = ReadonlyMap<string, number>;

const rounds = 3;
/** Weight of the prior: factors are shrunk to 1 as if this many more attacks had been seen. */
const heldBy = 2;

/**
 * P(sandwiched | landed) = the pair's curve over log size x factors of protection, urgency and tolerance,
 * fitted in turn (backfitting: T. Hastie, R. Tibshirani, Generalized Additive Models (1990), chapter 4).
 */
export class AttackModel {
  readonly #cells: readonly Cell[];
  #curves: ReadonlyMap<string, MonotoneCurve> = new Map();
  #protections: Factors = new Map();
  #urgencies: Factors = new Map();
  #tolerances: Factors = new Map();
  /** Trades by pair and size, unweighted and weighted. */
  readonly #trades: ReadonlyMap<string, SizeCounts>;
  readonly #exposures: ReadonlyMap<string, SizeCounts>;
  /** Mean tolerance factor of each pair's trades. */
  readonly #usual: Factors;

  constructor(trials: readonly FeeTrial[]) {
    this.#cells = cellsOf(trials);
    this.#trades = this.#bySize();
    for (let round = 0; round < rounds; round++) {
      this.#curves = attackBySize(this.#bySize());
      this.#protections = this.#factors(({ protection }) => protection, this.#protections);
      this.#urgencies = this.#factors(({ urgency }) => urgency, this.#urgencies);
      this.#tolerances = this.#factors(({ tolerance }) => tolerance, this.#tolerances);
    }
    this.#exposures = this.#bySize();
    this.#curves = attackBySize(this.#exposures);
    this.#usual = this.#usualOf();
  }

  rateOf(exposed: Exposed): number {
    const { pair, sizeUsd } = exposed;
    const curve = this.#curves.get(pair) ?? this.#curves.get(otherPairs);
    if (curve === undefined) return 0;
    return Math.min(
      1,
      valueAt(curve, Math.log(Math.max(sizeUsd, Number.MIN_VALUE))) * this.#factorOf(exposed),
    );
  }

  /**
   * Standard deviation of the rate, from the pair's own trades of similar size: that of a Poisson count plus
   * one.
   */
  deviationOf(exposed: Exposed): number {
    const { exposure, hits } = near(this.#exposures.get(exposed.pair), exposed.sizeUsd);
    return exposure > 0 ? (Math.sqrt(hits + 1) / exposure) * this.#factorOf(exposed) : 1;
  }

  /** The pair's trades with a verdict, with any protection, within a factor of e of the size. */
  tradesNear({ pair, sizeUsd }: Pick<Exposed, "pair" | "sizeUsd">): number {
    return near(this.#trades.get(pair), sizeUsd).exposure;
  }

  #factorOf({ pair, protection, urgency, toleranceBps }: Exposed): number {
    const ofTolerance =
      toleranceBps === undefined || toleranceBps === null
        ? (this.#usual.get(pair) ?? this.#usual.get(otherPairs) ?? 1)
        : (this.#tolerances.get(toleranceOf(toleranceBps)) ?? 1);
    return (this.#protections.get(protection) ?? 1) * (this.#urgencies.get(urgency) ?? 1) * ofTolerance;
  }

  #weigh({ protection, urgency, tolerance }: Cell): number {
    return (
      (this.#protections.get(protection) ?? 1) *
      (this.#urgencies.get(urgency) ?? 1) *
      (this.#tolerances.get(tolerance) ?? 1)
    );
  }

  #bySize(): Map<string, SizeCounts> {
    const pairs = new Map<string, SizeCounts>([[otherPairs, emptySizeCounts()]]);
    for (const cell of this.#cells) {
      const own = pairs.get(cell.pair) ?? emptySizeCounts();
      pairs.set(cell.pair, own);
      own.exposure[cell.bin] = (own.exposure[cell.bin] ?? 0) + cell.trades * this.#weigh(cell);
      own.hits[cell.bin] = (own.hits[cell.bin] ?? 0) + cell.hits;
    }
    return pairs;
  }

  /**
   * Attacks seen / expected, by a property of the trades. @param before The factors in use, which the result
   * replaces.
   */
  #factors(key: (cell: Cell) => string, before: Factors): Factors {
    const sums = new Map<string, { seen: number; expected: number }>();
    for (const cell of this.#cells) {
      const curve = this.#curves.get(cell.pair);
      const rate = curve?.ys[cell.bin] ?? 0;
      const own = sums.get(key(cell)) ?? { seen: heldBy, expected: heldBy };
      own.seen += cell.hits;
      own.expected += (cell.trades * rate * this.#weigh(cell)) / (before.get(key(cell)) ?? 1);
      sums.set(key(cell), own);
    }
    return new Map([...sums].map(([name, { seen, expected }]) => [name, seen / expected]));
  }

  #usualOf(): Factors {
    const sums = new Map<string, { trades: number; factor: number }>();
    for (const { pair, tolerance, trades } of this.#cells) {
      for (const key of [pair, otherPairs]) {
        const own = sums.get(key) ?? { trades: 0, factor: 0 };
        own.trades += trades;
        own.factor += trades * (this.#tolerances.get(tolerance) ?? 1);
        sums.set(key, own);
      }
    }
    return new Map([...sums].map(([pair, { trades, factor }]) => [pair, factor / trades]));
  }
}

/** Key for pairs without trades: the common curve, unshifted. */
const otherPairs = "";

export function isJudged({ outcome, verdict }: FeeTrial): boolean {
  return outcome === "landed" && verdict !== null && verdict !== "unknown";
}

function toleranceOf(toleranceBps: Bps | null | undefined): string {
  return bucketOf(toleranceBps ?? null, toleranceBounds);
}

function cellsOf(trials: readonly FeeTrial[]): Cell[] {
  const cells = new Map<string, Cell>();
  for (const trial of trials) {
    if (!isJudged(trial)) continue;
    const { pair, sizeUsd, protection, urgency } = trial;
    const [bin, tolerance] = [sizeBinOf(sizeUsd), toleranceOf(trial.toleranceBps)];
    const key = JSON.stringify([bin, tolerance, protection, urgency, pair]);
    const cell = cells.get(key) ?? { pair, bin, protection, urgency, tolerance, trades: 0, hits: 0 };
    cell.trades++;
    if (trial.verdict === "impacted") cell.hits++;
    cells.set(key, cell);
  }
  return [...cells.values()];
}
