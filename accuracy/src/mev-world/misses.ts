import type { Verdict } from "@slipstream/mev";
import type { AttackTruth, MevTradeTruth, MevWorld, SlotRecord } from "@slipstream/simulator";
import { WorldJudge } from "./verdicts.ts";

/** Slots on either side of the desk's trades that a watcher reads. */
const AROUND_SLOTS = 3;

interface Miss {
  readonly truth: MevTradeTruth;
  readonly verdict: Verdict;
}

/** Collects the wrong verdicts on a world's trades, disputed ones left out, and what was behind them. */
export class Misses {
  /** Counts by true verdict and the tracker's. */
  readonly confusion: Map<string, number> = new Map();
  readonly #attacks = new Map<string, AttackTruth>();
  readonly #ownSlots = new Set<number>();
  readonly #misses: Miss[] = [];
  readonly #judge: WorldJudge;

  constructor(world: MevWorld) {
    this.#judge = new WorldJudge(world, { judged: (truth, verdict) => this.#judged(truth, verdict) });
  }

  add(record: SlotRecord): void {
    for (const attack of record.attacks) this.#attacks.set(attack.id, attack);
    if (record.trades.some(({ attributes }) => typeof attributes["solana.signature"] === "string"))
      this.#ownSlots.add(record.slot);
    this.#judge.add(record);
  }

  /** @returns A line for each wrong verdict. */
  end(): string[] {
    this.#judge.end();
    return this.#misses.map(({ truth, verdict }) => {
      const { slot, side, pool, status, protection, nearby } = truth;
      const evidence = verdict.evidence.map(({ kind, detail }) => `${kind}: ${detail}`).join(" | ");
      const near = nearby.map(
        (attack) => `${attack.id} of ${attack.attacker} ${attack.outcome} @${attack.slots}`,
      );
      const what = `${side} in ${pool} at ${slot}, ${status}, ${protection}`;
      return `${this.#classOf({ truth, verdict })}\n  ${what}; near: ${near.join(", ")}\n  told: ${evidence}`;
    });
  }

  /** Wrong verdicts by class, the most frequent first. */
  classes(): [string, number][] {
    const counts = new Map<string, number>();
    for (const miss of this.#misses) {
      const key = this.#classOf(miss);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return [...counts].sort((a, b) => b[1] - a[1]);
  }

  #judged(truth: MevTradeTruth, verdict: Verdict): void {
    if (truth.disputed) return;
    const key = `${truth.verdict} as ${verdict.verdict}`;
    this.confusion.set(key, (this.confusion.get(key) ?? 0) + 1);
    if (truth.verdict !== verdict.verdict) this.#misses.push({ truth, verdict });
  }

  #classOf({ truth, verdict }: Miss): string {
    const key = `${truth.verdict} as ${verdict.verdict}`;
    const attack = this.#attacks.get(truth.attack?.id ?? "");
    if (attack === undefined)
      return `${key}: no attack, ${truth.lookalikes.map(({ role }) => role).join(", ") || "nobody"}`;
    const { kind, outcome, evidence, fronts, backs, reverted } = attack;
    const legs = `${fronts.length} + ${backs.length} legs, ${reverted.length} reverted`;
    return `${key}: ${kind} ${outcome}, ${legs}, ${evidence.join(" ")}; record ${this.#recordOf(attack)}`;
  }

  /** What was to be seen of the attacker's completed attacks before this one was over. */
  #recordOf({ id, attacker, lastSlot }: AttackTruth): string {
    const before = [...this.#attacks.values()].filter(
      (other) =>
        other.attacker === attacker &&
        other.id !== id &&
        other.outcome === "completed" &&
        other.lastSlot <= lastSlot,
    );
    if (before.length === 0) return "none";
    return before.some((attack) => this.#isSeen(attack)) ? "seen" : "in no slot that the desk reads";
  }

  #isSeen({ firstSlot, lastSlot }: AttackTruth): boolean {
    for (let slot = lastSlot - AROUND_SLOTS; slot <= firstSlot + AROUND_SLOTS; slot++)
      if (this.#ownSlots.has(slot)) return true;
    return false;
  }
}
