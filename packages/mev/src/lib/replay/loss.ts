import { ratio } from "../sandwich/amounts.ts";
import type { Swap } from "../swaps/swap.ts";
import { fitPool } from "./fit-pool.ts";
import type { FittedPool } from "./fitted-pool.ts";
import type { Window } from "./pool-states.ts";
import { type Outputs, withoutInRanges } from "./range-replay.ts";
import { replayedOut, stateAfter } from "./replay-error.ts";

/** Maximum residual at which a loss that several states allow is reported. */
const mostOpen = 1e-2;

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
  /** What each swap received, by id, without the attacker's. */
  readonly outputs: ReadonlyMap<string, Outputs>;
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
  const { ranges } = pool;
  const outputs =
    ranges === undefined
      ? withoutAttacker(window, pool, attacker, pool.isExact === true)
      : withoutInRanges(window, ranges, attacker);
  if (outputs === undefined) {
    return `not replayable: ${protocol}: concentrated liquidity: without the attacker the price leaves the range that was seen`;
  }
  const others = [
    ...(pool.others ?? []).map((other) => withoutAttacker(window, other, attacker, true)),
    ...(ranges?.others ?? []).map((model) => withoutInRanges(window, { rule: pool.rule, model }, attacker)),
  ].filter((other) => other !== undefined);
  const lossOf = (ids: ReadonlySet<string>): Loss => {
    const { due, lost } = sumOf(window, outputs, ids);
    const open = openOf(window, pool, others, ids, due, lost);
    const residual = Math.max(pool.residual, lost === 0n ? 0 : open / Math.abs(Number(lost)));
    return { atoms: lost, token: tokenOf(window, ids), ratio: due > 0n ? ratio(lost, due) : 0, residual };
  };
  const total = lossOf(victims);
  if (total.residual > mostOpen && others.length > 0) {
    return `not replayable: ${protocol}: its swaps fit several fees or reserves, with different losses`;
  }
  const byVictim = new Map<string, Loss>();
  for (const { id } of swaps) if (victims.has(id)) byVictim.set(id, lossOf(new Set([id])));
  const received = new Map<string, Outputs>();
  for (const [i, { id }] of swaps.entries()) {
    const without = outputs[i];
    if (without !== undefined) received.set(id, without);
  }
  return { total, byVictim, outputs: received, state: pool.state, fee: pool.fee };
}

/** The token that the victims received. */
function tokenOf({ swaps }: Window, victims: ReadonlySet<string>): string {
  return swaps.findLast(({ id }) => victims.has(id))?.tokenOut ?? "";
}

function sumOf(
  { swaps }: Window,
  outputs: readonly (Outputs | undefined)[],
  victims: ReadonlySet<string>,
): { due: bigint; lost: bigint } {
  let [due, lost] = [0n, 0n];
  for (const [at, { id }] of swaps.entries()) {
    const without = outputs[at];
    if (without === undefined || !victims.has(id)) continue;
    due += without.alone;
    lost += without.alone - without.replayed;
  }
  return { due, lost };
}

/** By how many atoms the loss may be off, if another state is the right one. */
function openOf(
  window: Window,
  pool: FittedPool,
  others: readonly (readonly (Outputs | undefined)[])[],
  victims: ReadonlySet<string>,
  due: bigint,
  lost: bigint,
): number {
  const [start] = pool.states;
  if (others.length === 0 || start === undefined) return 0;
  let most = 0;
  for (const other of others) {
    most = Math.max(most, Math.abs(Number(sumOf(window, other, victims).lost - lost)));
  }
  // Each swap is rounded to atoms, twice, and so is each other state.
  const atoms = Number(due) * (1 / Number(start.money) + 1 / Number(start.token)) + 1;
  return most + 2 * window.swaps.length * atoms;
}

/**
 * Entries are undefined for the attacker's own swaps. The whole result is undefined if the pool is known only
 * at the prices that were seen, and the replay leaves them.
 */
function withoutAttacker(
  window: Window,
  pool: Pick<FittedPool, "rule" | "states" | "seen">,
  attacker: ReadonlySet<string>,
  isExact: boolean,
): (Outputs | undefined)[] | undefined {
  let left = false;
  let alone = pool.states[0] ?? { money: 0n, token: 0n };
  let after = alone;
  const outputs = window.swaps.map((swap, i) => {
    const before = pool.states[i] ?? after;
    // Liquidity that was added or removed between two swaps is kept.
    alone = {
      money: alone.money + before.money - after.money,
      token: alone.token + before.token - after.token,
    };
    after = stateAfter(pool.rule, window, swap, before);
    if (attacker.has(swap.id)) return undefined;
    const out = replayedOut(pool.rule, window, swap, alone);
    alone = stateAfter(pool.rule, window, { ...swap, amountOut: out }, alone);
    if (pool.seen?.hold(alone) === false) left = true;
    const replayed = isExact ? swap.amountOut : replayedOut(pool.rule, window, swap, before);
    return { alone: out, replayed };
  });
  return left ? undefined : outputs;
}
