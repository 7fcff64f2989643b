import { decodeBlock, type SlotSwaps, slotSwaps, type Verdict } from "@slipstream/mev";
import { type MevTradeTruth, openMevWorld, type SlotRecord } from "@slipstream/simulator";
import { parseBlockText } from "@slipstream/solana/block";
import type { Judges } from "../judges.ts";
import { poolKinds } from "../mev-world/score.ts";
import { WorldJudge } from "../mev-world/verdicts.ts";
import { type TallyData, VerdictTally } from "../scores/verdict-tally.ts";
import type { ChainWorld } from "./chain-worlds.ts";

/** What a reader of a world's blocks makes of it. */
export interface ChainScore {
  readonly world: ChainWorld;
  readonly blocks: number;
  readonly counts: ChainCounts;
  /** Trades around which everything could be read. */
  readonly whole: VerdictTally;
  /** Trades with a swap of their pool, or of their own route, that nobody decodes. */
  readonly unread: VerdictTally;
}

export interface ChainCounts {
  swaps: number;
  /** Swaps that nobody decodes. */
  unread: number;
  /** Those of them that the reader reported as such. */
  reported: number;
  /** Transactions of version 1. */
  v1: number;
  transactions: number;
  /** Swaps of Raydium v4's second version. */
  short: number;
}

export type ChainScoreData = Omit<ChainScore, "whole" | "unread"> & {
  readonly whole: TallyData;
  readonly unread: TallyData;
};

export function restoreChainScore(data: ChainScoreData): ChainScore {
  const [whole, unread] = [new VerdictTally(), new VerdictTally()];
  whole.merge(data.whole);
  unread.merge(data.unread);
  return { ...data, whole, unread };
}

/** Slots on either side of a trade that its verdict rests on. */
const AROUND = 3;
/** Slots that are remembered of each pool. */
const KEPT_SLOTS = 256;

/** Reads a world from the text of its blocks, with the decoders and the reduction of the aggregator. */
export function scoreChain(
  given: ChainWorld,
  { openTracker }: Pick<Judges, "openTracker">,
  progress?: (share: number) => void,
): ChainScore {
  const world = openMevWorld(given.options);
  const pools = new Set(world.pools.map(({ address }) => address));
  const kinds = poolKinds(world);
  const counts: ChainCounts = { swaps: 0, unread: 0, reported: 0, v1: 0, transactions: 0, short: 0 };
  const surroundings = new Surroundings();
  const [whole, unread] = [new VerdictTally(), new VerdictTally()];
  let [blocks, done] = [0, 0];
  const judged = (truth: MevTradeTruth, verdict: Verdict | undefined): void => {
    const tally = surroundings.isWhole(truth) ? whole : unread;
    tally.add({ ...truth, protocol: kinds.get(truth.pool) ?? truth.protocol }, verdict);
    progress?.(++done / given.options.trades);
  };
  const read = (record: SlotRecord): SlotSwaps => {
    const answer = world.block(record);
    const signatures = new Set(
      record.trades.flatMap(({ attributes }) => String(attributes["solana.signature"] ?? [])),
    );
    if (answer === null) return { ...nothingIn(record.slot), leader: record.leader };
    blocks++;
    const block = parseBlockText(JSON.stringify(answer));
    const decoded = decodeBlock(block, record.slot);
    const hidden = new Set([...decoded.unread, ...decoded.undecoded].map(({ signature }) => signature));
    counts.reported += record.unread.filter(({ signature }) => hidden.has(signature)).length;
    return slotSwaps(decoded, { pools, signatures });
  };
  const judge = new WorldJudge(world, { judged, tracker: openTracker(), read });
  for (const record of world.slots()) {
    surroundings.add(record);
    count(counts, record);
    judge.add(record);
  }
  for (const truth of judge.end()) judged(truth, undefined);
  return { world: given, blocks, counts, whole, unread };
}

function count(counts: ChainCounts, { transactions, swaps, unread }: SlotRecord): void {
  counts.swaps += swaps.length + unread.filter(({ kind }) => kind !== "hop").length;
  counts.unread += unread.length;
  counts.transactions += transactions.length;
  for (const { form, swaps: done } of transactions) {
    if (form.isV1) counts.v1++;
    if (form.isShort) counts.short += done.filter(({ pool }) => pool.protocol === "RaydiumV4").length;
  }
}

/** A slot without a block. */
function nothingIn(slot: number): SlotSwaps {
  return {
    slot,
    pools: "all",
    swaps: [],
    attempted: [],
    undecoded: [],
    searched: [],
    others: [],
    skipped: [],
    leader: null,
  };
}

/** Where there were swaps that nobody decodes, in truth. */
class Surroundings {
  readonly #slots = new Map<string, number[]>();
  readonly #own = new Set<string>();

  add({ slot, unread }: SlotRecord): void {
    for (const { pools, kind, signature } of unread) {
      if (kind === "hop") {
        this.#own.add(signature);
        continue;
      }
      for (const pool of pools) {
        const slots = this.#slots.get(pool) ?? [];
        this.#slots.set(pool, [...slots.filter((other) => other > slot - KEPT_SLOTS), slot]);
      }
    }
  }

  isWhole({ pool, slot, signature }: MevTradeTruth): boolean {
    if (this.#own.has(signature ?? "")) return false;
    return !(this.#slots.get(pool) ?? []).some((other) => Math.abs(other - (slot ?? 0)) <= AROUND);
  }
}
