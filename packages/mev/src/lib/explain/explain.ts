import type { Sandwich } from "../sandwich/model.ts";
import type { AttemptedSwap, Swap, SwapPlace, UndecodedSwap } from "../swaps/swap.ts";
import { inPlace, type Judged, type JudgeInput, judgeSlot, victimsOf } from "../verdict/judge.ts";
import type { OwnTrade, Verdict } from "../verdict/model.ts";
import { ownLosses } from "../verdict/own-losses.ts";
import { ownSwaps } from "../verdict/own-swaps.ts";
import { protectionByTip } from "../verdict/seen-tips.ts";
import {
  type ExplainedPool,
  type ExplainedReplay,
  type ExplainedRoundTrip,
  type ExplainedSwap,
  type ExplainedTip,
  type ExplainedTrade,
  type ExplainedVerdict,
  type Explanation,
  explainedVerdict,
  type FactSource,
} from "./explanation.ts";
import { signersOf } from "./signers.ts";
import { explainedSlots } from "./slots.ts";
import { whyOf } from "./why.ts";

/** Swaps that an explanation lists. */
const mostSwaps = 500;
/** Swaps of a replay, and round trips. */
const mostOthers = 100;

/**
 * Judges a trade and says what the verdict rests on. It is judged by the same function as every other trade,
 * so what is shown is what counted.
 */
export function explain(input: JudgeInput, trade: OwnTrade, source: FactSource): Explanation {
  const judged = judgeSlot({ ...input, trades: [trade] });
  const [verdict] = judged.verdicts;
  if (verdict === undefined) throw new RangeError("a trade has one verdict");
  const places = placesIn(input, verdict, judged);
  const own = input.known === undefined ? undefined : ownSwaps(trade, input.known);
  const trips = tripsAround(own?.swaps ?? [], verdict, judged);
  const roles = rolesOf(trips, [...(own?.swaps ?? []), ...(own?.attempted ?? []), ...(own?.undecoded ?? [])]);
  const all = places.map((place) => explainedSwap(place, roles.get(place.id) ?? deskRole(place, input.own)));
  const swaps = nearest(all);
  return {
    ...bare(trade, verdict),
    source,
    slots: explainedSlots(input, verdict.pools, all),
    pools: poolsIn(verdict.pools, all),
    swaps,
    swapsLeftOut: all.length - swaps.length,
    roundTrips: trips.slice(0, mostOthers).map(explainedTrip),
    replays: replaysOf(own?.swaps ?? [], judged),
    signers: signersOf(swaps, verdict.attackers, judged),
  };
}

/** A verdict for which there are no facts to show. */
export function bare(trade: OwnTrade, verdict: Verdict): Explanation {
  return withoutFacts(explainedTrade(trade, verdict), explainedVerdict(verdict));
}

/** The same for a verdict that was stored. */
export function withoutFacts(trade: ExplainedTrade, verdict: ExplainedVerdict): Explanation {
  return {
    trade,
    verdict,
    why: whyOf(verdict),
    judgedAgain: null,
    source: null,
    slots: [],
    pools: [],
    swaps: [],
    swapsLeftOut: 0,
    roundTrips: [],
    replays: [],
    signers: [],
    notes: [],
  };
}

function explainedTrade(
  { id, signature, instruction, slot, named }: OwnTrade,
  { tips }: Verdict,
): ExplainedTrade {
  const namedProtection = named?.protection ?? null;
  const shown = protectionByTip(tips);
  return {
    id,
    signature,
    instruction: instruction ?? null,
    traceId: null,
    time: null,
    status: null,
    pair: null,
    side: null,
    sizeUsd: null,
    namedSlot: slot,
    namedProtection,
    namedTipLamports: named?.tipLamports ?? null,
    protection: namedProtection ?? shown ?? "none",
    protectionSource: namedProtection !== null ? "named" : shown === undefined ? null : "tip",
    tips: tips === null ? null : tips.tips.length > 0 ? tips.tips.map(explainedTip) : sumOf(tips.lamports),
    tipsPaid: tips?.isPaid ?? null,
  };
}

/** As an earlier version recorded it. */
function sumOf(lamports: bigint): ExplainedTip[] {
  return lamports === 0n ? [] : [{ service: null, lamports: String(lamports), transaction: null }];
}

function explainedTip({
  service,
  lamports,
  transaction,
}: NonNullable<SwapPlace["tips"]>[number]): ExplainedTip {
  return { service, lamports: String(lamports), transaction: transaction ?? null };
}

/** Everything of the trade, and in its pools, in the window. */
function placesIn({ window }: JudgeInput, { signature, pools }: Verdict, { around }: Judged): Place[] {
  const known = new Map<string, Place>();
  const isNear = ({ pool, signature: other }: Place): boolean =>
    other === signature || (pool !== null && pools.includes(pool));
  for (const pool of pools) {
    for (const place of [...around.swapsIn(pool), ...around.attemptsIn(pool)]) known.set(place.id, place);
  }
  for (const { swaps, attempted, undecoded } of window) {
    for (const place of [...swaps.values(), ...attempted.values()])
      if (isNear(place)) known.set(place.id, place);
    for (const place of undecoded.values()) {
      // One whose pool and accounts are not known may be in any pool.
      if (isNear(place) || (place.pool === null && place.accounts === undefined)) known.set(place.id, place);
    }
  }
  return [...known.values()].sort(inPlace);
}

type Place = Swap | AttemptedSwap | UndecodedSwap;

/** The round trips with the trade among their victims, and those of its attackers in its pools. */
function tripsAround(
  swaps: readonly Swap[],
  { pools, attackers }: Verdict,
  { around, lucky, candidates }: Judged,
): (readonly [ExplainedRoundTrip["kind"], Sandwich])[] {
  const own = new Set(swaps.map(({ id }) => id));
  const isNear = ({ pool, victims, attacker }: Sandwich): boolean =>
    victims.some(({ id }) => own.has(id)) ||
    (pools.includes(pool) && attacker.some((address) => attackers.includes(address)));
  return [
    ...around.sandwiches.filter(isNear).map((trip) => ["sandwich", trip] as const),
    ...lucky.filter(isNear).map((trip) => ["luck", trip] as const),
    ...candidates.filter(isNear).map((trip) => ["candidate", trip] as const),
  ];
}

type Role = ExplainedSwap["role"];

/** Sandwiches decide before candidates, and the trade before both. */
function rolesOf(trips: readonly (readonly [string, Sandwich])[], own: readonly Place[]): Map<string, Role> {
  const roles = new Map<string, Role>();
  for (const [, { fronts, victims, backs }] of [...trips].reverse()) {
    for (const { id } of victims) roles.set(id, "victim");
    for (const { id } of fronts) roles.set(id, "front");
    for (const { id } of backs) roles.set(id, "back");
  }
  for (const { id } of own) roles.set(id, "own");
  return roles;
}

function deskRole({ signer }: Place, own: JudgeInput["own"]): Role {
  return own.has(signer) ? "desk" : null;
}

function explainedSwap(place: Place, role: Role): ExplainedSwap {
  const isSwap = "amountOut" in place;
  const isUnread = "reason" in place;
  return {
    kind: isSwap ? "swap" : isUnread ? "unread" : "failed",
    role,
    id: place.id,
    slot: place.slot,
    txIndex: place.txIndex,
    eventIndex: place.eventIndex,
    signature: place.signature,
    signer: place.signer,
    program: place.program ?? null,
    protocol: place.protocol,
    pool: place.pool,
    swapped: isSwap
      ? {
          tokenIn: place.tokenIn,
          tokenOut: place.tokenOut,
          amountIn: String(place.amountIn),
          amountOut: String(place.amountOut),
          reserveIn: place.reserves === undefined ? null : String(place.reserves.in),
          reserveOut: place.reserves === undefined ? null : String(place.reserves.out),
        }
      : null,
    reason: isUnread ? place.reason : null,
    tips: (place.tips ?? []).map(explainedTip),
    bundleId: place.bundleId ?? null,
  };
}

/** The swaps with a role, and the nearest to the trade of the others. */
function nearest(swaps: readonly ExplainedSwap[]): ExplainedSwap[] {
  const own = Math.max(
    0,
    swaps.findIndex(({ role }) => role === "own"),
  );
  const order = swaps
    .map((swap, at) => ({ at, distance: swap.role === null ? Math.abs(at - own) : -1 }))
    .sort((a, b) => a.distance - b.distance);
  const kept = new Set(order.slice(0, mostSwaps).map(({ at }) => at));
  return swaps.filter((_, at) => kept.has(at));
}

function poolsIn(pools: readonly string[], swaps: readonly ExplainedSwap[]): ExplainedPool[] {
  return pools.map((pool) => {
    const own = swaps.filter((swap) => swap.pool === pool);
    const tokens = own.flatMap(({ swapped }) =>
      swapped === null ? [] : [swapped.tokenIn, swapped.tokenOut],
    );
    return { pool, protocol: own[0]?.protocol ?? null, tokens: [...new Set(tokens)].sort() };
  });
}

function explainedTrip([kind, trip]: readonly [ExplainedRoundTrip["kind"], Sandwich]): ExplainedRoundTrip {
  const { pool, label, fronts, victims, backs, attacker, profit, evidence } = trip;
  const ids = (swaps: readonly Swap[]): string[] => swaps.map(({ id }) => id);
  return {
    pool,
    kind,
    label,
    fronts: ids(fronts),
    victims: ids(victims),
    backs: ids(backs),
    attackers: attacker,
    profit: { ...profit, atoms: String(profit.atoms) },
    evidence,
  };
}

function replaysOf(swaps: readonly Swap[], { around }: Judged): ExplainedReplay[] {
  const { replays } = ownLosses(victimsOf(swaps, around.sandwiches), around.swapsIn);
  return swaps.flatMap(({ id, pool }): ExplainedReplay[] => {
    const replay = replays.get(id);
    if (replay === undefined) return [];
    const received = around.swapsIn(pool).flatMap((swap) => {
      const outputs = replay.outputs.get(swap.id);
      if (outputs === undefined) return [];
      const { replayed, alone } = outputs;
      return [
        {
          id: swap.id,
          observed: String(swap.amountOut),
          replayed: String(replayed),
          withoutAttacker: String(alone),
        },
      ];
    });
    const { state, fee, total } = replay;
    return [
      { pool, swap: id, state, fee, residual: total.residual, received: received.slice(0, mostOthers) },
    ];
  });
}
