import type { NoiseRole, WorldTransaction } from "../chain/transaction.ts";

/** A profitable round trip around a trade by somebody who intended no attack. */
export interface Lookalike {
  readonly role: NoiseRole;
  readonly signer: string;
  /** Smaller / larger of the amounts bought and sold. */
  readonly matched: number;
  /** Number of slots from the first swap to the last. */
  readonly slots: number;
}

interface Trace {
  readonly place: number;
  readonly slot: number;
  readonly signer: string;
  readonly role: NoiseRole;
  readonly buy: boolean;
  readonly amountIn: bigint;
  readonly amountOut: bigint;
}

const KEPT_SLOTS = 24;
/** A leader's turn, the maximum span of a sandwich. */
const WITHIN_SLOTS = 3;
const LEAST_MATCH = 0.5;

/** Others' recent swaps in each pool. */
export class Traces {
  readonly #byPool = new Map<number, Trace[]>();

  add({ slot, txIndex, draft, swaps }: WorldTransaction, role: NoiseRole): void {
    for (const { pool, buy, amountIn, amountOut } of swaps) {
      const traces = this.#byPool.get(pool.index) ?? [];
      this.#byPool.set(pool.index, traces);
      const place = placeOf(slot, txIndex);
      traces.push({ place, slot, signer: draft.signer, role, buy, amountIn, amountOut });
      let old = 0;
      while (old < traces.length && (traces[old]?.slot ?? slot) < slot - KEPT_SLOTS) old++;
      if (old > 32) traces.splice(0, old);
    }
  }

  /** Round trips that enclose a trade in this direction. */
  around(poolIndex: number, buy: boolean, { slot, txIndex }: WorldTransaction): Lookalike[] {
    const found: Lookalike[] = [];
    const traces = this.#byPool.get(poolIndex) ?? [];
    const place = placeOf(slot, txIndex);
    for (const front of traces) {
      if (front.buy !== buy || front.place > place || front.slot < slot - WITHIN_SLOTS) continue;
      for (const back of traces) {
        if (back.buy === buy || back.place < place || back.signer !== front.signer) continue;
        const slots = back.slot - front.slot;
        if (slots > WITHIN_SLOTS) break;
        const [small, large] = order(front.amountOut, back.amountIn);
        const matched = Number(small) / Number(large);
        // The average price received is at least the average price paid.
        const earned = back.amountOut * front.amountOut >= front.amountIn * back.amountIn;
        if (earned && matched >= LEAST_MATCH)
          found.push({ role: front.role, signer: front.signer, matched, slots });
      }
    }
    return found;
  }
}

function placeOf(slot: number, txIndex: number): number {
  return slot * 4096 + txIndex;
}

function order(one: bigint, other: bigint): [bigint, bigint] {
  return one < other ? [one, other] : [other, one];
}
