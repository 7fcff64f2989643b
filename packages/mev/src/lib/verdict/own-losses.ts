import { type Loss, replayLoss } from "../replay/loss.ts";
import type { Sandwich } from "../sandwich/model.ts";
import type { Swap } from "../swaps/swap.ts";
import type { VerdictEvidence } from "./model.ts";

/**
 * What each of a trade's swaps lost to the sandwiches around it. For one sandwich, this is its own replay;
 * for several around one swap, the replay without the legs of all of them.
 * @param pool The swaps of a pool, in chain order.
 * @returns Losses by swap id, and the first reason why one is unknown.
 */
export function ownLosses(
  victims: ReadonlyMap<Swap, readonly Sandwich[]>,
  pool: (id: string) => readonly Swap[],
): { losses: Map<string, Loss>; reason: string | undefined; evidence: VerdictEvidence[] } {
  const losses = new Map<string, Loss>();
  let reason: string | undefined;
  const evidence = new Map<string, VerdictEvidence>();
  for (const [victim, sandwiches] of victims) {
    const [first] = sandwiches;
    if (first === undefined) continue;
    for (const { kind, detail } of sandwiches.flatMap(({ evidence }) => evidence)) {
      if (kind === "state" || kind === "fee") evidence.set(detail, { kind, detail });
    }
    const loss = sandwiches.length === 1 ? lossIn(first, victim) : lossInAll(sandwiches, victim, pool);
    if (typeof loss === "string") reason ??= loss;
    else losses.set(victim.id, loss);
  }
  return { losses, reason, evidence: [...evidence.values()] };
}

function lossIn({ victimLosses, lossReason }: Sandwich, victim: Swap): Loss | string {
  return victimLosses.get(victim.id) ?? lossReason ?? "not replayable";
}

function lossInAll(
  sandwiches: readonly Sandwich[],
  victim: Swap,
  pool: (id: string) => readonly Swap[],
): Loss | string {
  const legs = new Set(sandwiches.flatMap(({ fronts, backs }) => [...fronts, ...backs].map(({ id }) => id)));
  const swaps = pool(victim.pool).filter(
    ({ tokenIn, tokenOut }) =>
      (tokenIn === victim.tokenIn && tokenOut === victim.tokenOut) ||
      (tokenIn === victim.tokenOut && tokenOut === victim.tokenIn),
  );
  const places = swaps.flatMap(({ id }, at) => (legs.has(id) ? [at] : []));
  const window = swaps.slice(places[0] ?? 0, (places.at(-1) ?? -1) + 1);
  const replayed = replayLoss(window, legs, new Set([victim.id]));
  if (typeof replayed === "string") return replayed;
  return replayed.byVictim.get(victim.id) ?? "not replayable";
}
