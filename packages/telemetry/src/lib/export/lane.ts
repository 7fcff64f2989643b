import { type Backoff, backoffMs } from "@slipstream/stats";
import type { Batch } from "./batch.ts";
import type { Outcome } from "./outcome.ts";

const BACKOFF: Backoff = { firstMs: 100, longestMs: 5_000 };

/** The source that a lane sends from and reports to. */
export interface LaneSource {
  /** The oldest waiting batch, which remains there until it is settled. */
  next(): Batch | undefined;
  /** The batch was accepted or refused permanently. */
  settled(batch: Batch, outcome: Exclude<Outcome, { kind: "failed" }>): void;
  failed(outcome: Extract<Outcome, { kind: "failed" }>): void;
}

/** Sends batches one at a time. After a failure it waits and sends the same batch again. */
export class Lane {
  readonly #source: LaneSource;
  readonly #send: (body: Uint8Array) => Promise<Outcome>;
  #running = false;
  #closed = false;
  #failures = 0;
  #sending: Batch | undefined;
  #endPause: (() => void) | undefined;

  constructor(source: LaneSource, send: (body: Uint8Array) => Promise<Outcome>) {
    this.#source = source;
    this.#send = send;
  }

  /** The batch being sent. */
  get sending(): Batch | undefined {
    return this.#sending;
  }

  /** Consecutive failures. */
  get failures(): number {
    return this.#failures;
  }

  /** Call it when there is something to send. */
  kick(): void {
    if (!this.#running && !this.#closed) void this.#run();
  }

  /** Sends immediately, even during the delay after a failure. */
  hurry(): void {
    this.#endPause?.();
    this.kick();
  }

  close(): void {
    this.#closed = true;
    this.#endPause?.();
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (!this.#closed) {
      this.#sending = this.#source.next();
      if (this.#sending === undefined) break;
      const outcome = await this.#send(this.#sending.body);
      const batch = this.#sending;
      this.#sending = undefined;
      if (outcome.kind === "failed") {
        this.#failures += 1;
        this.#source.failed(outcome);
        await this.#pause(outcome.afterMs ?? backoffMs(this.#failures - 1, BACKOFF, Math.random()));
      } else {
        this.#failures = 0;
        this.#source.settled(batch, outcome);
      }
    }
    this.#running = false;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#endPause?.(), ms);
      timer.unref();
      this.#endPause = () => {
        clearTimeout(timer);
        this.#endPause = undefined;
        resolve();
      };
    });
  }
}
