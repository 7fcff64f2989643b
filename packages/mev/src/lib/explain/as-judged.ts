import type { ActorEntry } from "../verdict/actor-book.ts";
import { poolLetters, type VerdictBasis } from "../verdict/basis.ts";
import type { JudgeInput } from "../verdict/judge.ts";

/**
 * What a trade was judged on when it was judged: of the slots that are known now, the pools that counted, and
 * what was known of those who swapped there. Without a basis, all pools count and nothing was known.
 */
export function asJudged(input: JudgeInput, basis: VerdictBasis | undefined): JudgeInput {
  const { actors = [], activity = [], own = [], pools: letters } = basis ?? {};
  const known = input.window.flatMap(({ swaps, attempted }) =>
    [...swaps.values(), ...attempted.values()].flatMap(({ pool }) => pool ?? []),
  );
  const isUsed = (pool: string): boolean => letters?.includes(pool.slice(0, poolLetters)) ?? true;
  const entries = new Map(
    actors.map(([address, sandwiches, attackers, strangers]): [string, ActorEntry] => [
      address,
      // Who they were does not matter, only how many.
      { sandwiches, latest: [], attackers: Array(attackers).fill(""), strangers: Array(strangers).fill("") },
    ]),
  );
  const counts = new Map(activity.map(([signer, swaps, sandwiches]) => [signer, { swaps, sandwiches }]));
  return {
    ...input,
    pools: new Set([...input.pools, ...known.filter(isUsed)]),
    own: { has: (signer) => input.own.has(signer) || own.includes(signer) },
    // Without a basis, what the window itself shows of them.
    ...(basis === undefined
      ? {}
      : {
          book: { view: () => ({ get: (address) => entries.get(address), changes: new Map() }) },
          activity: { view: () => ({ of: (signer) => counts.get(signer) ?? nothing, changes: new Map() }) },
        }),
  };
}

const nothing = { swaps: 0, sandwiches: 0 };
