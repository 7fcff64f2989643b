import type { OwnerTransfer } from "../swaps/owner-transfers.ts";
import type { AttemptedSwap, Swap, SwapPlace, UndecodedSwap } from "../swaps/swap.ts";
import type { OtherTransaction, SlotSwaps } from "./slot-swaps.ts";
import type { SlotState } from "./tracker-state.ts";

/** Everything known about a slot. */
export interface KnownSlot {
  readonly slot: number;
  /**
   * Pools that are completely known; "all" if the whole block is known or the slot was skipped; undefined if
   * nothing has arrived yet.
   */
  pools: ReadonlySet<string> | "all" | undefined;
  leader: string | null;
  /** Whether it is known to have a block. */
  hasBlock: boolean;
  /** Slots just before it that its block says were skipped. */
  skipped: readonly number[];
  /** Why it could not be read when it was last tried. */
  failure: string | undefined;
  readonly swaps: Map<string, Swap>;
  readonly attempted: Map<string, AttemptedSwap>;
  readonly undecoded: Map<string, UndecodedSwap>;
  readonly others: Map<string, OtherTransaction>;
  /** By signature and position. */
  readonly transfers: Map<string, OwnerTransfer>;
  /** Signatures of the desk's transactions that the slot was searched for. */
  readonly searched: Set<string>;
  /** The saved form; undefined if anything has arrived since. Immutable. */
  saved: SlotState | undefined;
}

/** Swaps by slot. They may arrive in any order and repeatedly. */
export class SlotStore {
  readonly #slots = new Map<number, KnownSlot>();
  readonly #slotOf = new Map<string, number>();
  #swaps = 0;

  get swaps(): number {
    return this.#swaps;
  }

  get size(): number {
    return this.#slots.size;
  }

  get(slot: number): KnownSlot | undefined {
    return this.#slots.get(slot);
  }

  /** The slot of a known transaction. */
  slotOf(signature: string): KnownSlot | undefined {
    return this.#slots.get(this.#slotOf.get(signature) ?? -1);
  }

  slots(): IterableIterator<KnownSlot> {
    return this.#slots.values();
  }

  /**
   * Adds data about a slot. If a swap is reported twice, the first report counts, or the first with tips, which are
   * reported only of the desk's own. @returns Whether anything
   * is new.
   */
  add(told: SlotSwaps): boolean {
    const known = this.#at(told.slot);
    known.saved = undefined;
    const before = known.swaps.size;
    known.failure = undefined;
    known.hasBlock = true;
    if (told.skipped.length > 0) known.skipped = told.skipped;
    let changed = this.#cover(known, told.pools);
    for (const swap of told.swaps) changed = putSwap(known.swaps, swap) || changed;
    for (const swap of told.attempted) changed = putSwap(known.attempted, swap) || changed;
    for (const swap of told.undecoded) changed = putSwap(known.undecoded, swap) || changed;
    for (const other of told.others) changed = put(known.others, other.signature, other) || changed;
    for (const one of told.transfers ?? []) {
      changed = put(known.transfers, `${one.signature}:${one.eventIndex}`, one) || changed;
    }
    for (const signature of told.searched) known.searched.add(signature);
    for (const { signature } of signedIn(told)) this.#slotOf.set(signature, told.slot);
    if (known.leader === null && told.leader !== null) {
      known.leader = told.leader;
      changed = true;
    }
    this.#swaps += known.swaps.size - before;
    return changed;
  }

  /** The chain has no block in this slot. */
  skip(slot: number): boolean {
    const known = this.#at(slot);
    known.saved = undefined;
    known.failure = undefined;
    return this.#cover(known, "all");
  }

  /** The slot, or more of it, cannot be read, for the given reason. Its data may still arrive later. */
  fail(slot: number, reason: string): boolean {
    const known = this.#at(slot);
    const isNew = known.failure === undefined && known.pools !== "all";
    if (isNew) {
      known.failure = reason;
      known.saved = undefined;
    }
    return isNew;
  }

  delete(slot: number): void {
    const known = this.#slots.get(slot);
    if (known === undefined) return;
    this.#swaps -= known.swaps.size;
    this.#slots.delete(slot);
    for (const list of [known.swaps, known.attempted, known.undecoded, known.others]) {
      for (const { signature } of list.values()) {
        if (this.#slotOf.get(signature) === slot) this.#slotOf.delete(signature);
      }
    }
  }

  /** A slot without new data since the last call is the same object. */
  save(): SlotState[] {
    return Array.from(this.#slots.values(), (known) => {
      known.saved ??= stateOf(known);
      return known.saved;
    });
  }

  restore(slots: readonly SlotState[]): void {
    for (const { pools, failure, hasBlock, ...told } of slots) {
      if (pools !== null) this.add({ ...told, pools, skipped: told.skipped ?? [] });
      this.#at(told.slot).hasBlock = hasBlock ?? pools !== null;
      if (failure !== null) this.fail(told.slot, failure);
    }
  }

  #at(slot: number): KnownSlot {
    const known = this.#slots.get(slot);
    if (known !== undefined) return known;
    const fresh: KnownSlot = {
      slot,
      pools: undefined,
      leader: null,
      hasBlock: false,
      skipped: [],
      failure: undefined,
      swaps: new Map(),
      attempted: new Map(),
      undecoded: new Map(),
      others: new Map(),
      transfers: new Map(),
      searched: new Set(),
      saved: undefined,
    };
    this.#slots.set(slot, fresh);
    return fresh;
  }

  #cover(known: KnownSlot, pools: SlotSwaps["pools"]): boolean {
    if (known.pools === "all") return false;
    if (pools === "all") {
      known.pools = "all";
      return true;
    }
    const all = new Set([...(known.pools ?? []), ...pools]);
    const changed = known.pools === undefined || all.size > known.pools.size;
    known.pools = all;
    return changed;
  }
}

function stateOf({ slot, pools, leader, hasBlock, skipped, failure, ...known }: KnownSlot): SlotState {
  return {
    slot,
    pools: pools === undefined ? null : pools === "all" ? "all" : [...pools],
    leader,
    hasBlock,
    skipped,
    failure: failure ?? null,
    swaps: [...known.swaps.values()],
    attempted: [...known.attempted.values()],
    undecoded: [...known.undecoded.values()],
    others: [...known.others.values()],
    transfers: [...known.transfers.values()],
    searched: [...known.searched],
  };
}

/** Everything in a slot that has a signature. */
export function signedIn(told: SlotSwaps): readonly { readonly signature: string }[] {
  return [...told.swaps, ...told.attempted, ...told.undecoded, ...told.others];
}

function put<T>(map: Map<string, T>, key: string, value: T): boolean {
  if (map.has(key)) return false;
  map.set(key, value);
  return true;
}

function putSwap<T extends SwapPlace>(map: Map<string, T>, swap: T): boolean {
  const known = map.get(swap.id);
  if (known !== undefined && (known.tips !== undefined || swap.tips === undefined)) return false;
  map.set(swap.id, swap);
  return true;
}
