import type { OwnerTransfer } from "../swaps/owner-transfers.ts";
import { defaultWindow, windowSlots } from "./window.ts";

/** The properties of a failed swap that may show intent. */
export interface Attempt {
  readonly signer: string;
  readonly pool: string | null;
  readonly slot: number | null;
}

export interface DetectOptions {
  /**
   * Maximum number of slots between the first front run and the last back run: `windowSlots` of a time. Legs that are up to
   * `edgeFactor` times as far apart are listed as candidates. For pools on EVM chains always 0, because each block has
   * its own proposer.
   */
  readonly maxSlotDistance: number;
  /**
   * Maximum number of the pool's swaps between the first and the last leg. A sandwich encloses its victims
   * closely; buying and selling around a crowd is holding a position. This also bounds the work when many
   * trade at once.
   */
  readonly maxSwapsBetween: number;
  /** The leader of a slot, if known. Legs under different leaders are not a sandwich but a candidate. */
  readonly leaderOf: (slot: number) => string | undefined;
  /** Failed swaps, as evidence of intent. */
  readonly attempts: readonly Attempt[];
  /** What owners passed on to others, as `decodeBlock` reports it: it links the wallets of one attacker. */
  readonly transfers: readonly OwnerTransfer[];
  /** Additional programs and addresses that many people trade through. They never link two legs. */
  readonly routers: ReadonlySet<string>;
  /**
   * Whether round trips that count as luck become candidates. Not for callers that know more of who trades than these swaps
   * show.
   */
  readonly sortsOutLuck: boolean;
  /** Whether to replay the pools to compute the victims' losses. */
  readonly losses: boolean;
}

export const defaultDetectOptions: DetectOptions = {
  maxSlotDistance: windowSlots(defaultWindow),
  maxSwapsBetween: 250,
  leaderOf: () => undefined,
  attempts: [],
  transfers: [],
  routers: new Set(),
  sortsOutLuck: true,
  losses: true,
};

/**
 * Maximum number of victims named per candidate. Without a limit, a pool with 10,000 swaps could list
 * millions.
 */
export const candidateVictims = 16;

/** How much farther apart than the window legs may be to be listed as a candidate. Verdicts read no farther. */
export const edgeFactor = 2;
