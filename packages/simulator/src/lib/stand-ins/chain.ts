import { encodeBase58, type Message, priorityFee, type Transaction } from "@slipstream/solana";
import type { Protection } from "../market/decisions.ts";
import type { Market } from "../market/market.ts";
import { minimumOut } from "../market/minimum-out.ts";
import { type Pair, pairOf, type Side } from "../market/tokens.ts";
import { blockhashOf, HEIGHT_BELOW_SLOT } from "../mev-world/blocks/block.ts";
import { SLOT_MS } from "../mev-world/chain/slots.ts";
import type { WorldTransaction } from "../mev-world/chain/transaction.ts";
import type { Random } from "../random.ts";
import { BASE_FEE_LAMPORTS, readSwap, type SwapRequest } from "../solana/swap-transaction.ts";
import type { ChainVerdict } from "./chain-verdict.ts";
import { LiveWorld } from "./live-world.ts";

export { SLOT_MS };
export const FINALIZED_AFTER_SLOTS = 32;
export const FORGET_AFTER_SLOTS = 1024;

/**
 * Slots continue from run to run, as on a real chain, so slots from an earlier run are not mistaken for those
 * of this one. They depend on the time only: who reads the chain of one simulator can go on with that of another, and trades on a
 * chain that it does not read are not in slots that it waits for.
 */
const BEGINNING_MS = Date.UTC(2026, 0, 1);
const FIRST_EVER_SLOT = 285_000_000;

/** Number of blocks before the desk's start, so that what happened around its first trades is visible. */
const SLOTS_BEFORE = 8;

/** One of the desk's transactions that is on the chain. */
export interface Landed {
  readonly signature: string;
  readonly message: Message;
  readonly swap: SwapRequest;
  readonly pair: Pair;
  readonly side: Side;
  readonly slot: number;
  /** Output in atoms; undefined if the swap reverted because the output was below the minimum. */
  readonly out: bigint | undefined;
  readonly feeLamports: number;
}

export type Level = "processed" | "confirmed" | "finalized";

export interface ChainOptions {
  readonly seed: number;
  /** Unix time of the first slot, in ms. Default: now. */
  readonly startMs?: number | undefined;
  /** Number of slots for which a blockhash is valid (150 on Solana). */
  readonly blockhashSlots: number;
  /** Share of accepted transactions that no leader ever includes. */
  readonly lostRate: number;
  /** Share of the unprotected transactions that attackers go after. */
  readonly attackRate: number;
  /** Called with what attackers did to each landed transaction, some slots later. */
  readonly onVerdict?: ((verdict: ChainVerdict) => void) | undefined;
}

/** The expected result of a swap. */
export interface Quoted {
  readonly out: bigint;
  /** Share by which it moves the price. */
  readonly impact: number;
}

/**
 * The ledger behind the RPC stand-in: slots follow the clock, blockhashes expire, transactions land. A block
 * is built when its slot begins, or at the next request.
 */
export class Chain {
  readonly world: LiveWorld;
  readonly #random: Random;
  readonly #options: ChainOptions;
  /** The oldest slot with a block. */
  readonly firstSlot: number;
  /** Undefined while a transaction is pending, or if it never lands. */
  readonly #landed = new Map<string, Landed | undefined>();
  readonly #blocks = new Map<number, readonly WorldTransaction[]>();
  readonly #hashes = new Map<string, number>();
  #newestHash: { slot: number; blockhash: string } | undefined;
  /** The newest slot whose block has been built. */
  #built: number;

  constructor(market: Market, random: Random, options: ChainOptions) {
    this.#random = random;
    this.#options = options;
    const { startMs = Date.now() } = options;
    this.firstSlot = FIRST_EVER_SLOT + Math.floor((startMs - BEGINNING_MS) / SLOT_MS) - SLOTS_BEFORE;
    this.#built = this.firstSlot - 1;
    this.world = new LiveWorld({
      seed: options.seed,
      market,
      random: random.fork("world"),
      firstSlot: this.firstSlot,
      startMs: startMs - SLOTS_BEFORE * SLOT_MS,
      timeOf: (slot) => this.timeOf(slot),
      attackRate: options.attackRate,
      onVerdict: (verdict) => options.onVerdict?.(verdict),
    });
  }

  slot(timeMs: number): number {
    return this.firstSlot + SLOTS_BEFORE + Math.floor(timeMs / SLOT_MS);
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

  quote(pair: Pair, side: Side, amountIn: bigint, timeMs: number): Quoted {
    this.#advance(timeMs);
    const { curve } = this.world.pool(pair);
    const buy = side === "buy";
    const reserve = buy ? curve.depth.quote : curve.depth.base;
    const impact = Number(amountIn) / (reserve + Number(amountIn));
    return { out: curve.quote(buy, amountIn), impact };
  }

  /** The output of the swap now; undefined if it would revert. */
  simulate(swap: SwapRequest, timeMs: number): bigint | undefined {
    const found = pairOf(swap.inputMint, swap.outputMint);
    if (found === undefined) return undefined;
    const { out } = this.quote(found.pair, found.side, swap.amountIn, timeMs);
    return out < minimumOut(swap.quotedOut, swap.toleranceBps) ? undefined : out;
  }

  /** Accepts a transaction, which lands in a later slot or never. Accepting it twice changes nothing. */
  accept(transaction: Transaction, timeMs: number, protection: Protection): string | undefined {
    this.#advance(timeMs);
    const signature = encodeBase58(transaction.signature);
    const swap = readSwap(transaction.message);
    const found = swap && pairOf(swap.inputMint, swap.outputMint);
    if (swap === undefined || found === undefined) return undefined;
    if (this.#landed.has(signature)) return signature;
    this.#landed.set(signature, undefined);
    if (this.#random.chance(this.#options.lostRate)) return signature;
    // The more is paid, the sooner a leader includes it.
    const waits = swap.computeUnitPrice + swap.tipLamports < 5_000 ? 0.35 : 0.12;
    const from = this.slot(timeMs) + 1;
    let slot = from;
    while (this.#random.chance(waits)) slot++;
    slot = this.world.schedule.withBlock(slot);
    const { message } = transaction;
    const feeLamports = BASE_FEE_LAMPORTS + priorityFee(swap.computeUnitLimit, swap.computeUnitPrice);
    this.world.send({ signature, swap, ...found, protection, from, slot }, ({ swaps: [done] }) => {
      this.#landed.set(signature, {
        signature,
        message,
        swap,
        ...found,
        slot,
        out: done?.amountOut,
        feeLamports,
      });
    });
    return signature;
  }

  find(signature: string, timeMs: number): { landed: Landed; level: Level } | undefined {
    this.#advance(timeMs);
    const landed = this.#landed.get(signature);
    if (landed === undefined) return undefined;
    const age = this.slot(timeMs) - landed.slot;
    return { landed, level: age < 1 ? "processed" : age < FINALIZED_AFTER_SLOTS ? "confirmed" : "finalized" };
  }

  /** The transactions that swap in a slot, in order. */
  inSlot(slot: number, timeMs: number): readonly WorldTransaction[] {
    this.#advance(timeMs);
    return this.#blocks.get(slot) ?? [];
  }

  /**
   * Called when trading has ended: builds further blocks until every transaction's verdict has been reported.
   */
  finish(): void {
    while (this.world.isJudging) this.#build(true);
  }

  blockhash(slot: number): string {
    return blockhashOf(slot);
  }

  /** Start of a slot in the stand-ins' time, in ms; below 0 for the first slots. */
  timeOf(slot: number): number {
    return (slot - this.firstSlot - SLOTS_BEFORE) * SLOT_MS;
  }

  #advance(timeMs: number): void {
    const newest = this.slot(timeMs);
    // Slots that can no longer be requested are built quickly.
    while (this.#built < newest) this.#build(this.#built < newest - FORGET_AFTER_SLOTS);
  }

  #build(quiet: boolean): void {
    const slot = ++this.#built;
    const transactions = this.world.build(slot, quiet);
    if (transactions.length > 0) this.#blocks.set(slot, transactions);
    this.#blocks.delete(slot - FORGET_AFTER_SLOTS - 1);
    this.#forget(slot);
  }

  /** Insertion order is roughly slot order, so the oldest come first. */
  #forget(slot: number): void {
    for (const [signature, landed] of this.#landed) {
      if (landed !== undefined && slot - landed.slot <= FORGET_AFTER_SLOTS) return;
      if (landed === undefined && this.#landed.size < 10_000) return;
      this.#landed.delete(signature);
    }
  }
}
