import { hidesBehindWallets, isSignedByOthers, sharedBundle } from "./link.ts";
import type { Evidence } from "./model.ts";
import type { Attempt, DetectOptions } from "./options.ts";
import type { PoolTrip } from "./search-pool.ts";

export interface IntentContext {
  readonly options: Pick<DetectOptions, "attempts" | "maxSlotDistance">;
  /** How many sandwiches around different victims each actor made, including this one. */
  readonly sandwichesOf: (actor: number) => number;
  readonly signers: ReadonlySet<string>;
}

/**
 * Evidence of intent that does not depend on this round trip's profit: a bundle, tips, further sandwiches,
 * failures.
 */
export function intentOf(trip: PoolTrip, context: IntentContext): Evidence[] {
  const evidence: Evidence[] = [];
  const legs = [...trip.trip.fronts, ...trip.trip.backs];
  const bundle = sharedBundle(trip.trip);
  if (bundle !== undefined)
    evidence.push({ kind: "bundle", detail: `front and back run were in the same bundle ${bundle}` });
  const tips = legs.reduce((sum, { swap }) => sum + (swap.tipLamports ?? 0n), 0n);
  if (tips > 0n) evidence.push({ kind: "tip", detail: `the legs paid ${tips} lamports in tips` });
  const made = Math.max(...[...trip.actors].map(context.sandwichesOf));
  if (made > 1)
    evidence.push({
      kind: "repeated",
      detail: `the actor made ${made} sandwiches of different victims in this data`,
    });
  const failed = context.options.attempts.filter((attempt) => isRelated(attempt, trip, context)).length;
  if (failed > 0)
    evidence.push({
      kind: "attempts",
      detail: `${failed} failed swaps by the actor in the same pool around this time`,
    });
  return evidence;
}

/** Notable, but not evidence by itself. */
export function walletsOf(trip: PoolTrip): Evidence[] {
  const { link } = trip.feasibility;
  const isHidden = hidesBehindWallets(trip.trip, link);
  if (!isHidden && !(link.kind === "transfer" && isSignedByOthers(trip.trip))) return [];
  return [{ kind: "wallets", detail: "different wallets signed the front and the back run" }];
}

function isRelated(attempt: Attempt, trip: PoolTrip, { options, signers }: IntentContext): boolean {
  const first = trip.trip.fronts[0]?.swap;
  const last = trip.trip.backs.at(-1)?.swap;
  if (first === undefined || last === undefined) return false;
  if (!signers.has(attempt.signer) || attempt.pool !== first.pool) return false;
  if (attempt.slot === null || first.slot === null || last.slot === null) return true;
  const near = options.maxSlotDistance;
  return attempt.slot >= first.slot - near && attempt.slot <= last.slot + near;
}
