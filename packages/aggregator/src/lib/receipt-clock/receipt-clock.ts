import { type Clocks, machineClocks } from "./machine-clocks.ts";

/** How far times of receipt and the machine's clock differ, when that begins, when it changes its kind, and when it is over. */
export type ReceiptClockNews =
  | { readonly kind: "agrees" }
  /** The machine's clock is behind times of receipt, which wait for it. */
  | { readonly kind: "ahead"; readonly seconds: number }
  /** The machine's clock has jumped ahead, and is not believed yet. */
  | { readonly kind: "behind"; readonly seconds: number };

export interface ReceiptClockOptions {
  /** Default: those of this machine. */
  readonly clocks?: Clocks | undefined;
  readonly onNews?: ((news: ReceiptClockNews) => void) | undefined;
}

/** What its users need of a `ReceiptClock`. */
export type ReceiptTimes = Pick<ReceiptClock, "now" | "startAfter" | "aheadMs">;

/** The machine's clock may jump ahead by this much without having to prove itself. */
const SMALL_STEP_MS = 5_000;
/** A longer jump is followed once it has stood for so long. */
const BELIEVED_AFTER_MS = 120_000;
/** How much slower times of receipt go while they are ahead of the machine's clock. */
const SLOWER = 0.02;
/** A longer difference between times of receipt and the machine's clock is told. */
export const TOLD_MS = 3_000;
/** One that grew by so much is worth another. */
const TOLD_AGAIN_MS = 60_000;

/**
 * The clock that stamps what comes in. It never stands still and never goes back, so that statistics and alerts go on whatever
 * happens to the machine's clock:
 *
 * - It goes on by a clock that is never set, and follows the machine's.
 * - If the machine's clock is set forward by a few seconds, or if the machine slept, it follows at once. A longer jump it follows
 *   after two minutes, so that a clock that is wrong for a moment moves nothing.
 * - If the machine's clock is set back, or is behind the newest receipt in the log when the aggregator starts, it goes on from where it
 *   is, 2 % slower, until both agree again.
 */
export class ReceiptClock {
  readonly #clocks: Clocks;
  readonly #onNews: (news: ReceiptClockNews) => void;
  #ms: number;
  #monotonicMs: number;
  /** How long the machine has slept since it started. */
  #sleepMs: number;
  /** Since when the machine's clock is far ahead, of the monotonic clock. */
  #behindSinceMs: number | undefined;
  #told: ReceiptClockNews["kind"] = "agrees";
  #toldMs = 0;

  constructor({ clocks = machineClocks, onNews = () => undefined }: ReceiptClockOptions = {}) {
    this.#clocks = clocks;
    this.#onNews = onNews;
    this.#ms = clocks.wallMs();
    this.#monotonicMs = clocks.monotonicMs();
    this.#sleepMs = clocks.bootMs() - this.#monotonicMs;
  }

  /** Unix ms, whole. */
  readonly now = (): number => {
    const { wallMs: wallOf, monotonicMs: monotonicOf } = this.#clocks;
    const [wallMs, monotonicMs] = [wallOf(), monotonicOf()];
    const passedMs = Math.max(0, monotonicMs - this.#monotonicMs);
    this.#monotonicMs = monotonicMs;
    this.#ms = this.#next(wallMs, passedMs);
    this.#tell(wallMs);
    return Math.floor(this.#ms);
  };

  /** Begins after this time of receipt, Unix ms: the newest that there was. */
  startAfter(receivedMs: number): void {
    this.#ms = Math.max(this.#ms, receivedMs);
  }

  /** Times of receipt less the machine's clock, ms. */
  get aheadMs(): number {
    return this.now() - this.#clocks.wallMs();
  }

  #next(wallMs: number, passedMs: number): number {
    const goneOnMs = this.#ms + passedMs;
    const stepMs = wallMs - goneOnMs;
    if (stepMs <= SMALL_STEP_MS) this.#behindSinceMs = undefined;
    if (stepMs < 0) return goneOnMs - Math.min(-stepMs, SLOWER * passedMs);
    if (stepMs <= SMALL_STEP_MS) return wallMs;
    const sleptMs = this.#sleptMs();
    this.#behindSinceMs ??= this.#monotonicMs;
    const isBelieved = this.#monotonicMs - this.#behindSinceMs >= BELIEVED_AFTER_MS;
    if (isBelieved || stepMs - sleptMs <= SMALL_STEP_MS) {
      this.#behindSinceMs = undefined;
      return wallMs;
    }
    return goneOnMs + sleptMs;
  }

  /** For how long the machine slept since it was last asked. */
  #sleptMs(): number {
    const beforeMs = this.#sleepMs;
    this.#sleepMs = this.#clocks.bootMs() - this.#monotonicMs;
    return Math.max(0, this.#sleepMs - beforeMs);
  }

  #tell(wallMs: number): void {
    const aheadMs = this.#ms - wallMs;
    const kind = aheadMs > TOLD_MS ? "ahead" : aheadMs < -TOLD_MS ? "behind" : "agrees";
    if (kind === this.#told && Math.abs(aheadMs) <= this.#toldMs + TOLD_AGAIN_MS) return;
    this.#told = kind;
    this.#toldMs = Math.abs(aheadMs);
    this.#onNews(kind === "agrees" ? { kind } : { kind, seconds: Math.round(this.#toldMs / 100) / 10 });
  }
}

/** @param now times of receipt as they are, in place of those that follow the machine's clocks */
export function receiptClock(
  { now, clocks }: { readonly now?: (() => number) | undefined; readonly clocks?: Clocks | undefined },
  onNews: (news: ReceiptClockNews) => void,
): ReceiptTimes {
  if (now === undefined) return new ReceiptClock({ clocks, onNews });
  return { now, startAfter: () => undefined, aheadMs: 0 };
}
