import { isMatched } from "../sandwich/amounts.ts";
import type { Sandwich } from "../sandwich/model.ts";
import { type AttemptedSwap, inChainOrder, type Swap, type SwapPlace } from "../swaps/swap.ts";
import type { ActivityView } from "./activity.ts";
import { type ActorView, repeatedActor, repeatedActors } from "./actor-book.ts";
import { groupByActor } from "./actor-legs.ts";
import type { Confidence, VerdictEvidence } from "./model.ts";

/** A swap of the desk, or an attempt at one that reverted. */
export interface Target {
  readonly place: SwapPlace;
  readonly pool: string;
  /** Undefined where the swap failed. */
  readonly swap: Swap | undefined;
  readonly isProtected: boolean;
}

export interface Around {
  readonly view: ActorView;
  readonly activity: ActivityView;
  /** Signers of the desk: it does not attack itself. */
  readonly own: ReadonlySet<string>;
  /** Of the window, in chain order. */
  swapsIn(pool: string): readonly Swap[];
  attemptsIn(pool: string): readonly AttemptedSwap[];
  /** Swaps that are arbitrages by themselves. */
  readonly arbitrages: ReadonlySet<string>;
  readonly sandwiches: readonly Sandwich[];
}

/** An attack that came to nothing for the target. */
export interface AvoidedAttack {
  readonly evidence: readonly VerdictEvidence[];
  readonly attackers: readonly string[];
  readonly confidence: Confidence;
}

/** Thousandths of bought and sold that match, from which on legs are a round trip. */
const roundTrip = 900n;

/**
 * The attacks on a target that cost it nothing, by actors who made sandwiches before (see docs/mev.md, "Avoided"):
 * - `reverted`: the target reverted while the actor held what its front legs bought, and the actor closed the round trip.
 * - `failed_leg`: the actor's swap in the pool failed.
 * - `round_trip`: the actor bought and sold in the pool, in the target's direction first, and the target was not between.
 * - `protected`: the target was protected, and the actor sandwiched another trade of the pool in those slots.
 */
export function attackOn(target: Target, around: Around): AvoidedAttack | undefined {
  const tripsByActor = legsByActor(target.pool, around);
  const evidence: VerdictEvidence[] = [];
  const attackers = new Set<string>();
  let confidence: Confidence = "low";
  const add = (actor: string, one: VerdictEvidence, sure: Confidence): void => {
    evidence.push(one);
    attackers.add(actor);
    if (confidence === "low" || sure === "high") confidence = sure;
  };
  for (const [actor, legs] of tripsByActor) {
    const held = heldAt(target, legs);
    if (held === "around" && target.swap === undefined) {
      add(actor, { kind: "reverted", detail: `it reverted between the legs of ${actor}` }, "high");
    } else if (held === "beside") {
      add(
        actor,
        { kind: "round_trip", detail: `${actor} bought and sold around nobody beside it` },
        "medium",
      );
    }
  }
  for (const [actor, count] of failedLegs(target, around)) {
    add(actor, { kind: "failed_leg", detail: `${count} swaps of ${actor} in the pool failed` }, "medium");
  }
  if (target.isProtected) {
    for (const actor of overlapping(target, around)) {
      add(
        actor,
        { kind: "protected", detail: `${actor} sandwiched another trade of the pool meanwhile` },
        "low",
      );
    }
  }
  if (attackers.size === 0) return undefined;
  for (const actor of attackers) {
    const entry = around.view.get(actor);
    evidence.push({ kind: "attacker", detail: `${actor} stood behind ${entry?.sandwiches ?? 0} sandwiches` });
  }
  return { evidence, attackers: [...attackers], confidence };
}

/** Fronts of repeated actors that were left open before the target: they may have cost it something. */
export function openFronts(target: Target, around: Around): string[] {
  return [...legsByActor(target.pool, around)]
    .filter(([, legs]) => target.swap !== undefined && heldAt(target, legs) === "around")
    .map(([actor]) => actor);
}

/** Legs in a pool by repeated actor, without those of sandwiches of others, and arbitrages. */
function legsByActor(pool: string, around: Around): Map<string, Swap[]> {
  const used = new Set<string>();
  for (const { fronts, backs } of around.sandwiches) for (const { id } of [...fronts, ...backs]) used.add(id);
  const legs = around
    .swapsIn(pool)
    .filter(({ id, signer }) => !used.has(id) && !around.arbitrages.has(id) && !around.own.has(signer));
  return groupByActor(legs, (leg) => repeatedActors(around.view, around.activity, leg));
}

/**
 * How an actor's legs stand to the target: `around` it (something was held, opened in the target's direction), `beside` it (a
 * whole round trip before or after it that was opened in its direction), or neither. Where the target's direction is not
 * known, any.
 */
function heldAt({ place, swap }: Target, legs: readonly Swap[]): "around" | "beside" | "neither" {
  const before = legs.filter((leg) => inChainOrder(leg, place) < 0);
  const after = legs.filter((leg) => inChainOrder(leg, place) > 0);
  const money = swap?.tokenIn;
  const opened = openOf(before, money);
  if (opened !== undefined) {
    // A reverted target does not tell its direction: the round trip must have closed for its front to be one.
    if (money !== undefined) return "around";
    return isClosed([...before, ...after], opened) ? "around" : "neither";
  }
  return [before, after].some((side) => isRoundTrip(side, money)) ? "beside" : "neither";
}

/** The money token of a position that is open after the legs; undefined where none is, or in the other direction. */
function openOf(legs: readonly Swap[], money: string | undefined): string | undefined {
  const first = legs[0];
  if (first === undefined) return undefined;
  const opening = money ?? first.tokenIn;
  const { bought, sold } = sumsOf(legs, opening);
  return bought > 0n && !isMatched(bought, sold, roundTrip) && bought > sold ? opening : undefined;
}

function isClosed(legs: readonly Swap[], money: string): boolean {
  const { bought, sold } = sumsOf(legs, money);
  return sold > 0n && isMatched(bought, sold, roundTrip);
}

function isRoundTrip(legs: readonly Swap[], money: string | undefined): boolean {
  const first = legs[0];
  if (first === undefined || (money !== undefined && first.tokenIn !== money)) return false;
  return isClosed(legs, first.tokenIn);
}

/** What the legs bought with the money token, and what they sold for it. */
function sumsOf(legs: readonly Swap[], money: string): { bought: bigint; sold: bigint } {
  let bought = 0n;
  let sold = 0n;
  for (const { tokenIn, amountIn, amountOut } of legs) {
    if (tokenIn === money) bought += amountOut;
    else sold += amountIn;
  }
  return { bought, sold };
}

/** Failed swaps of repeated actors in the pool, without those that came with a sandwich of somebody else. */
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

/** Who sandwiched others around a protected target, and is known for more than that one sandwich. */
function overlapping({ pool, place, swap }: Target, { sandwiches, view, activity }: Around): string[] {
  return sandwiches.flatMap((sandwich) => {
    const { from, to } = slotsOf(sandwich);
    const slot = place.slot ?? from;
    if (sandwich.pool !== pool || slot < from || slot > to) return [];
    if (swap !== undefined && sandwich.fronts[0]?.tokenIn !== swap.tokenIn) return [];
    const front = sandwich.fronts[0];
    const actor = front === undefined ? undefined : repeatedActor(view, activity, front);
    if (actor === undefined) return [];
    const isKnown = (view.get(actor)?.sandwiches ?? 0) > 1 || isBundled(sandwich);
    return isKnown ? [actor] : [];
  });
}

function isBundled({ evidence }: Sandwich): boolean {
  return evidence.some(({ kind }) => kind === "bundle");
}

function slotsOf({ fronts, backs }: Sandwich): { from: number; to: number } {
  return { from: fronts[0]?.slot ?? 0, to: backs.at(-1)?.slot ?? 0 };
}
