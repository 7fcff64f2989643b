import { type Loss, type ReplayedLoss, replayLoss } from "../replay/loss.ts";
import type { Sandwich } from "../sandwich/model.ts";
import type { Swap } from "../swaps/swap.ts";
import type { VerdictEvidence } from "./model.ts";

/**
 * What each of a trade's swaps lost to the sandwiches around it. For one sandwich, this is its own replay;
 * for several around one swap, the replay without the legs of all of them.
 * @param pool The swaps of a pool, in chain order.
 * @returns Losses and their replays by swap id, and the first reason why one is unknown.
 */
export function ownLosses(
  victims: ReadonlyMap<Swap, readonly Sandwich[]>,
  pool: (id: string) => readonly Swap[],
): OwnLosses {
  const losses = new Map<string, Loss>();
  const replays = new Map<string, ReplayedLoss>();
  let reason: string | undefined;
  const evidence = new Map<string, VerdictEvidence>();
  for (const [victim, sandwiches] of victims) {
    const [first] = sandwiches;
    if (first === undefined) continue;
    for (const { kind, detail } of sandwiches.flatMap(({ evidence }) => evidence)) {
      if (kind === "state" || kind === "fee") evidence.set(detail, { kind, detail });
    }
    const replay = sandwiches.length === 1 ? replayOf(first) : replayOfAll(sandwiches, victim, pool);
    const loss = typeof replay === "string" ? undefined : replay.byVictim.get(victim.id);
    if (typeof replay === "string" || loss === undefined) {
      reason ??= typeof replay === "string" ? replay : "not replayable";
      continue;
    }
    losses.set(victim.id, loss);
    replays.set(victim.id, replay);
  }
  return { losses, replays, reason, evidence: [...evidence.values()] };
}

export interface OwnLosses {
  readonly losses: ReadonlyMap<string, Loss>;
  readonly replays: ReadonlyMap<string, ReplayedLoss>;
  readonly reason: string | undefined;
  readonly evidence: readonly VerdictEvidence[];
}

function replayOf({ replay, lossReason }: Sandwich): ReplayedLoss | string {
  return replay ?? lossReason ?? "not replayable";
}

function replayOfAll(
  sandwiches: readonly Sandwich[],
  victim: Swap,
  pool: (id: string) => readonly Swap[],
): ReplayedLoss | string {
  const legs = new Set(sandwiches.flatMap(({ fronts, backs }) => [...fronts, ...backs].map(({ id }) => id)));
  const swaps = pool(victim.pool).filter(
    ({ tokenIn, tokenOut }) =>
      (tokenIn === victim.tokenIn && tokenOut === victim.tokenOut) ||
      (tokenIn === victim.tokenOut && tokenOut === victim.tokenIn),
  );
  const places = swaps.flatMap(({ id }, at) => (legs.has(id) ? [at] : []));
  const window = swaps.slice(places[0] ?? 0, (places.at(-1) ?? -1) + 1);
  return replayLoss(window, legs, new Set([victim.id]));
}
