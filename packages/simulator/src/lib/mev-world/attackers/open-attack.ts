import type { WorldTransaction } from "../chain/transaction.ts";
import type { WorldPool } from "../pools/pool.ts";
import type { Attacker } from "./attacker.ts";
import type { Outcome } from "./kinds.ts";

/** Somebody who swapped in the attack's direction while the attacker held what its front run bought. */
export interface Victim {
  /** Id of the swap. */
  readonly swap: string;
  /** Id of the desk's trade; undefined if the victim is somebody else. */
  readonly trade: string | undefined;
  /** How many more atoms of the output it would have received without the attacker's legs. */
  readonly lossAtoms: bigint;
  readonly outWithout: bigint;
}

/** An attack, from its first leg on. */
export class OpenAttack {
  readonly id: string;
  readonly attacker: Attacker;
  readonly pool: WorldPool;
  /** Direction of the front run. */
  readonly buy: boolean;
  readonly bundleId: string | undefined;
  /** The desk's trade that is the target; undefined if the target is somebody else's. */
  readonly target: string | undefined;
  /** Whether the attacker had completed attacks before. */
  readonly repeated: boolean;
  /** The intended outcome, if it does not follow from the legs themselves. */
  readonly course: Outcome;
  readonly fronts: WorldTransaction[] = [];
  readonly backs: WorldTransaction[] = [];
  readonly reverted: WorldTransaction[] = [];
  readonly victims: Victim[] = [];
  /** Atoms: paid and bought by the front run, sold and received by the back run. */
  paid = 0n;
  bought = 0n;
  sold = 0n;
  got = 0n;

  constructor(of: Pick<OpenAttack, "id" | "attacker" | "pool" | "buy" | "bundleId" | "target" | "course">) {
    this.id = of.id;
    this.attacker = of.attacker;
    this.pool = of.pool;
    this.buy = of.buy;
    this.bundleId = of.bundleId;
    this.target = of.target;
    this.course = of.course;
    this.repeated = of.attacker.completed > 0;
  }

  addFront(transaction: WorldTransaction): void {
    if (transaction.failed) this.reverted.push(transaction);
    else this.fronts.push(transaction);
    for (const { amountIn, amountOut } of transaction.swaps) {
      this.paid += amountIn;
      this.bought += amountOut;
    }
  }

  addBack(transaction: WorldTransaction): void {
    if (transaction.failed) this.reverted.push(transaction);
    else this.backs.push(transaction);
    for (const { amountIn, amountOut } of transaction.swaps) {
      this.sold += amountIn;
      this.got += amountOut;
    }
  }

  /** Atoms of the token that the front run paid. */
  get profit(): bigint {
    return this.got - this.paid;
  }

  outcome(): Outcome {
    if (this.fronts.length === 0) return "front_reverted";
    if (this.backs.length === 0) return "front_only";
    if (this.victims.length === 0) {
      return this.course === "early" || this.course === "late" ? this.course : "victim_reverted";
    }
    return this.profit < 0n ? "unprofitable" : "completed";
  }
}
