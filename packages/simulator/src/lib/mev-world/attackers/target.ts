import type { WorldPool } from "../pools/pool.ts";

/** A transaction that attackers can see before it lands. */
export interface Target {
  readonly pool: WorldPool;
  readonly buy: boolean;
  /** Atoms. */
  readonly amountIn: bigint;
  readonly minOut: bigint;
  /** Id of the desk's trade; undefined where it is somebody else's. */
  readonly trade: string | undefined;
  /** Where it lands. */
  readonly slot: number;
  readonly key: number;
  /** The first slot in which legs can stand. */
  readonly from: number;
  /** The attacker's bundle that it is taken into. */
  bundleId: string | undefined;
}
