import { copyFileSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { attribute } from "@slipstream/conventions";
import type { TrueVerdict } from "@slipstream/simulator";
import { Random } from "@slipstream/testing/random";
import type { Values } from "../load/spans.ts";
import type { ChainPlan } from "./chain-plan.ts";
import { recordChainWorld } from "./chain-world.ts";

/** The chain of a round: which of a world's blocks there are, and the trades as the desk tells them. */
export class Chain {
  readonly slots: readonly number[];
  readonly trades: readonly Values[];
  readonly truths: ReadonlyMap<string, TrueVerdict>;
  /** Slots whose block is never to be had. */
  readonly missing: ReadonlySet<number>;
  /** What a trade that waits for one of them is told. */
  readonly missingReason: string;
  readonly #blocks: string;
  /** Where the trades' transactions landed. */
  readonly places: ReadonlyMap<string, number>;

  private constructor(parts: {
    readonly blocks: string;
    readonly slots: readonly number[];
    readonly trades: readonly Values[];
    readonly truths: ReadonlyMap<string, TrueVerdict>;
    readonly missing: ReadonlySet<number>;
    readonly missingReason: string;
    readonly places: ReadonlyMap<string, number>;
  }) {
    this.#blocks = parts.blocks;
    this.places = parts.places;
    this.slots = parts.slots;
    this.trades = parts.trades;
    this.truths = parts.truths;
    this.missing = parts.missing;
    this.missingReason = parts.missingReason;
  }

  static async make(seed: number, plan: ChainPlan, folder: string): Promise<Chain> {
    const random = new Random(seed);
    const { blocks, slots, trades, truths } = await recordChainWorld(random.int(1, 2 ** 31), folder);
    const places = new Map(
      trades.map((one) => [String(one[attribute.solanaSignature]), Number(one[attribute.solanaSlot])]),
    );
    // The first and the last are there: a folder's newest block tells how far the chain is.
    const missing = new Set(slots.slice(1, -1).filter(() => random.chance(plan.missing)));
    return new Chain({
      blocks,
      slots,
      truths,
      missing,
      places,
      missingReason:
        plan.source === "folder" ? "it is not in the folder of blocks" : "the node no longer has it",
      trades: trades.map((one) => (random.chance(plan.unplaced) ? withoutSlot(one) : one)),
    });
  }

  get newest(): number {
    return this.slots.at(-1) ?? -1;
  }

  /** A `getBlock` answer, "null" where the chain has no block in the slot; undefined where there is no such slot. */
  text(slot: number): string | undefined {
    if (this.missing.has(slot) || !this.slots.includes(slot)) return undefined;
    return readFileSync(join(this.#blocks, `${slot}.json`), "utf8");
  }

  /** Where a transaction landed. */
  placeOf(signature: string): number | undefined {
    return this.places.get(signature);
  }

  /** Copies the blocks of the slots from one on and before another into a folder, the oldest first, each all at once. */
  copyTo(folder: string, from: number, before: number): void {
    mkdirSync(folder, { recursive: true });
    for (const slot of this.slots) {
      if (slot < from || slot >= before || this.missing.has(slot)) continue;
      const name = join(folder, `${slot}.json`);
      copyFileSync(join(this.#blocks, `${slot}.json`), `${name}.part`);
      renameSync(`${name}.part`, name);
    }
  }
}

function withoutSlot(trade: Values): Values {
  const { [attribute.solanaSlot]: _, ...rest } = trade;
  return rest;
}
