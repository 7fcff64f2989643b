import {
  type AttemptedSwap,
  detectSandwiches,
  type OwnerTransfer,
  type Sandwich,
  type Swap,
} from "@slipstream/mev";
import type { AttackerKind, AttackTruth, MevTradeTruth, MevWorld, SlotRecord } from "@slipstream/simulator";

/** How many there were, and of how many the detector says the same. */
export interface Hits {
  truth: number;
  found: number;
}

export type Detector = typeof detectSandwiches;

/** Sandwiches that the detector named, and those that are a completed attack: with one of its front and one of its back legs. */
export interface Told {
  sandwiches: number;
  right: number;
  /** Right, and with all of the attack's legs and no others. */
  legs: number;
  /** Right, and with all of its victims and no others. */
  victims: number;
}

export interface DetectorScore {
  /** Completed attacks, by kind of attacker: found with one of its front and one of its back legs. */
  readonly byKind: Map<AttackerKind, Hits>;
  /** The same by protocol of the pool. */
  readonly byProtocol: Map<string, Hits>;
  /** What the detector named, by protocol of the pool. */
  readonly told: Map<string, Told>;
  /** Those of them whose legs only transfers link. */
  readonly byTransfer: Told;
  /** Sandwiches that are a completed attack's no more than in part, or another attack's, by that attack's outcome. */
  readonly doubtful: Map<string, number>;
  sandwiches: number;
  /** Sandwiches that no attack is behind, by what their legs' senders were. */
  readonly wrong: Map<string, number>;
  /** The desk's trades that were impacted. */
  readonly impacted: Hits;
  /** The desk's trades that are a victim by the detector and not in truth. */
  wronglyImpacted: number;
  /** Relative errors of losses of the desk's trades that were replayed. */
  readonly lossErrors: number[];
  /** Impacted trades whose loss was not replayed. */
  notReplayed: number;
  /** Of every victim of completed attacks that were found, strangers too. */
  readonly victims: VictimLosses;
}

export interface VictimLosses {
  /** Relative errors of the losses that were replayed, by protocol. */
  readonly errors: Map<string, number[]>;
  /** What the detector told as the error of its replay. */
  readonly residuals: Map<string, number[]>;
  /** Victims whose loss was not replayed, by protocol. */
  readonly notReplayed: Map<string, number>;
}

/** What pools are told apart by: their protocol, and whether creators take a fee. */
export function poolKinds(world: MevWorld): ReadonlyMap<string, string> {
  return new Map(
    world.pools.map(({ address, protocol, hasCreatorFee }) => [
      address,
      hasCreatorFee ? `${protocol}${WITH_CREATOR_FEE}` : protocol,
    ]),
  );
}

export const WITH_CREATOR_FEE = ", creator fee";

/** Swaps that are searched together: until the next leader's turn after so many. */
const TOGETHER = 20_000;
const TURN = 4;

/** Searches all swaps of a world, and compares what is found with the truth. */
export function scoreDetector(world: MevWorld, detect: Detector = detectSandwiches): DetectorScore {
  const scorer = new DetectorScorer(world, detect);
  for (const record of world.slots()) scorer.add(record);
  return scorer.end();
}

/** The same for a world whose slots are read by others too. What it keeps does not grow with the world. */
export class DetectorScorer {
  readonly #searching: Searching;
  readonly #part = new Part();
  /** The desk's trades that are not scored yet. */
  #trades: MevTradeTruth[] = [];
  /** Victims found in the parts that such trades may stand in. */
  #victims = new Map<string, Sandwich>();
  #before = new Map<string, Sandwich>();

  constructor(world: MevWorld, detect: Detector = detectSandwiches) {
    const protocols = poolKinds(world);
    this.#searching = { score: emptyScore(), detect, leaderOf: (slot) => world.leaderOf(slot), protocols };
  }

  add(record: SlotRecord): void {
    const part = this.#part;
    if (part.swaps.length > TOGETHER && record.slot - (record.slot % TURN) > part.lastSlot) this.#search();
    part.add(record);
    this.#trades.push(...record.truths);
  }

  end(): DetectorScore {
    this.#search();
    return this.#searching.score;
  }

  #search(): void {
    const { score } = this.#searching;
    this.#victims = new Map();
    search(this.#part, this.#searching, this.#victims);
    this.#part.clear();
    // A trade's truth is told some slots after it, maybe with the part after its own.
    for (const trade of this.#trades) scoreTrade(trade, [this.#before, this.#victims], score);
    this.#before = this.#victims;
    this.#trades = [];
  }
}

function emptyScore(): DetectorScore {
  return {
    byKind: new Map(),
    byProtocol: new Map(),
    told: new Map(),
    byTransfer: { sandwiches: 0, right: 0, legs: 0, victims: 0 },
    doubtful: new Map(),
    sandwiches: 0,
    wrong: new Map(),
    impacted: { truth: 0, found: 0 },
    wronglyImpacted: 0,
    lossErrors: [],
    notReplayed: 0,
    victims: { errors: new Map(), residuals: new Map(), notReplayed: new Map() },
  };
}

class Part {
  swaps: Swap[] = [];
  failed: AttemptedSwap[] = [];
  transfers: OwnerTransfer[] = [];
  attacks: AttackTruth[] = [];
  readonly roles = new Map<string, string>();
  lastSlot = -1;

  add({ slot, swaps, failed, transfers, attacks, transactions }: SlotRecord): void {
    this.swaps.push(...swaps);
    this.failed.push(...failed);
    this.transfers.push(...transfers);
    this.attacks.push(...attacks);
    for (const { signature, draft } of transactions) {
      this.roles.set(signature, draft.legOf === undefined ? (draft.role ?? "other") : "leg");
    }
    this.lastSlot = slot;
  }

  clear(): void {
    this.swaps = [];
    this.failed = [];
    this.transfers = [];
    this.attacks = [];
    this.roles.clear();
  }
}

interface Searching {
  readonly score: DetectorScore;
  readonly detect: Detector;
  readonly leaderOf: (slot: number) => string;
  /** By pool. */
  readonly protocols: ReadonlyMap<string, string>;
}

function search(part: Part, searching: Searching, victims: Map<string, Sandwich>): void {
  const { score, detect, leaderOf, protocols } = searching;
  const { swaps, failed, transfers, attacks, roles } = part;
  const { sandwiches } = detect(swaps, { attempts: failed, transfers, leaderOf });
  const byLeg = new Map<string, Sandwich>();
  const known = new Map(attacks.flatMap((attack) => legsOf(attack).map((id) => [id, attack] as const)));
  for (const sandwich of sandwiches) {
    score.sandwiches++;
    const legs = legsOf({ fronts: idsOf(sandwich.fronts), backs: idsOf(sandwich.backs) });
    for (const id of legs) byLeg.set(id, sandwich);
    for (const { id } of sandwich.victims) victims.set(id, sandwich);
    const attack = legs.map((id) => known.get(id)).find((one) => one !== undefined);
    if (attack === undefined) {
      add(score.wrong, roles.get(sandwich.fronts[0]?.signature ?? "") ?? "other");
    } else if (!isOf(sandwich, attack)) {
      add(score.doubtful, attack.outcome);
    }
    tell(score.told, protocols.get(sandwich.pool) ?? "other", sandwich, attack);
    if (isByTransfer(sandwich)) addTold(score.byTransfer, sandwich, attack);
  }
  for (const attack of attacks) {
    if (attack.outcome !== "completed") continue;
    const front = attack.fronts.map((id) => byLeg.get(id)).find((sandwich) => sandwich !== undefined);
    const found = front !== undefined && attack.backs.some((id) => byLeg.get(id) === front);
    const protocol = protocols.get(attack.pool) ?? "other";
    count(score.byKind, attack.kind, found);
    count(score.byProtocol, protocol, found);
    if (found) compareLosses(attack, front, protocol, score.victims);
  }
}

function tell(
  told: Map<string, Told>,
  protocol: string,
  sandwich: Sandwich,
  attack: AttackTruth | undefined,
): void {
  const entry = told.get(protocol) ?? { sandwiches: 0, right: 0, legs: 0, victims: 0 };
  told.set(protocol, entry);
  addTold(entry, sandwich, attack);
}

/** Whether nothing but a transfer links its legs. */
function isByTransfer({ evidence }: Sandwich): boolean {
  return evidence.some(({ kind, detail }) => kind === "link" && detail.includes("transfer "));
}

function addTold(entry: Told, sandwich: Sandwich, attack: AttackTruth | undefined): void {
  entry.sandwiches++;
  if (attack === undefined || !isOf(sandwich, attack)) return;
  entry.right++;
  const { fronts, backs, victims } = attack;
  const isSame = (swaps: readonly Swap[], ids: readonly string[]): boolean =>
    swaps.length === ids.length && swaps.every(({ id }) => ids.includes(id));
  if (isSame(sandwich.fronts, fronts) && isSame(sandwich.backs, backs)) entry.legs++;
  if (
    isSame(
      sandwich.victims,
      victims.map(({ swap }) => swap),
    )
  )
    entry.victims++;
}

function isOf({ fronts, backs }: Sandwich, attack: AttackTruth): boolean {
  return (
    attack.outcome === "completed" &&
    fronts.some(({ id }) => attack.fronts.includes(id)) &&
    backs.some(({ id }) => attack.backs.includes(id))
  );
}

function compareLosses(
  attack: AttackTruth,
  sandwich: Sandwich,
  protocol: string,
  losses: VictimLosses,
): void {
  for (const { swap, lossAtoms } of attack.victims) {
    const loss = sandwich.victimLosses.get(swap);
    if (loss === undefined) add(losses.notReplayed, protocol);
    else {
      push(losses.errors, protocol, relativeError(loss.atoms, lossAtoms));
      push(losses.residuals, protocol, loss.residual);
    }
  }
}

function idsOf(swaps: readonly Swap[]): string[] {
  return swaps.map(({ id }) => id);
}

function legsOf({ fronts, backs }: Pick<AttackTruth, "fronts" | "backs">): string[] {
  return [...fronts, ...backs];
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function push(lists: Map<string, number[]>, key: string, value: number): void {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  list.push(value);
}

/** |told / true - 1|; of a loss that was none: 0 where none was told, else infinite. */
export function relativeError(told: bigint, truth: string): number {
  if (truth === "0") return told === 0n ? 0 : Number.POSITIVE_INFINITY;
  return Math.abs(Number(told) / Number(truth) - 1);
}

function count<K>(hits: Map<K, Hits>, key: K, found: boolean): void {
  const entry = hits.get(key) ?? { truth: 0, found: 0 };
  hits.set(key, entry);
  entry.truth++;
  if (found) entry.found++;
}

function scoreTrade(
  trade: MevTradeTruth,
  victims: readonly ReadonlyMap<string, Sandwich>[],
  score: DetectorScore,
): void {
  const swap = trade.swap ?? "";
  const sandwich = victims.map((found) => found.get(swap)).find((one) => one !== undefined);
  if (trade.verdict !== "impacted") {
    if (sandwich !== undefined && !trade.disputed) score.wronglyImpacted++;
    return;
  }
  score.impacted.truth++;
  if (sandwich === undefined) return;
  score.impacted.found++;
  const loss = sandwich.victimLosses.get(swap);
  if (loss === undefined) score.notReplayed++;
  else score.lossErrors.push(relativeError(loss.atoms, trade.lossAtoms));
}
