import type { Random } from "@slipstream/testing/random";

/** How a round's aggregator learns of the chain, and when else it is killed. */
export interface ChainPlan {
  readonly source: "folder" | "node";
  /** Share of the blocks that are never to be had: their trades stay unknown, with the reason. */
  readonly missing: number;
  /** Of a node: share of the answers that are wrong in some way. */
  readonly faults: number;
  /** The blocks begin to come into the folder, or a node to answer, once so large a part of the load is acknowledged. */
  readonly lateAt: number;
  /** Kills once such parts of the verdicts are there, after the load. */
  readonly kills: readonly number[];
  /** Share of the trades that do not say their slot; a folder has no index to find them by. */
  readonly unplaced: number;
}

export function chainPlan(random: Random): ChainPlan {
  const source = random.pick(["folder", "node"] as const);
  const kills = Array.from({ length: random.int(0, 2) }, () => random.next());
  return {
    source,
    missing: random.chance(0.3) ? 0.02 : 0,
    faults: source === "node" && random.chance(0.7) ? random.next() * 0.3 : 0,
    lateAt: random.chance(0.5) ? random.next() : 0,
    kills: kills.sort((a, b) => a - b),
    unplaced: source === "node" && random.chance(0.5) ? 0.15 : 0,
  };
}
