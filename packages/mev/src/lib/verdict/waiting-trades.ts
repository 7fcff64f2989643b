import type { OwnTrade } from "./model.ts";
import type { WaitingTrade } from "./tracker-state.ts";

/** Trades without a final verdict, by id, signature and slot, in the order of arrival. */
export class WaitingTrades {
  readonly #byId = new Map<string, WaitingTrade>();
  readonly #bySignature = new Map<string, Set<string>>();
  readonly #bySlot = new Map<number, Set<string>>();

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): WaitingTrade | undefined {
    return this.#byId.get(id);
  }

  values(): IterableIterator<WaitingTrade> {
    return this.#byId.values();
  }

  /** Slots that contain trades, in ascending order. */
  slots(): number[] {
    return [...this.#bySlot.keys()].sort((a, b) => a - b);
  }

  hasSlot(slot: number): boolean {
    return this.#bySlot.has(slot);
  }

  inSlot(slot: number): WaitingTrade[] {
    return this.#pick(this.#bySlot.get(slot));
  }

  withSignature(signature: string): WaitingTrade[] {
    return this.#pick(this.#bySignature.get(signature));
  }

  set(waiting: WaitingTrade): void {
    const { trade, slot } = waiting;
    const known = this.#byId.get(trade.id);
    if (known !== undefined) this.#unlink(known);
    this.#byId.set(trade.id, waiting);
    link(this.#bySignature, trade.signature, trade.id);
    if (slot !== null) link(this.#bySlot, slot, trade.id);
  }

  delete({ id }: OwnTrade): void {
    const known = this.#byId.get(id);
    if (known === undefined) return;
    this.#unlink(known);
    this.#byId.delete(id);
  }

  #unlink({ trade, slot }: WaitingTrade): void {
    unlink(this.#bySignature, trade.signature, trade.id);
    if (slot !== null) unlink(this.#bySlot, slot, trade.id);
  }

  #pick(ids: ReadonlySet<string> | undefined): WaitingTrade[] {
    return [...(ids ?? [])].flatMap((id) => this.#byId.get(id) ?? []);
  }
}

function link<K>(index: Map<K, Set<string>>, key: K, id: string): void {
  const ids = index.get(key);
  if (ids === undefined) index.set(key, new Set([id]));
  else ids.add(id);
}

function unlink<K>(index: Map<K, Set<string>>, key: K, id: string): void {
  const ids = index.get(key);
  ids?.delete(id);
  if (ids?.size === 0) index.delete(key);
}
