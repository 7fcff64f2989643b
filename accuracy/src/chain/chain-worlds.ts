import { defaultMix, type MevWorldOptions } from "@slipstream/simulator";

/** A world that is read from its blocks, as an aggregator reads a node's or a folder's. */
export interface ChainWorld {
  readonly options: MevWorldOptions & { readonly seed: number; readonly trades: number };
  /** For people. */
  readonly about: string;
}

const TRADES_PER_DAY = 10_000;
export const defaultChainTrades = 15_000;
export const quickChainTrades = 300;
/** Nobody looked at them before. */
export const defaultChainSeed = 8201;

const today = {
  attackRate: 0.04,
  attackers: { ...defaultMix, linked_wallets: 0.15 },
  v1Share: 0.3,
  shortSwapShare: 0.58,
  creatorFeeShare: 0.7,
  transferShare: 0.05,
} as const;

/** @param seed Of the first; the others have the next ones. */
export function chainWorlds(trades: number, seed: number = defaultChainSeed): ChainWorld[] {
  const of = (at: number, about: string, unreadShare: number, unreadRouteShare: number): ChainWorld => {
    const days = trades / TRADES_PER_DAY;
    return { about, options: { seed: seed + at, trades, days, ...today, unreadShare, unreadRouteShare } };
  };
  return trades === 0
    ? []
    : [
        of(0, "every swap can be decoded", 0, 0),
        of(1, "one swap in fifty cannot be decoded", 0.02, 0.02),
        of(2, "a third of the swaps cannot be decoded", 1 / 3, 0.1),
      ];
}
