import type { Random } from "../../random.ts";
import { SLOT_SECONDS } from "../chain/slots.ts";
import type { PairSpec } from "./catalogue.ts";

/**
 * Share of the distance to its start that a log price returns per second, so it forgets its past after some
 * hours.
 */
const REVERSION_PER_SECOND = 1 / 21_600;

/** The external price of a pair. */
export interface PairPrice {
  /** Advances to a slot, which must not be earlier than the previous one. */
  advance(slot: number): void;
  /** Whole quote tokens per base token. */
  readonly price: number;
  /** Atoms of quote per atom of base. */
  readonly atomPrice: number;
}

/** An Ornstein-Uhlenbeck process of the logarithm, exact over any number of slots. */
export class OutsidePrice implements PairPrice {
  readonly #spec: PairSpec;
  readonly #random: Random;
  #slot: number;
  #offset = 0;

  constructor(spec: PairSpec, random: Random, slot: number) {
    this.#spec = spec;
    this.#random = random;
    this.#slot = slot;
  }

  advance(slot: number): void {
    if (slot <= this.#slot) return;
    const seconds = (slot - this.#slot) * SLOT_SECONDS;
    this.#slot = slot;
    const kept = Math.exp(-REVERSION_PER_SECOND * seconds);
    const variance = (this.#spec.volatility ** 2 * (1 - kept * kept)) / (2 * REVERSION_PER_SECOND);
    this.#offset = this.#offset * kept + Math.sqrt(variance) * this.#random.normal();
  }

  get price(): number {
    return this.#spec.startPrice * Math.exp(this.#offset);
  }

  get atomPrice(): number {
    return inAtoms(this.#spec, this.price);
  }
}

/** A price in atoms of quote per atom of base. */
export function inAtoms({ base, quote }: Pick<PairSpec, "base" | "quote">, price: number): number {
  return price * 10 ** (quote.decimals - base.decimals);
}
