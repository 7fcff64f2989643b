import { cycle, findCycles } from "../sandwich/cycles.ts";
import { detectSandwiches } from "../sandwich/detect.ts";
import type { Detection, Sandwich } from "../sandwich/model.ts";
import { type AttemptedSwap, inChainOrder, type Swap, type SwapPlace } from "../swaps/swap.ts";
import type { ActorBook, ActorView } from "./actor-book.ts";
import { type Around, attackOn, openFronts, type Target } from "./attempts-on.ts";
import { impacted } from "./impacted.ts";
import type { OwnTrade, Verdict, VerdictEvidence } from "./model.ts";
import { type OwnSwaps, ownSwaps, poolsOf, routeGap } from "./own-swaps.ts";
import type { KnownSlot } from "./slot-store.ts";
import { VerdictMaker } from "./verdict-maker.ts";

export interface JudgeInput {
  /** The slot of the trades. */
  readonly slot: number;
  /** What is known of it. */
  readonly known: KnownSlot | undefined;
  /** Those that are known of the slots around it, itself included. */
  readonly window: readonly KnownSlot[];
  /** Slots around it whose swaps in these pools are not known, with the reason. */
  missing(pools: readonly string[]): readonly string[];
  readonly trades: readonly OwnTrade[];
  /** Signers of the desk. */
  readonly own: ReadonlySet<string>;
  readonly book: ActorBook;
  /** Whether the slot and those around it are final on the chain. */
  readonly isFinalized: boolean;
  /** Whether what is missing is given up. */
  readonly isExpired: boolean;
  readonly maxSlotDistance: number;
}

export interface Judged {
  readonly verdicts: readonly Verdict[];
  /** What the book is to learn from the window. */
  readonly view: ActorView;
}

/** Judges the desk's trades in a slot by what is known of the slots around it. Deterministic, whatever the order it came in. */
export function judgeSlot(input: JudgeInput): Judged {
  const { window, trades, book, own } = input;
  const swaps = window.flatMap(({ swaps }) => [...swaps.values()]).sort(inPlace);
  const attempts = window.flatMap(({ attempted }) => [...attempted.values()]).sort(inPlace);
  const detection = detectSandwiches(swaps, {
    attempts,
    maxSlotDistance: input.maxSlotDistance,
    leaderOf: leadersOf(window),
  });
  const sandwiches = detection.sandwiches.filter((sandwich) => !isOwnAttack(sandwich, own));
  const view = book.view(sandwiches, swaps);
  const around = aroundOf(swaps, attempts, sandwiches, view, own);
  const verdicts = trades.map((trade) => judgeTrade(trade, input, detection, around));
  return { verdicts, view };
}

/** Chain order, and one order for swaps of one place. */
function inPlace(a: SwapPlace, b: SwapPlace): number {
  return inChainOrder(a, b) || (a.id < b.id ? -1 : 1);
}

function leadersOf(window: readonly KnownSlot[]): (slot: number) => string | undefined {
  const leaders = new Map(window.map(({ slot, leader }) => [slot, leader ?? undefined]));
  return (slot) => leaders.get(slot);
}

function isOwnAttack({ fronts, backs }: Sandwich, own: ReadonlySet<string>): boolean {
  return [...fronts, ...backs].some(({ signer }) => own.has(signer));
}

function aroundOf(
  swaps: readonly Swap[],
  attempts: readonly AttemptedSwap[],
  sandwiches: readonly Sandwich[],
  view: ActorView,
  own: ReadonlySet<string>,
): Around {
  const byPool = groupByPool(swaps);
  const attemptsByPool = groupByPool(attempts);
  const cycles = findCycles(swaps);
  return {
    view,
    own,
    sandwiches,
    swapsIn: (pool) => byPool.get(pool) ?? [],
    attemptsIn: (pool) => attemptsByPool.get(pool) ?? [],
    arbitrages: new Set(swaps.filter((_, index) => cycles[index] === cycle.gained).map(({ id }) => id)),
  };
}

function groupByPool<T extends { readonly pool: string | null }>(swaps: readonly T[]): Map<string, T[]> {
  const byPool = new Map<string, T[]>();
  for (const swap of swaps) {
    const own = byPool.get(swap.pool ?? "");
    if (own === undefined) byPool.set(swap.pool ?? "", [swap]);
    else own.push(swap);
  }
  return byPool;
}

function judgeTrade(trade: OwnTrade, input: JudgeInput, detection: Detection, around: Around): Verdict {
  const { slot, known, isFinalized, isExpired } = input;
  const found = known === undefined ? undefined : ownSwaps(trade, known);
  const pools = poolsOf(found);
  const missing = input.missing(pools);
  const isFinal = isExpired || (isFinalized && found !== undefined && missing.length === 0);
  const make = new VerdictMaker(trade, { slot, leader: known?.leader ?? null, pools, isFinal });
  if (found === undefined) {
    const own = missing.find((one) => one.startsWith(`slot ${slot} `));
    return make.unknown(own ?? `the transaction is not in slot ${slot}`);
  }
  const attacks = victimsOf(found.swaps, around.sandwiches);
  if (attacks.size > 0) return impacted(make, found, attacks, around, missing.length === 0);
  const unread = unreadable(found) ?? unreadableIn(pools, input.window);
  if (unread !== undefined) return make.unknown(unread);
  if (missing.length > 0 && isFinal) return make.unknown(missing.join("; "));
  const waiting = missing.map((detail): VerdictEvidence => ({ kind: "slot", detail }));
  const shapes = shapesAround(found.swaps, detection, around.own);
  const targets = targetsOf(trade, found);
  for (const target of targets) {
    const attack = attackOn(target, around);
    if (attack === undefined) continue;
    const confidence = missing.length > 0 ? "low" : attack.confidence;
    return make.of("avoided", confidence, [...attack.evidence, ...shapes, ...waiting], attack.attackers);
  }
  for (const actor of new Set(targets.flatMap((target) => openFronts(target, around)))) {
    shapes.push({ kind: "open_front", detail: `${actor} bought before it and did not sell: no sandwich` });
  }
  const confidence = missing.length > 0 ? "low" : shapes.length > 0 ? "medium" : "high";
  return make.of("clean", confidence, [...shapes, ...waiting]);
}

function victimsOf(swaps: readonly Swap[], sandwiches: readonly Sandwich[]): Map<Swap, Sandwich[]> {
  const victims = new Map<Swap, Sandwich[]>();
  for (const swap of swaps) {
    const around = sandwiches.filter((sandwich) => sandwich.victims.some(({ id }) => id === swap.id));
    if (around.length > 0) victims.set(swap, around);
  }
  return victims;
}

/** Why the trade itself cannot be read in full; undefined where it can. */
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

/** Somebody else's swap in the pools that happened and cannot be read: it may be a leg. */
function unreadableIn(pools: readonly string[], window: readonly KnownSlot[]): string | undefined {
  const hidden = window.flatMap(({ undecoded }) => [...undecoded.values()]);
  const [first] = hidden.filter(({ pool }) => pool !== null && pools.includes(pool)).sort(inPlace);
  return first === undefined ? undefined : `a swap in the pool cannot be read: ${first.id}: ${first.reason}`;
}

/** Round trips around the trade that did not pay. */
function shapesAround(
  swaps: readonly Swap[],
  { candidates }: Detection,
  own: ReadonlySet<string>,
): VerdictEvidence[] {
  return candidates
    .filter(
      (one) => !isOwnAttack(one, own) && one.victims.some(({ id }) => swaps.some((swap) => swap.id === id)),
    )
    .map(({ fronts, profit }) => ({
      kind: "candidate",
      detail: `a round trip of ${fronts[0]?.signer ?? ""} around it came to ${profit.atoms} atoms of ${profit.token}: no sandwich`,
    }));
}
