import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { attribute } from "@slipstream/conventions";
import { openMevWorld, recordMevWorld, type TrueVerdict } from "@slipstream/simulator";
import type { Values } from "../load/spans.ts";

/** What of a trade tells where it stands on the chain. The rest is the load's own, whose sums are exact in any order. */
const TOLD = [
  attribute.tradeId,
  attribute.tradePair,
  attribute.tradeSide,
  attribute.tradeSizeUsd,
  attribute.tradeStatus,
  attribute.tradePool,
  attribute.tradeSolUsd,
  attribute.mevProtection,
  attribute.solanaSignature,
  attribute.solanaSlot,
  attribute.solanaPriorityFeeLamports,
  attribute.jitoTipLamports,
];

/** A small world of attackers on disk: the blocks around the desk's trades, the trades, and what truly befell them. */
export interface ChainWorld {
  /** Folder of `SLOT.json`. */
  readonly blocks: string;
  /** Ascending. */
  readonly slots: readonly number[];
  /** Attributes of the trades that landed or reverted, in the order they were made. */
  readonly trades: readonly Values[];
  /** By trade id. */
  readonly truths: ReadonlyMap<string, TrueVerdict>;
}

export async function recordChainWorld(seed: number, folder: string, trades = 150): Promise<ChainWorld> {
  // A trade each 3 s: several at a time wait for the same blocks.
  const world = openMevWorld({ seed, trades, days: trades / 30_000, attackRate: 0.1 });
  await recordMevWorld(world, folder);
  const blocks = join(folder, "blocks");
  const slots = readdirSync(blocks)
    .map((name) => Number.parseInt(name, 10))
    .sort((a, b) => a - b);
  const spans = linesOf<{ readonly attributes: Values }>(join(folder, "trades.ndjson"));
  const truths = new Map<string, TrueVerdict>();
  for (const line of linesOf<TruthLine>(join(folder, "truth.ndjson"))) {
    if (line.type === "trade" && line.verdict != null) truths.set(line.id, line.verdict);
  }
  const placed = spans.filter(({ attributes }) => attribute.solanaSlot in attributes);
  return { blocks, slots, truths, trades: placed.map(({ attributes }) => told(attributes)) };
}

interface TruthLine {
  readonly type: string;
  readonly id: string;
  readonly verdict?: TrueVerdict | null;
}

function told(attributes: Values): Values {
  return Object.fromEntries(
    Object.entries(attributes).filter(([name]) => (TOLD as readonly string[]).includes(name)),
  );
}

function linesOf<T>(file: string): T[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as T);
}
