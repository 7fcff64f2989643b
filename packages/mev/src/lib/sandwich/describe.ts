import { quantity } from "@slipstream/conventions";
import { replayLoss } from "../replay/loss.ts";
import type { Swap } from "../swaps/swap.ts";
import { type IntentContext, intentOf, walletsOf } from "./intent.ts";
import type { Evidence, Sandwich } from "./model.ts";
import type { DetectOptions } from "./options.ts";
import type { PoolTrip } from "./search-pool.ts";

export interface DescribeContext {
  readonly options: DetectOptions;
  addressesOf(swap: Swap): readonly string[];
  step(steps: number): void;
}

/** A round trip and the positions of its victims in the pool. */
export interface TripWithVictims {
  readonly trip: PoolTrip;
  readonly victims: readonly number[];
}

/** For candidates, which are not sandwiches, and if losses are not requested. */
const notReplayed = "not replayed";

/**
 * Turns round trips into sandwiches with label, evidence and loss. Round trips without victims are left out.
 */
export function describe(trips: readonly TripWithVictims[], context: DescribeContext): Sandwich[] {
  const sandwichesOf = countByActor(trips);
  return trips.flatMap(({ trip, victims: places }): Sandwich[] => {
    const victims = places.map((at) => trip.view.swaps[at]).filter((swap) => swap !== undefined);
    const [first, last] = [trip.trip.fronts[0], trip.trip.backs.at(-1)];
    if (victims.length === 0 || first === undefined || last === undefined) return [];
    const legs = [...trip.trip.fronts, ...trip.trip.backs].map(({ swap }) => swap);
    const signers = new Set(legs.map(({ signer }) => signer));
    const intent = intentOf(trip, { options: context.options, sandwichesOf, signers });
    const { feasible, economics } = trip.feasibility;
    const outcome = lossOf(trip, first.at, last.at, legs, victims, context);
    const sandwich: Sandwich = {
      pool: first.swap.pool,
      fronts: trip.trip.fronts.map(({ swap }) => swap),
      victims,
      backs: trip.trip.backs.map(({ swap }) => swap),
      label: feasible ? (intent.length > 0 ? "intentional" : "feasible") : "shape_only",
      loss: null,
      victimLosses: new Map(),
      attacker: [...new Set([...signers, ...legs.flatMap((swap) => context.addressesOf(swap))])],
      profit: { atoms: economics.profit, token: first.swap.tokenIn, matched: economics.matched },
      evidence: [...legEvidence(trip, victims.length), ...walletsOf(trip), ...(feasible ? intent : [])],
    };
    if (outcome === undefined) return [{ ...sandwich, lossReason: notReplayed }];
    if (typeof outcome === "string") return [{ ...sandwich, lossReason: outcome }];
    return [
      {
        ...sandwich,
        loss: outcome.total,
        victimLosses: outcome.byVictim,
        replay: outcome,
        evidence: [
          ...sandwich.evidence,
          { kind: "state", detail: outcome.state },
          { kind: "fee", detail: outcome.fee },
        ],
      },
    ];
  });
}

function lossOf(
  trip: PoolTrip,
  first: number,
  last: number,
  legs: readonly Swap[],
  victims: readonly Swap[],
  { options, step }: DescribeContext,
): ReturnType<typeof replayLoss> | undefined {
  if (!options.losses) return undefined;
  const window = trip.view.swaps.slice(first, last + 1);
  step(window.length);
  return replayLoss(window, new Set(legs.map(({ id }) => id)), new Set(victims.map(({ id }) => id)));
}

/**
 * Counts sandwiches around different victims. Two around the same victim, in two pools of its route, are one
 * attack.
 */
export function countByActor(trips: readonly TripWithVictims[]): IntentContext["sandwichesOf"] {
  const victimsOf = new Map<number, Set<string>>();
  for (const { trip, victims } of trips) {
    const signature = trip.view.swaps[victims[0] ?? -1]?.signature;
    if (signature === undefined) continue;
    for (const actor of trip.actors) {
      const known = victimsOf.get(actor);
      if (known === undefined) victimsOf.set(actor, new Set([signature]));
      else known.add(signature);
    }
  }
  return (actor) => victimsOf.get(actor)?.size ?? 0;
}

function legEvidence({ trip, feasibility, joined, edge }: PoolTrip, victims: number): Evidence[] {
  const { economics, link } = feasibility;
  const [first, last] = [trip.fronts[0]?.swap, trip.backs.at(-1)?.swap];
  const share = `${(economics.matched * 100).toFixed(economics.matched > 0.999 ? 2 : 1)} %`;
  const evidence: Evidence[] = [
    { kind: "link", detail: link.detail },
    {
      kind: "profit",
      detail: `${economics.profit} atoms of ${first?.tokenIn ?? ""}${profitNote(feasibility)}`,
    },
    { kind: "amounts", detail: `bought and sold amounts match to ${share}` },
  ];
  if (joined === true) {
    evidence.push({
      kind: "route",
      detail: "together with its round trips in the other pools of the route it made a gain",
    });
  }
  const slots = (last?.slot ?? 0) - (first?.slot ?? 0);
  if (slots > 0) {
    evidence.push({ kind: "slots", detail: `front and back run ${quantity(slots, "slot")} apart` });
  }
  if (edge !== undefined) evidence.push({ kind: "edge", detail: edge });
  if (trip.fronts.length + trip.backs.length > 2) {
    evidence.push({
      kind: "legs",
      detail: `${trip.fronts.length} front run and ${trip.backs.length} back run legs`,
    });
  }
  if (victims > 1) evidence.push({ kind: "victims", detail: `${victims} victims` });
  return evidence;
}

function profitNote({ reason, atLastPrice }: PoolTrip["feasibility"]): string {
  if (reason !== "") return `: ${reason}`;
  return atLastPrice
    ? " at the average price of the back run, but a profit at the pool's price afterwards"
    : ", network fees not deducted";
}
