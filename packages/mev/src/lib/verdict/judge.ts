import { appendTo } from "../sandwich/append-to.ts";
import { tripsAroundNobody } from "../sandwich/around-nobody.ts";
import { cycle, findCycles } from "../sandwich/cycles.ts";
import { detectSandwiches } from "../sandwich/detect.ts";
import { luckOf } from "../sandwich/luck.ts";
import type { Sandwich } from "../sandwich/model.ts";
import { groupByPool as groupByTokens } from "../sandwich/pool-groups.ts";
import { linkByTransfers } from "../sandwich/transfer-links.ts";
import { leadersByTurn } from "../sandwich/window.ts";
import type { OwnerTransfer } from "../swaps/owner-transfers.ts";
import { type AttemptedSwap, inChainOrder, type Swap, type SwapPlace } from "../swaps/swap.ts";
import type { Activity, ActivityView } from "./activity.ts";
import type { ActorBook, ActorView } from "./actor-book.ts";
import type { Around, Signers, Target } from "./around.ts";
import { type AvoidedAttack, attackOn } from "./attempts-on.ts";
import { BasisRecorder } from "./basis.ts";
import { impacted } from "./impacted.ts";
import { possibleLegs } from "./known-legs.ts";
import type { OwnTrade, Verdict, VerdictEvidence } from "./model.ts";
import { openFronts } from "./open-fronts.ts";
import { type OwnSwaps, ownSwaps, poolsOf, routeGap } from "./own-swaps.ts";
import { seenTips } from "./seen-tips.ts";
import type { KnownSlot } from "./slot-store.ts";
import { attemptsNear, swapsNear, transfersNear } from "./swaps-near.ts";
import { VerdictMaker } from "./verdict-maker.ts";

export interface JudgeInput {
  /** The slot of the trades. */
  readonly slot: number;
  /** What is known about that slot. */
  readonly known: KnownSlot | undefined;
  /** The known slots around it, including the slot itself. */
  readonly window: readonly KnownSlot[];
  /** Slots around it whose swaps in these pools are unknown, with the reason. */
  missing(pools: readonly string[]): readonly string[];
  readonly trades: readonly OwnTrade[];
  /** The pools whose swaps count; all others are left out, whether they are known or not. */
  readonly pools: ReadonlySet<string>;
  /** Signers of the desk. */
  readonly own: Signers;
  readonly book: Pick<ActorBook, "view">;
  readonly activity: Pick<Activity, "view">;
  /** Whether verdicts on trades around which nothing is missing are final. */
  readonly isReady: boolean;
  /** Whether the tracker has given up on what is missing. */
  readonly isExpired: boolean;
  readonly maxSlotDistance: number;
}

export interface Judged {
  readonly verdicts: readonly Verdict[];
  /** What the window adds to the book and to the activity. */
  readonly view: ActorView;
  readonly active: ActivityView;
  /** What the verdicts were judged on, for `explain`. */
  readonly around: Around;
  /** Sandwiches by others that count as luck, and round trips that did not pay off. */
  readonly lucky: readonly Sandwich[];
  readonly candidates: readonly Sandwich[];
}

/**
 * Judges the desk's trades in a slot from what is known about the slots around it. Deterministic, regardless
 * of the order in which the data arrived.
 */
export function judgeSlot(input: JudgeInput): Judged {
  const { window, trades, book, own } = input;
  const near = window.map((slot) => ({ slot, swaps: swapsNear(slot.swaps, input.pools) }));
  const swaps = near.flatMap(({ swaps }) => swaps).sort(inPlace);
  const attempts = window.flatMap((slot) => attemptsNear(slot.attempted, input.pools)).sort(inPlace);
  const transfers = near.flatMap(({ slot, swaps }) =>
    transfersNear([...slot.transfers.values()].sort(inChainOrder), swaps),
  );
  const { maxSlotDistance } = input;
  const linkedTo = linksOf(swaps, transfers, maxSlotDistance);
  const leaderOf = leadersByTurn(window.map(({ slot, leader }) => [slot, leader]));
  const detection = detectSandwiches(swaps, {
    attempts,
    transfers,
    sortsOutLuck: false,
    maxSlotDistance,
    leaderOf,
  });
  const others = detection.sandwiches.filter((sandwich) => !isOwnAttack(sandwich, own));
  const arbitrages = arbitragesOf(swaps);
  const legs = new Set(others.flatMap(({ fronts, backs }) => [...fronts, ...backs].map(({ id }) => id)));
  const firsts = new Set(others.map(({ fronts }) => fronts[0]?.id));
  const aroundNobody = tripsAroundNobody(swaps, linkedTo);
  const active = input.activity.view(swaps, ({ id }) => {
    if (firsts.has(id)) return "sandwich";
    return legs.has(id) || arbitrages.has(id) || aroundNobody.has(id) ? "other" : "swap";
  });
  const recorder = new BasisRecorder();
  const recorded = recorder.activity(active);
  const lucky = others.filter((sandwich) => luckIn(sandwich, recorded) !== undefined);
  const kept = others.filter((sandwich) => !lucky.includes(sandwich));
  const view = book.view(kept, swaps, aroundNobody);
  const mayEndEarlier = endsOf(leaderOf, input);
  const about = {
    ...byPool(swaps, attempts),
    view,
    activity: active,
    own,
    linkedTo,
    sandwiches: kept,
    arbitrages,
    mayEndEarlier,
  };
  const around = { ...about, legsIn: possibleLegs(about) };
  const candidates = detection.candidates.filter((one) => !isOwnAttack(one, own));
  const shapes = [...candidates, ...lucky];
  const places = [...swaps, ...attempts];
  const used = new Set<string>();
  for (const { pool } of places) if (pool !== null && input.pools.has(pool)) used.add(pool);
  const ownPlaces = places.filter(({ signer }) => own.has(signer));
  const verdicts = trades.map((trade): Verdict => {
    const lookedUp = recorder.copy();
    const recording = { ...around, view: lookedUp.actors(view), activity: lookedUp.activity(active) };
    const verdict = judgeTrade(trade, input, shapes, recording);
    // What is unknown does not rest on any of it, and what is reached in spite of missing slots may change yet.
    const isWhole = verdict.verdict !== "unknown" && verdict.evidence.every(({ kind }) => kind !== "slot");
    if (!isWhole) return verdict;
    const basis = { distance: maxSlotDistance, ...lookedUp.basis(otherOwn(trade, ownPlaces), [...used]) };
    return { ...verdict, basis };
  });
  return { verdicts, view, active, around, lucky, candidates };
}

function luckIn({ fronts, backs, label, evidence }: Sandwich, activity: ActivityView): string | undefined {
  const isBundled = evidence.some(({ kind }) => kind === "bundle");
  const trip = { fronts, backs, isBundled, isIntentional: label !== "feasible" };
  return luckOf(trip, (signer) => activity.of(signer));
}

/** Chain order, with a fixed order for swaps at the same position. */
export function inPlace(a: SwapPlace, b: SwapPlace): number {
  return inChainOrder(a, b) || (a.id < b.id ? -1 : 1);
}

/** By swap, it and those that transfers link to it. */
function linksOf(
  swaps: readonly Swap[],
  transfers: readonly OwnerTransfer[],
  maxSlotDistance: number,
): Around["linkedTo"] {
  const options = { maxSlotDistance, routers: new Set<string>(), step: (): void => undefined };
  const { pairs } = linkByTransfers(swaps, transfers, groupByTokens(swaps), options);
  const groups = new Map<string, Swap[]>();
  for (const [one, other] of pairs) {
    const [first, linked] = [swaps[one], swaps[other]];
    if (first === undefined || linked === undefined) continue;
    const group = groups.get(first.id) ?? [first];
    group.push(linked);
    groups.set(first.id, group).set(linked.id, group);
  }
  return (swap) => groups.get(swap.id) ?? [swap];
}

/**
 * Signers of the desk around its trade, beside the trade's.
 * @param places Of the desk.
 */
function otherOwn({ signature }: OwnTrade, places: readonly SwapPlace[]): string[] {
  const all = new Set(places.map(({ signer }) => signer));
  for (const place of places) if (place.signature === signature) all.delete(place.signer);
  return [...all].sort();
}

/**
 * Returns whether a leg in a slot may be the last one of a sandwich, within one leader's slots, that began
 * before the window.
 */
function endsOf(
  leaderOf: ReturnType<typeof leadersByTurn>,
  { slot, maxSlotDistance }: Pick<JudgeInput, "slot" | "maxSlotDistance">,
): (slot: number) => boolean {
  const first = slot - maxSlotDistance;
  return (at) => {
    if (at >= slot) return false;
    const leader = leaderOf(at);
    for (let near = first; near < at; near++) {
      const other = leaderOf(near);
      if (other !== undefined && leader !== undefined && other !== leader) return false;
    }
    return true;
  };
}

function isOwnAttack({ fronts, backs }: Sandwich, own: Signers): boolean {
  return [...fronts, ...backs].some(({ signer }) => own.has(signer));
}

function byPool(
  swaps: readonly Swap[],
  attempts: readonly AttemptedSwap[],
): Pick<Around, "swapsIn" | "attemptsIn"> {
  const [swapsByPool, attemptsByPool] = [groupByPool(swaps), groupByPool(attempts)];
  return {
    swapsIn: (pool) => swapsByPool.get(pool) ?? [],
    attemptsIn: (pool) => attemptsByPool.get(pool) ?? [],
  };
}

function arbitragesOf(swaps: readonly Swap[]): Set<string> {
  const cycles = findCycles(swaps);
  return new Set(swaps.filter((_, index) => cycles[index] === cycle.gained).map(({ id }) => id));
}

function groupByPool<T extends { readonly pool: string | null }>(swaps: readonly T[]): Map<string, T[]> {
  const byPool = new Map<string, T[]>();
  for (const swap of swaps) appendTo(byPool, swap.pool ?? "", swap);
  return byPool;
}

function judgeTrade(trade: OwnTrade, input: JudgeInput, round: readonly Sandwich[], around: Around): Verdict {
  const { slot, known, isReady, isExpired } = input;
  const found = known === undefined ? undefined : ownSwaps(trade, known);
  const pools = poolsOf(found);
  const missing = input.missing(pools);
  const isFinal = isExpired || (isReady && found !== undefined && missing.length === 0);
  const make = new VerdictMaker(trade, {
    slot,
    leader: known?.leader ?? null,
    pools,
    isFinal,
    tips: seenTips(found),
  });
  if (found === undefined) {
    const own = missing.find((one) => one.startsWith(`slot ${slot} `));
    return make.unknown(own ?? `the transaction is not in slot ${slot}`);
  }
  const waiting = missing.map((detail): VerdictEvidence => ({ kind: "slot", detail }));
  const attacks = victimsOf(found.swaps, around.sandwiches);
  if (attacks.size > 0) return impacted(make, found, attacks, around, waiting);
  const unread = unreadable(found) ?? unreadableIn(found, pools, input.window);
  if (unread !== undefined) return make.unknown(unread);
  if (missing.length > 0 && isFinal) return make.unknown(missing.join("; "));
  const shapes = shapesAround(found.swaps, round, around.activity);
  const targets = targetsOf(trade, found);
  const open = targets.flatMap((target) => openFronts(target, around));
  // An open front run cost the trade something, whatever else was tried.
  const attack = open.some(({ isCertain }) => isCertain) ? undefined : firstAttack(targets, around);
  if (attack !== undefined) {
    const confidence = missing.length > 0 ? "low" : attack.confidence;
    return make.of("avoided", confidence, [...attack.evidence, ...shapes, ...waiting], attack.attackers);
  }
  for (const actor of new Set(open.map(({ actor }) => actor))) {
    shapes.push({
      kind: "open_front",
      detail: `${actor} had an open position (bought, not yet sold) when it arrived: not a sandwich`,
    });
  }
  const confidence = missing.length > 0 ? "low" : shapes.length > 0 ? "medium" : "high";
  return make.of("clean", confidence, [...shapes, ...waiting]);
}

function firstAttack(targets: readonly Target[], around: Around): AvoidedAttack | undefined {
  for (const target of targets) {
    const attack = attackOn(target, around);
    if (attack !== undefined) return attack;
  }
  return undefined;
}

/** The sandwiches around each of a trade's swaps. */
export function victimsOf(swaps: readonly Swap[], sandwiches: readonly Sandwich[]): Map<Swap, Sandwich[]> {
  const victims = new Map<Swap, Sandwich[]>();
  for (const swap of swaps) {
    const around = sandwiches.filter((sandwich) => sandwich.victims.some(({ id }) => id === swap.id));
    if (around.length > 0) victims.set(swap, around);
  }
  return victims;
}

/** Why the trade itself cannot be read completely; undefined if it can. */
function unreadable({ swaps, attempted, undecoded, other }: OwnSwaps): string | undefined {
  const [first] = undecoded;
  if (first !== undefined) return `a swap of the trade cannot be read: ${first.id}: ${first.reason}`;
  if (other !== undefined && swaps.length + attempted.length === 0) {
    const programs = other.programs.length > 0 ? ` (${other.programs.join(", ")})` : "";
    return `no pool of the transaction is decoded${programs}`;
  }
  if (routeGap(swaps)) return "a pool of the trade's route is not decoded: its swaps leave a gap";
  return undefined;
}

function targetsOf(trade: OwnTrade, { swaps, attempted }: OwnSwaps): Target[] {
  const isProtected = trade.isProtected ?? false;
  return [
    ...swaps.map((swap) => ({ place: swap, pool: swap.pool, swap, isProtected })),
    ...attempted.flatMap((attempt): Target[] =>
      attempt.pool === null ? [] : [{ place: attempt, pool: attempt.pool, swap: undefined, isProtected }],
    ),
  ];
}

/** A swap in the pools that happened but cannot be read. It may be a leg. */
function unreadableIn(
  { swaps, attempted }: OwnSwaps,
  pools: readonly string[],
  window: readonly KnownSlot[],
): string | undefined {
  // A swap by a program that could not be identified counts for every pool.
  const protocols = new Set(["", ...[...swaps, ...attempted].map(({ protocol }) => protocol)]);
  const hidden = window.flatMap(({ undecoded }) => [...undecoded.values()]);
  const [first] = hidden
    .filter(({ pool, accounts, protocol }) =>
      pool === null ? accounts === undefined && protocols.has(protocol) : pools.includes(pool),
    )
    .sort(inPlace);
  return first === undefined ? undefined : `a swap in the pool cannot be read: ${first.id}: ${first.reason}`;
}

/** Round trips around the trade that did not pay off, or whose legs are too far apart. */
function shapesAround(
  swaps: readonly Swap[],
  round: readonly Sandwich[],
  activity: ActivityView,
): VerdictEvidence[] {
  return round
    .filter(({ victims }) => victims.some(({ id }) => swaps.some((swap) => swap.id === id)))
    .map((sandwich) => {
      const { fronts, profit } = sandwich;
      const luck = luckIn(sandwich, activity);
      const who = `${fronts[0]?.signer ?? ""}${luck === undefined || profit.atoms < 0n ? "" : `, ${luck}`}`;
      const edge = sandwich.evidence.find(({ kind }) => kind === "edge");
      const why = edge === undefined ? "" : `; not searched: ${edge.detail}`;
      const detail = `a round trip around it by ${who}: ${profit.atoms} atoms of ${profit.token}${why}`;
      return { kind: "candidate", detail };
    });
}
