import { type AttemptedSwap, detectSandwiches, type Sandwich, type Swap } from "@slipstream/mev";
import type { AttackerKind } from "../../lib/mev-world/attackers/kinds.ts";
import type { SlotRecord } from "../../lib/mev-world/engine/slot-record.ts";
import type { AttackTruth, MevTradeTruth } from "../../lib/mev-world/truth/model.ts";
import type { MevWorld } from "../../lib/mev-world/world.ts";

/** How many there were, and of how many the detector says the same. */
export interface Hits {
  truth: number;
  found: number;
}

export interface DetectorScore {
  /** Completed attacks, by kind of attacker: found with one of its front and one of its back legs. */
  readonly byKind: Map<AttackerKind, Hits>;
  /** The same by protocol of the pool. */
  readonly byProtocol: Map<string, Hits>;
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
}

/** Swaps that are searched together: until the next leader's turn after so many. */
const TOGETHER = 20_000;
const TURN = 4;

/** Searches all swaps of a world, and compares what is found with the truth. */
export function scoreDetector(world: MevWorld): DetectorScore {
  const score: DetectorScore = {
    byKind: new Map(),
    byProtocol: new Map(),
    sandwiches: 0,
    wrong: new Map(),
    impacted: { truth: 0, found: 0 },
    wronglyImpacted: 0,
    lossErrors: [],
    notReplayed: 0,
  };
  const part = new Part();
  const late: { trades: MevTradeTruth[]; victims: Map<string, Sandwich> } = {
    trades: [],
    victims: new Map(),
  };
  for (const record of world.slots()) {
    if (part.swaps.length > TOGETHER && record.slot - (record.slot % TURN) > part.lastSlot) {
      search(part, world, score, late.victims);
      part.clear();
    }
    part.add(record);
    late.trades.push(...record.truths);
  }
  search(part, world, score, late.victims);
  for (const trade of late.trades) scoreTrade(trade, late.victims, score);
  return score;
}

class Part {
  swaps: Swap[] = [];
  failed: AttemptedSwap[] = [];
  attacks: AttackTruth[] = [];
  readonly roles = new Map<string, string>();
  lastSlot = -1;

  add({ slot, swaps, failed, attacks, transactions }: SlotRecord): void {
    this.swaps.push(...swaps);
    this.failed.push(...failed);
    this.attacks.push(...attacks);
    for (const { signature, draft } of transactions) {
      this.roles.set(signature, draft.legOf === undefined ? (draft.role ?? "other") : "leg");
    }
    this.lastSlot = slot;
  }

  clear(): void {
    this.swaps = [];
    this.failed = [];
    this.attacks = [];
    this.roles.clear();
  }
}

function search(part: Part, world: MevWorld, score: DetectorScore, victims: Map<string, Sandwich>): void {
  const { swaps, failed, attacks, roles } = part;
  const leaderOf = (slot: number): string => world.leaderOf(slot);
  const { sandwiches } = detectSandwiches(swaps, { attempts: failed, leaderOf });
  const byLeg = new Map<string, Sandwich>();
  const known = new Set(attacks.flatMap(({ fronts, backs }) => [...fronts, ...backs]));
  for (const sandwich of sandwiches) {
    score.sandwiches++;
    const legs = [...sandwich.fronts, ...sandwich.backs];
    for (const { id } of legs) byLeg.set(id, sandwich);
    for (const { id } of sandwich.victims) victims.set(id, sandwich);
    if (!legs.some(({ id }) => known.has(id))) {
      const role = roles.get(sandwich.fronts[0]?.signature ?? "") ?? "other";
      score.wrong.set(role, (score.wrong.get(role) ?? 0) + 1);
    }
  }
  const protocolOf = new Map(world.pools.map(({ address, protocol }) => [address, protocol]));
  for (const attack of attacks) {
    if (attack.outcome !== "completed") continue;
    const front = attack.fronts.map((id) => byLeg.get(id)).find((sandwich) => sandwich !== undefined);
    const found = front !== undefined && attack.backs.some((id) => byLeg.get(id) === front);
    count(score.byKind, attack.kind, found);
    count(score.byProtocol, protocolOf.get(attack.pool) ?? "", found);
  }
}

function count<K>(hits: Map<K, Hits>, key: K, found: boolean): void {
  const entry = hits.get(key) ?? { truth: 0, found: 0 };
  hits.set(key, entry);
  entry.truth++;
  if (found) entry.found++;
}

function scoreTrade(
  trade: MevTradeTruth,
  victims: ReadonlyMap<string, Sandwich>,
  score: DetectorScore,
): void {
  const sandwich = trade.swap === null ? undefined : victims.get(trade.swap);
  if (trade.verdict !== "impacted") {
    if (sandwich !== undefined && !trade.disputed) score.wronglyImpacted++;
    return;
  }
  score.impacted.truth++;
  if (sandwich === undefined) return;
  score.impacted.found++;
  const loss = sandwich.victimLosses.get(trade.swap ?? "");
  if (loss === undefined) score.notReplayed++;
  else score.lossErrors.push(Math.abs(Number(loss.atoms) / Number(trade.lossAtoms) - 1));
}
