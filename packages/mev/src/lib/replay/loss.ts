import { ratio } from "../sandwich/amounts.ts";
import type { Swap } from "../swaps/swap.ts";
import { addedInput } from "./constant-product.ts";
import { type FittedPool, fitPool } from "./fit-pool.ts";
import { afterSwap, isForward, type Window } from "./pool-states.ts";
import { replayedOut } from "./replay-error.ts";

/** What victims did not receive because of the attacker. */
export interface Loss {
  /** Atoms of `token`. */
  readonly atoms: bigint;
  /** The token that the victims received. */
  readonly token: string;
  /** Loss / what they would have received. */
  readonly ratio: number;
  /** Largest relative error when the observed swaps are replayed: how reliable the replay is. */
  readonly residual: number;
}

export interface ReplayedLoss {
  /** Sum over all victims. */
  readonly total: Loss;
  /** By victim id. */
  readonly byVictim: ReadonlyMap<string, Loss>;
  /** Where the state and the fee come from, as text. */
  readonly state: string;
  readonly fee: string;
}

/**
 * What victims lost. The pool is replayed from its state before the first front run, with every swap except
 * the attacker's, each with its own input. Loss = output of this replay - output of the same replay with the
 * attacker. The second is what happened, except for the residual, which therefore cancels out.
 * @param swaps The pool's swaps from the first front run to the last back run, in chain order.
 * @param attacker Ids of the attacker's legs.
 * @param victims Ids of the victims.
 * @returns The losses, or the reason why they are unknown, beginning with "not replayable: ".
 */
export function replayLoss(
  swaps: readonly Swap[],
  attacker: ReadonlySet<string>,
  victims: ReadonlySet<string>,
): ReplayedLoss | string {
  const window: Window = { swaps, money: swaps[0]?.tokenIn ?? "" };
  const protocol = swaps[0]?.protocol ?? "";
  const pool = fitPool(window);
  if (typeof pool === "string") return `not replayable: ${pool}`;
  const outputs = withoutAttacker(window, pool, attacker);
  if (outputs === undefined) {
    return `not replayable: ${protocol}: concentrated liquidity: without the attacker the price leaves the range that was seen`;
  }
  const byVictim = new Map<string, Loss>();
  let token = "";
  let lost = 0n;
  let due = 0n;
  for (const [i, swap] of swaps.entries()) {
    const without = outputs[i];
    if (!victims.has(swap.id) || without === undefined) continue;
    token = swap.tokenOut;
    lost += without.alone - without.replayed;
    due += without.alone;
    byVictim.set(swap.id, lossOf(without.alone - without.replayed, without.alone, token, pool));
  }
  return { total: lossOf(lost, due, token, pool), byVictim, state: pool.state, fee: pool.fee };
}

function lossOf(atoms: bigint, due: bigint, token: string, { residual }: FittedPool): Loss {
  return { atoms, token, ratio: due > 0n ? ratio(atoms, due) : 0, residual };
}

interface Outputs {
  /** What the swap would have returned without the attacker. */
  readonly alone: bigint;
  /** What the same arithmetic returns for it with the attacker. */
  readonly replayed: bigint;
}

/**
 * Entries are undefined for the attacker's own swaps. The whole result is undefined if the pool is known only
 * at the prices that were seen, and the replay leaves them.
 */
function withoutAttacker(
  window: Window,
  pool: FittedPool,
  attacker: ReadonlySet<string>,
): (Outputs | undefined)[] | undefined {
  let left = false;
  let alone = pool.states[0] ?? { money: 0n, token: 0n };
  let after = alone;
  const outputs = window.swaps.map((swap, i) => {
    const before = pool.states[i] ?? after;
    // Other changes of the reserves between two swaps (liquidity, swaps that are not listed) are kept.
    alone = {
      money: alone.money + before.money - after.money,
      token: alone.token + before.token - after.token,
    };
    const forward = isForward(window, swap);
    after = afterSwap(before, forward, addedInput(pool.rule, swap.amountIn), swap.amountOut);
    if (attacker.has(swap.id)) return undefined;
    const out = replayedOut(pool.rule, window, swap, alone);
    alone = afterSwap(alone, forward, addedInput(pool.rule, swap.amountIn), out);
    if (pool.seen?.hold(alone) === false) left = true;
    return { alone: out, replayed: replayedOut(pool.rule, window, swap, before) };
  });
  return left ? undefined : outputs;
}
