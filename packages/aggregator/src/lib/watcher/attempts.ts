import { type Backoff, backoffMs } from "@slipstream/stats";

/** Failures in a row after which a slot is told to be unreadable, while it is tried on. */
export const TELL_AFTER = 5;
/** A block that is not there yet: half a slot. */
const LATER_MS = 200;
/** The same slot may be wanted again for another pool; not faster than this. */
const AGAIN_MS = 400;
const BACKOFF: Backoff = { firstMs: 500, longestMs: 60_000 };
const MOST_SLOTS = 4_096;
const GONE = Number.POSITIVE_INFINITY;

interface Attempt {
  failures: number;
  nextMs: number;
  /** What was answered, if any of the failures was an answer. */
  answer?: string | undefined;
}

/** When each slot, or transaction, may be asked for (again). Bounded: what is forgotten is tried at once. */
export class Attempts<Key> {
  readonly #slots: Map<Key, Attempt> = new Map();

  isDue(slot: Key, nowMs: number): boolean {
    return (this.#slots.get(slot)?.nextMs ?? 0) <= nowMs;
  }

  done(slot: Key, nowMs: number): void {
    this.#set(slot, { failures: 0, nextMs: nowMs + AGAIN_MS });
  }

  later(slot: Key, nowMs: number): void {
    const { failures = 0, answer } = this.#slots.get(slot) ?? {};
    this.#set(slot, { failures, nextMs: nowMs + LATER_MS, answer });
  }

  /**
   * @param answer why it cannot be had, if that was said; undefined if there was no good answer
   * @returns how many in a row, and the newest answer among them
   */
  failed(slot: Key, nowMs: number, answer?: string): Readonly<Pick<Attempt, "failures" | "answer">> {
    const before = this.#slots.get(slot);
    const failures = (before?.failures ?? 0) + 1;
    const nextMs = nowMs + backoffMs(failures - 1, BACKOFF, Math.random());
    const attempt = { failures, nextMs, answer: answer ?? before?.answer };
    this.#set(slot, attempt);
    return attempt;
  }

  /** Whether it was asked for already. */
  has(slot: Key): boolean {
    return this.#slots.has(slot);
  }

  /** Whether it is to be told, or was told, that it cannot be had. */
  isGone(slot: Key): boolean {
    return (this.#slots.get(slot)?.failures ?? 0) >= TELL_AFTER;
  }

  /** What failed may be asked for at once: it was not to blame. */
  again(nowMs: number): void {
    for (const [slot, attempt] of this.#slots)
      if (attempt.failures > 0 && attempt.failures < GONE)
        this.#slots.set(slot, { ...attempt, nextMs: nowMs });
  }

  /** It is not to be had: seldom tried from here on. */
  gone(slot: Key, nowMs: number): void {
    this.#set(slot, { failures: GONE, nextMs: nowMs + 600_000 });
  }

  #set(slot: Key, attempt: Attempt): void {
    this.#slots.delete(slot);
    this.#slots.set(slot, attempt);
    for (const oldest of this.#slots.keys()) {
      if (this.#slots.size <= MOST_SLOTS) return;
      this.#slots.delete(oldest);
    }
  }
}
