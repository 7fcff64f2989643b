import type { WorldPool } from "../pools/pool.ts";

/** A transaction that attackers can see before it lands. */
export interface Target {
  readonly pool: WorldPool;
  readonly buy: boolean;
  /** Atoms. */
  readonly amountIn: bigint;
  readonly minOut: bigint;
  /** Id of the desk's trade; undefined if it is somebody else's. */
  readonly trade: string | undefined;
  /** Where it lands. */
  readonly slot: number;
  readonly key: number;
  /** The first slot that can contain legs. */
  readonly from: number;
  /** The attacker's bundle that includes it. */
  bundleId: string | undefined;
}
