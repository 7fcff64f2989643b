import { quantity } from "@slipstream/conventions";
import type { Sandwich } from "../sandwich/model.ts";
import type { AttemptedSwap } from "../swaps/swap.ts";
import { repeatedActor, repeatedActors } from "./actor-book.ts";
import type { Around, Target } from "./around.ts";
import { heldAt } from "./held-at.ts";
import { legsByActor } from "./known-legs.ts";
import type { Confidence, VerdictEvidence } from "./model.ts";

/** An attack that did not cost the target anything. */
export interface AvoidedAttack {
  readonly evidence: readonly VerdictEvidence[];
  readonly attackers: readonly string[];
  readonly confidence: Confidence;
}

/**
 * Finds attacks on a target that cost it nothing, by actors who made sandwiches before or whose bundle
 * encloses somebody (see docs/mev.md, "Avoided"):
 * - `reverted`: the target reverted while the actor held what its front run bought, and the actor closed the
 *   round trip.
 * - `failed_leg`: the actor's swap in the pool failed.
 * - `round_trip`: the actor bought and sold in the pool, first in the target's direction, and the target was
 *   not in between.
 * - `protected`: the target was protected, and the actor sandwiched another trade of the pool in those slots.
 */
export function attackOn(target: Target, around: Around): AvoidedAttack | undefined {
  const evidence: VerdictEvidence[] = [];
  const bundles: VerdictEvidence[] = [];
  const attackers = new Set<string>();
  let confidence: Confidence = "low";
  const add = (actor: string, one: VerdictEvidence, sure: Confidence): void => {
    evidence.push(one);
    attackers.add(actor);
    if (confidence === "low" || sure === "high") confidence = sure;
  };
  for (const { actor, legs, bundle } of legsByActor(target.pool, around)) {
    const held = heldAt(target, legs);
    if (held === "around" && target.swap === undefined) {
      add(actor, { kind: "reverted", detail: `it reverted between the legs of ${actor}` }, "high");
    } else if (held === "beside") {
      const detail = `${actor} bought and sold next to it, not around it`;
      add(actor, { kind: "round_trip", detail }, "medium");
    } else continue;
    if (bundle === undefined) continue;
    bundles.push({
      kind: "bundle",
      detail: `the legs of ${actor} were in bundle ${bundle}, around another trade`,
    });
  }
  for (const [actor, count] of failedLegs(target, around)) {
    add(
      actor,
      { kind: "failed_leg", detail: `${quantity(count, "swap")} by ${actor} in the pool failed` },
      "medium",
    );
  }
  if (target.isProtected) {
    for (const actor of overlapping(target, around)) {
      add(
        actor,
        { kind: "protected", detail: `${actor} sandwiched another trade of the pool at the same time` },
        "low",
      );
    }
  }
  if (attackers.size === 0) return undefined;
  evidence.push(...bundles);
  for (const actor of attackers) {
    const made = around.view.get(actor)?.sandwiches ?? 0;
    if (made > 0)
      evidence.push({
        kind: "attacker",
        detail: `${actor} is known for ${quantity(made, "sandwich", "sandwiches")}`,
      });
  }
  return { evidence, attackers: [...attackers], confidence };
}

/** Failed swaps of repeated actors in the pool, except those near a sandwich of somebody else. */
function failedLegs({ pool, place }: Target, around: Around): Map<string, number> {
  const counts = new Map<string, number>();
  for (const attempt of around.attemptsIn(pool)) {
    if (around.own.has(attempt.signer) || attempt.signature === place.signature) continue;
    const actor = repeatedActor(around.view, around.activity, attempt);
    if (actor === undefined || isPartOf(attempt, actor, pool, around.sandwiches)) continue;
    counts.set(actor, (counts.get(actor) ?? 0) + 1);
  }
  return counts;
}

function isPartOf(
  { slot }: AttemptedSwap,
  actor: string,
  pool: string,
  sandwiches: readonly Sandwich[],
): boolean {
  return sandwiches.some((sandwich) => {
    if (sandwich.pool !== pool || !sandwich.attacker.includes(actor)) return false;
    const { from, to } = slotsOf(sandwich);
    return slot === null || (slot >= from - 1 && slot <= to + 1);
  });
}

/** Actors who sandwiched others around a protected target and are known for more than this one sandwich. */
function overlapping({ pool, place, swap }: Target, { sandwiches, view, activity }: Around): string[] {
  return sandwiches.flatMap((sandwich) => {
    const { from, to } = slotsOf(sandwich);
    const slot = place.slot ?? from;
    if (sandwich.pool !== pool || slot < from || slot > to) return [];
    if (swap !== undefined && sandwich.fronts[0]?.tokenIn !== swap.tokenIn) return [];
    const front = sandwich.fronts[0];
    const actors = front === undefined ? [] : repeatedActors(view, activity, front);
    const isKnown = actors.some((actor) => (view.get(actor)?.sandwiches ?? 0) > 1) || isBundled(sandwich);
    return isKnown ? actors.slice(0, 1) : [];
  });
}

function isBundled({ evidence }: Sandwich): boolean {
  return evidence.some(({ kind }) => kind === "bundle");
}

function slotsOf({ fronts, backs }: Sandwich): { from: number; to: number } {
  return { from: fronts[0]?.slot ?? 0, to: backs.at(-1)?.slot ?? 0 };
}
