import type { WatchedTrade } from "../desk/watched-trade.ts";

/** What the legs of attacks took of a trade's output. */
export interface LossTruth {
  /** Atoms, as a decimal string. */
  readonly lossAtoms: string;
  /** What it would have received; null if there was no attack. */
  readonly outWithoutAtoms: string | null;
  readonly lossRatio: number;
}

export function lossOf({ amid }: Pick<WatchedTrade, "amid">): LossTruth {
  const victim = amid.find((entry) => entry.victim !== undefined)?.victim;
  if (victim === undefined) return { lossAtoms: "0", outWithoutAtoms: null, lossRatio: 0 };
  return {
    lossAtoms: String(victim.lossAtoms),
    outWithoutAtoms: String(victim.outWithout),
    lossRatio: Number(victim.lossAtoms) / Number(victim.outWithout),
  };
}
