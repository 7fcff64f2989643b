import { CANARY_KEY, CANARY_SECONDS } from "@slipstream/conventions";
import type { Canary } from "@slipstream/engine";
import { RetryLoop } from "../retry/retry-loop.ts";
import type { RedisLease } from "./redis-lease.ts";

export interface RedisCanaryOptions {
  /** Of the same prefix. */
  readonly lease: Pick<RedisLease, "write">;
  /** Comes before every key. */
  readonly prefix: string;
  /** Unix ms. */
  readonly now: () => number;
}

/** The newest canary of a desk in Redis, under a key that expires ten minutes after its receipt. What fails is tried again until then. */
export class RedisCanary {
  readonly #options: RedisCanaryOptions;
  readonly #loop: RetryLoop;
  #waiting: Canary | undefined;

  constructor(options: RedisCanaryOptions) {
    this.#options = options;
    this.#loop = new RetryLoop({
      step: () => this.#write(),
      hasMore: () => this.#waiting !== undefined,
    });
  }

  put(canary: Canary): void {
    this.#waiting = canary;
    this.#loop.wake();
  }

  close(): Promise<void> {
    return this.#loop.close();
  }

  async #write(): Promise<void> {
    const canary = this.#waiting;
    if (canary === undefined) return;
    const { lease, prefix, now } = this.#options;
    const { traceId, service, endMs, receivedMs } = canary;
    const restMs = Math.ceil(Math.min(receivedMs - now(), 0) + CANARY_SECONDS * 1_000);
    if (restMs > 0) {
      const text = JSON.stringify({ traceId, service, endMs, receivedMs });
      await lease.write([["SET", `${prefix}${CANARY_KEY}`, text, "PX", restMs]]);
    }
    if (this.#waiting === canary) this.#waiting = undefined;
  }
}
