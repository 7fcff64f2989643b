import { createHash } from "node:crypto";
import { minimumOut, type Reserves } from "../market/constant-product.ts";
import type { Market } from "../market/market.ts";
import { type Pair, pairOf, type Side } from "../market/tokens.ts";
import type { Random } from "../random.ts";
import { encodeBase58 } from "../solana/base58.ts";
import { BASE_FEE_LAMPORTS, priorityFee, readSwap, type SwapRequest } from "../solana/swap-transaction.ts";
import type { Message, Transaction } from "../solana/transaction.ts";

export const SLOT_MS = 400;
/** Block height is lower than the slot: some slots have no block. */
export const HEIGHT_BELOW_SLOT = 21_700_000;
export const FINALIZED_AFTER_SLOTS = 32;
export const FORGET_AFTER_SLOTS = 1024;

/** Slots count on from run to run, as on a chain: who has seen the last run has not seen this one. */
const BEGINNING_MS = Date.UTC(2026, 0, 1);

/** A transaction that the chain knows. */
export interface Landed {
  readonly signature: string;
  readonly message: Message;
  readonly swap: SwapRequest;
  readonly pair: Pair;
  readonly side: Side;
  readonly slot: number;
  /** Output atoms; undefined where the swap was reverted for giving less than the minimum. */
  readonly out: bigint | undefined;
  /** What the pool held before the swap. */
  readonly before: Reserves;
  readonly feeLamports: number;
}

export type Level = "processed" | "confirmed" | "finalized";

interface Pending extends Omit<Landed, "out" | "before" | "feeLamports"> {
  /** What others' trades just before it move the price by (log), against it where positive. */
  readonly shift: number;
  readonly bundled: boolean;
}

export interface ChainOptions {
  /** Slots for which a blockhash is valid: 150 on Solana. */
  readonly blockhashSlots: number;
  /** Share of accepted transactions that no leader ever includes. */
  readonly lostRate: number;
}

/** The ledger behind the RPC stand-in: slots by the clock, blockhashes that expire, transactions that land. */
export class Chain {
  readonly #market: Market;
  readonly #random: Random;
  readonly #options: ChainOptions;
  /** The slot at time 0. */
  readonly firstSlot: number;
  readonly #pending = new Map<string, Pending>();
  readonly #landed = new Map<string, Landed | undefined>();
  readonly #hashes = new Map<string, number>();
  #newestHash: { slot: number; blockhash: string } | undefined;

  constructor(market: Market, random: Random, options: ChainOptions) {
    this.#market = market;
    this.#random = random;
    this.#options = options;
    const draw = Math.floor(random.next() * 1_000_000);
    this.firstSlot = 285_000_000 + draw + Math.floor((Date.now() - BEGINNING_MS) / SLOT_MS);
  }

  slot(timeMs: number): number {
    return this.firstSlot + Math.floor(timeMs / SLOT_MS);
  }

  height(timeMs: number): number {
    return this.slot(timeMs) - HEIGHT_BELOW_SLOT;
  }

  latestBlockhash(timeMs: number): { blockhash: string; lastValidBlockHeight: number } {
    const slot = this.slot(timeMs);
    if (this.#newestHash?.slot !== slot) {
      const blockhash = this.blockhash(slot);
      this.#newestHash = { slot, blockhash };
      this.#hashes.set(blockhash, slot);
      for (const [hash, known] of this.#hashes) {
        if (slot - known <= this.#options.blockhashSlots) break;
        this.#hashes.delete(hash);
      }
    }
    const height = slot - HEIGHT_BELOW_SLOT;
    return {
      blockhash: this.#newestHash.blockhash,
      lastValidBlockHeight: height + this.#options.blockhashSlots,
    };
  }

  isValid(blockhash: string, timeMs: number): boolean {
    const slot = this.#hashes.get(blockhash);
    return slot !== undefined && this.slot(timeMs) - slot <= this.#options.blockhashSlots;
  }

  /** What the swap would give now; undefined where it would be reverted. */
  simulate(swap: SwapRequest, timeMs: number): bigint | undefined {
    const found = pairOf(swap.inputMint, swap.outputMint);
    if (found === undefined) return undefined;
    return this.#execute(swap, found.pair, found.side, timeMs, 0);
  }

  /** Takes a transaction; it lands in a later slot, or never. Taking it twice changes nothing. */
  accept(transaction: Transaction, timeMs: number, bundled: boolean): string | undefined {
    const signature = encodeBase58(transaction.signature);
    const swap = readSwap(transaction.message);
    const found = swap && pairOf(swap.inputMint, swap.outputMint);
    if (swap === undefined || found === undefined) return undefined;
    if (this.#pending.has(signature) || this.#landed.has(signature)) return signature;
    const random = this.#random;
    // The more is paid, the sooner a leader takes it.
    const waits = swap.computeUnitPrice + swap.tipLamports < 5_000 ? 0.35 : 0.12;
    let slot = this.slot(timeMs) + 1;
    while (random.chance(waits)) slot++;
    const flow = random.chance(0.2) ? Math.min(0.03, random.pareto(1e-3, 1.6)) : 4e-4 * random.normal();
    // Nobody sees a protected transaction before it lands, so nobody trades ahead of it.
    const shift = bundled ? Math.min(flow, 4e-4) : flow;
    const { message } = transaction;
    this.#landed.set(signature, undefined);
    if (!random.chance(this.#options.lostRate)) {
      this.#pending.set(signature, { signature, message, swap, ...found, slot, shift, bundled });
    }
    return signature;
  }

  find(signature: string, timeMs: number): { landed: Landed; level: Level } | undefined {
    const pending = this.#pending.get(signature);
    if (pending !== undefined && this.slot(timeMs) >= pending.slot) this.#land(pending);
    const landed = this.#landed.get(signature);
    if (landed === undefined) return undefined;
    const age = this.slot(timeMs) - landed.slot;
    return { landed, level: age < 1 ? "processed" : age < FINALIZED_AFTER_SLOTS ? "confirmed" : "finalized" };
  }

  /** Those that landed in a slot, in no order that matters. */
  inSlot(slot: number, timeMs: number): Landed[] {
    for (const pending of this.#pending.values()) {
      if (pending.slot === slot && this.slot(timeMs) >= slot) this.#land(pending);
    }
    return [...this.#landed.values()].flatMap((landed) => (landed?.slot === slot ? [landed] : []));
  }

  blockhash(slot: number): string {
    return encodeBase58(createHash("sha256").update(`${this.firstSlot}/${slot}`).digest());
  }

  /** When a slot began, in the stand-ins' time, ms. */
  timeOf(slot: number): number {
    return (slot - this.firstSlot) * SLOT_MS;
  }

  #land(pending: Pending): void {
    const { signature, message, swap, pair, side, slot, shift } = pending;
    this.#pending.delete(signature);
    const out = this.#execute(swap, pair, side, this.timeOf(slot), shift);
    // A bundle that would be reverted is not included: it costs nothing and is never seen.
    if (out === undefined && pending.bundled) return;
    const feeLamports = BASE_FEE_LAMPORTS + priorityFee(swap.computeUnitLimit, swap.computeUnitPrice);
    const before = this.#market.reserves(pair, this.timeOf(slot), directed(side, shift));
    this.#landed.set(signature, { signature, message, swap, pair, side, slot, out, before, feeLamports });
    this.#forget(slot);
  }

  #execute(swap: SwapRequest, pair: Pair, side: Side, timeMs: number, shift: number): bigint | undefined {
    const out = this.#market.out(pair, side, swap.amountIn, timeMs, directed(side, shift));
    return out < minimumOut(swap.quotedOut, swap.toleranceBps) ? undefined : out;
  }

  /** Insertion order is about slot order, so the oldest come first. */
  #forget(slot: number): void {
    for (const [signature, landed] of this.#landed) {
      if (landed !== undefined && slot - landed.slot <= FORGET_AFTER_SLOTS) return;
      if (landed === undefined && this.#landed.size < 10_000) return;
      this.#landed.delete(signature);
      this.#pending.delete(signature);
    }
  }
}

/** The shift of the log price that is against a trade. */
function directed(side: Side, shift: number): number {
  return side === "buy" ? shift : -shift;
}
