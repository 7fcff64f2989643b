import { Random } from "../random.ts";
import { type Pair, pairs, type Side } from "./tokens.ts";

export type Protection = "none" | "jito" | "private_rpc";

/** The intention of a strategy, before the desk knows what it will get. */
export interface Decision {
  /** 0, 1, 2, ... in order of arrival. */
  readonly index: number;
  /** Time since the previous decision, in ms. */
  readonly gapMs: number;
  readonly strategy: string;
  readonly pair: Pair;
  readonly side: Side;
  /** Whole cents. */
  readonly sizeUsd: number;
  readonly toleranceBps: number;
  /** The strategy's estimate of how far the price is off in its favour, in basis points. */
  readonly edgeBps: number;
  readonly protection: Protection;
  /** Micro-lamports per compute unit. */
  readonly computeUnitPrice: number;
  /** 0 if no tip is paid. */
  readonly jitoTipLamports: number;
}

interface Strategy {
  readonly name: string;
  readonly weight: number;
  /** Median size, in USD. */
  readonly medianUsd: number;
  readonly edgeBps: number;
  /** Median price of a compute unit, in micro-lamports. */
  readonly computeUnitPrice: number;
}

const strategies: readonly [Strategy, ...Strategy[]] = [
  { name: "momentum", weight: 0.5, medianUsd: 320, edgeBps: 13, computeUnitPrice: 12_000 },
  { name: "mean_reversion", weight: 0.3, medianUsd: 180, edgeBps: 12, computeUnitPrice: 6_000 },
  { name: "arbitrage", weight: 0.2, medianUsd: 900, edgeBps: 11, computeUnitPrice: 90_000 },
];

/** Maximum trade size as a share of one side of the pool. For more, the desk trades elsewhere. */
const LARGEST_SHARE = 0.006;

/**
 * An endless, seeded sequence of decisions with Poisson arrivals at `ratePerSecond` and lognormal sizes. The
 * rate scales only the gaps. Sides lean against what the sequence has bought or sold so far.
 */
export function* decisions(seed: string | number, ratePerSecond: number): Generator<Decision, never> {
  const root = new Random(seed);
  const arrivals = root.fork("arrivals");
  const random = root.fork("decisions");
  const net = new Map<string, number>();
  for (let index = 0; ; index++) {
    const strategy = weighted(strategies, random.next());
    const pair = weighted(pairs, random.next());
    const book = `${strategy.name} ${pair.name}`;
    const held = net.get(book) ?? 0;
    const side = random.chance(0.5 - 0.15 * Math.max(-3, Math.min(3, held))) ? "buy" : "sell";
    net.set(book, held + (side === "buy" ? 1 : -1));
    const drawnUsd = random.lognormal(strategy.medianUsd, 1.1);
    const sideUsd = pair.depthUsd / 2;
    const sizeUsd = Math.round(Math.min(sideUsd * LARGEST_SHARE, drawnUsd) * 100) / 100;
    // A strategy trades if it expects more than the fee plus the trade's own price impact.
    const costBps = pair.feeBps + (1e4 * sizeUsd) / sideUsd;
    const protection = chooseProtection(sizeUsd, random.next());
    const tip = Math.round(Math.min(5_000_000, random.lognormal(13_600, 1.6)));
    yield {
      index,
      gapMs: arrivals.exponential(1000 / ratePerSecond),
      strategy: strategy.name,
      pair,
      side,
      sizeUsd: Math.max(1, sizeUsd),
      toleranceBps: pair.feeBps >= 25 ? 100 : 50,
      edgeBps: costBps + strategy.edgeBps + 18 * random.normal(),
      protection,
      computeUnitPrice: Math.round(Math.min(5_000_000, random.lognormal(strategy.computeUnitPrice, 1.4))),
      // Jito refuses less than 1000 lamports.
      jitoTipLamports: protection === "jito" ? Math.max(1000, tip) : 0,
    };
  }
}

/** Larger trades are protected more often. */
function chooseProtection(sizeUsd: number, draw: number): Protection {
  const jito = sizeUsd >= 1000 ? 0.6 : 0.2;
  if (draw < jito) return "jito";
  return draw < jito + 0.1 ? "private_rpc" : "none";
}

function weighted<T extends { readonly weight: number }>(items: readonly [T, ...T[]], draw: number): T {
  let rest = draw * items.reduce((sum, { weight }) => sum + weight, 0);
  for (const item of items) {
    rest -= item.weight;
    if (rest < 0) return item;
  }
  return items[0];
}
