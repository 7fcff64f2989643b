import { mix } from "../names.ts";

export const SLOT_MS = 400;
export const SLOT_SECONDS: number = SLOT_MS / 1000;
export const SLOTS_PER_DAY: number = 86_400_000 / SLOT_MS;
/**
 * Number of consecutive slots per leader. Source: NUM_CONSECUTIVE_LEADER_SLOTS,
 * https://solana.com/docs/core/clusters
 */
export const LEADER_SLOTS = 4;

export interface Leader {
  readonly identity: string;
  /** Share of the turns. */
  readonly stake: number;
  /** Whether the leader lets attackers see pending transactions and place their legs as they like. */
  readonly colludes: boolean;
  /** Share of its slots that stay empty. */
  readonly skipRate: number;
}

/**
 * The leader of each slot, and which slots have no block. Depends only on the slot, so it can be asked for
 * the future.
 */
export class Schedule {
  readonly firstSlot: number;
  readonly leaders: readonly [Leader, ...Leader[]];
  readonly #startMs: number;
  readonly #salt: number;

  /** @param startMs Unix time of the first slot. */
  constructor(firstSlot: number, startMs: number, leaders: readonly [Leader, ...Leader[]], salt: number) {
    this.firstSlot = firstSlot;
    this.leaders = leaders;
    this.#startMs = startMs;
    this.#salt = salt;
  }

  leaderOf(slot: number): Leader {
    let rest = this.#uniform(Math.floor(slot / LEADER_SLOTS), 1);
    for (const leader of this.leaders) {
      rest -= leader.stake;
      if (rest < 0) return leader;
    }
    return this.leaders[0];
  }

  isSkipped(slot: number): boolean {
    return this.#uniform(slot, 2) < this.leaderOf(slot).skipRate;
  }

  /** The slot itself, or the next one with a block. */
  withBlock(slot: number): number {
    let found = slot;
    while (this.isSkipped(found)) found++;
    return found;
  }

  /** The slots in the leader's turn that contains the slot, without those that have no block. */
  turnOf(slot: number): number[] {
    const first = slot - (slot % LEADER_SLOTS);
    return [0, 1, 2, 3].map((offset) => first + offset).filter((other) => !this.isSkipped(other));
  }

  /** Unix time of the start of a slot, in ms. */
  timeMs(slot: number): number {
    return this.#startMs + (slot - this.firstSlot) * SLOT_MS;
  }

  /** Hour of the day (UTC), with fraction. */
  hourOf(slot: number): number {
    return (this.timeMs(slot) / 3_600_000) % 24;
  }

  #uniform(number: number, purpose: number): number {
    return mix(mix(number ^ this.#salt) + Math.imul(purpose, 0x9e3779b1)) / 2 ** 32;
  }
}
