import { type SlotSwaps, type Verdict, VerdictTracker } from "@slipstream/mev";
import type { MevTradeTruth, MevWorld, SlotRecord } from "@slipstream/simulator";

export interface VerdictScore {
  /** Counts by true verdict and the tracker's; disputed trades left out. */
  readonly confusion: Map<string, number>;
  readonly disputed: Map<string, number>;
  /** Of wrong verdicts: truth, verdict, and what was behind it. */
  readonly wrong: Map<string, number>;
  /** Relative errors of losses. */
  readonly lossErrors: number[];
}

/** Slots after which verdicts are taken. */
const FINAL_AFTER = 8;
const EACH_SLOTS = 64;

export type Tracker = Pick<
  VerdictTracker,
  "addSlot" | "addSkipped" | "addFailure" | "addTrade" | "finalize" | "take"
>;

/** Gives a world's trades and slots to the tracker of verdicts, and compares its final verdicts with the truth. */
export function scoreVerdicts(world: MevWorld): VerdictScore {
  const score: VerdictScore = { confusion: new Map(), disputed: new Map(), wrong: new Map(), lossErrors: [] };
  judgeWorld(world, { judged: (truth, verdict) => compare(truth, verdict, score) });
  return score;
}

export interface Judging {
  /** Called with each trade that reached the chain and its final verdict, in order of the world's truths. */
  judged(truth: MevTradeTruth, verdict: Verdict): void;
  readonly tracker?: Tracker;
  /** Slots whose blocks cannot be read. Default: none. */
  isUnseen?(slot: number): boolean;
  /** Reads a slot in which something happened. Default: its swaps as the world lists them. */
  read?(record: SlotRecord): SlotSwaps;
}

/**
 * Gives a world's trades and slots to the tracker of verdicts.
 * @returns The trades that reached the chain and got no final verdict.
 */
export function judgeWorld(world: MevWorld, judging: Judging): MevTradeTruth[] {
  const judge = new WorldJudge(world, judging);
  for (const record of world.slots()) judge.add(record);
  return judge.end();
}

/** The same for a world whose slots are read by others too. What it keeps does not grow with the world. */
export class WorldJudge {
  readonly #world: MevWorld;
  readonly #judging: Judging;
  readonly #tracker: Tracker;
  readonly #truths = new Map<string, MevTradeTruth>();
  readonly #verdicts = new Map<string, Verdict>();
  #last: number;
  #settled: number;

  constructor(world: MevWorld, judging: Judging) {
    this.#world = world;
    this.#judging = judging;
    this.#tracker = judging.tracker ?? new VerdictTracker({ maxTrades: 1_000_000, keepSlots: 256 });
    this.#last = world.firstSlot - 1;
    this.#settled = this.#last;
  }

  add(record: SlotRecord): void {
    const last = this.#last;
    // Nothing happened between; longer gaps are farther away than any window.
    for (let slot = Math.max(last + 1, record.slot - FINAL_AFTER); slot < record.slot; slot++)
      this.#tell(slot);
    for (let slot = last + 1; slot <= Math.min(last + FINAL_AFTER, record.slot - 1); slot++) this.#tell(slot);
    this.#last = record.slot;
    this.#tell(record.slot, record);
    for (const { attributes } of record.trades) {
      const signature = attributes["solana.signature"];
      if (typeof signature !== "string") continue;
      const isProtected = attributes["mev.protection"] !== "none";
      this.#tracker.addTrade({
        id: String(attributes["trade.id"]),
        signature,
        slot: record.slot,
        isProtected,
      });
    }
    for (const truth of record.truths) if (truth.verdict !== null) this.#truths.set(truth.id, truth);
    if (record.slot - this.#settled < EACH_SLOTS) return;
    this.#settled = record.slot;
    this.#settle(record.slot - FINAL_AFTER);
  }

  /** @returns The trades that reached the chain and got no final verdict. */
  end(): MevTradeTruth[] {
    const end = this.#last + FINAL_AFTER;
    for (let slot = this.#last + 1; slot <= end; slot++) this.#tell(slot);
    this.#settle(end);
    return [...this.#truths.values()];
  }

  #tell(slot: number, record?: SlotRecord): void {
    if (this.#judging.isUnseen?.(slot) === true) {
      this.#tracker.addFailure(slot, "it was not recorded");
      return;
    }
    const { read } = this.#judging;
    const told =
      record !== undefined && read !== undefined ? read(record) : slotSwaps(this.#world, slot, record);
    this.#tracker.addSlot(told);
  }

  #settle(slot: number): void {
    this.#tracker.finalize(slot);
    for (const verdict of this.#tracker.take())
      if (verdict.state === "final") this.#verdicts.set(verdict.tradeId, verdict);
    for (const [id, truth] of this.#truths) {
      const verdict = this.#verdicts.get(id);
      if (verdict === undefined) continue;
      this.#judging.judged(truth, verdict);
      this.#truths.delete(id);
      this.#verdicts.delete(id);
    }
  }
}

function slotSwaps(world: MevWorld, slot: number, record?: SlotRecord): SlotSwaps {
  return {
    slot,
    pools: "all",
    swaps: record?.swaps ?? [],
    attempted: record?.failed ?? [],
    undecoded: [],
    transfers: record?.transfers ?? [],
    searched: [],
    others: [],
    skipped: [],
    leader: world.leaderOf(slot),
  };
}

function compare(truth: MevTradeTruth, verdict: Verdict, score: VerdictScore): void {
  const key = `${truth.verdict} as ${verdict.verdict}`;
  if (truth.disputed) {
    count(score.disputed, `${truth.attack?.outcome} as ${verdict.verdict}`);
    return;
  }
  count(score.confusion, key);
  if (truth.verdict !== verdict.verdict) {
    const why = truth.attack === null ? (truth.lookalikes[0]?.role ?? "nobody") : truth.reason;
    const kinds = [...new Set(verdict.evidence.map(({ kind }) => kind))].join(", ");
    count(score.wrong, `${key}: ${why} (${kinds})`);
  }
  if (truth.verdict === "impacted" && verdict.loss !== null) {
    score.lossErrors.push(Math.abs(Number(verdict.loss.atoms) / Number(truth.lossAtoms) - 1));
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
