import type { Random } from "../../random.ts";

/**
 * How a swap is carried out so that no decoder reads it.
 * - `program`: a program that nobody knows moves the pool's tokens.
 * - `instruction`: an instruction of the pool's program that nobody knows.
 * - `hop`: the swap itself can be read, but the route goes on through a pool of a program that nobody knows.
 */
export type Unread = "program" | "instruction" | "hop";

/** What a transaction looks like on the chain, whatever it does. */
export interface Form {
  /** A version 1 transaction (SIMD-0385); otherwise legacy or version 0. */
  readonly isV1: boolean;
  /** Whether swaps in Raydium v4 use its second version, with 8 accounts. */
  readonly isShort: boolean;
  readonly unread: Unread | undefined;
}

/** Shares of the transactions, each from 0 to 1. */
export interface FormRates {
  readonly v1Share: number;
  readonly shortSwapShare: number;
  readonly unreadShare: number;
  readonly unreadRouteShare: number;
}

export const plainRates: FormRates = { v1Share: 0, shortSwapShare: 0, unreadShare: 0, unreadRouteShare: 0 };

/** @returns Draws the form of a transaction, given whether it is the desk's own. */
export function forms(rates: FormRates, random: Random): (isOwn: boolean) => Form {
  return (isOwn) => ({
    isV1: random.chance(rates.v1Share),
    isShort: random.chance(rates.shortSwapShare),
    unread: isOwn ? unreadOwn(rates, random) : unreadOther(rates, random),
  });
}

/** The desk knows its pool's program, but a route may lead further. */
function unreadOwn({ unreadRouteShare }: FormRates, random: Random): Unread | undefined {
  return random.chance(unreadRouteShare) ? "hop" : undefined;
}

function unreadOther({ unreadShare }: FormRates, random: Random): Unread | undefined {
  if (!random.chance(unreadShare)) return undefined;
  return random.chance(0.5) ? "program" : "instruction";
}
