import { type Backoff, backoffMs } from "@slipstream/stats";
import type { Batch } from "./batch.ts";
import type { Outcome } from "./outcome.ts";

const BACKOFF: Backoff = { firstMs: 100, longestMs: 5_000 };

/** Where a lane takes from and reports to. */
export interface LaneSource {
  /** The oldest batch that waits; it stays where it is until settled. */
  next(): Batch | undefined;
  /** The batch was taken or refused for good. */
  settled(batch: Batch, outcome: Exclude<Outcome, { kind: "failed" }>): void;
  failed(outcome: Extract<Outcome, { kind: "failed" }>): void;
}

/** Sends one batch after the other, one at a time; after a failure it waits and sends the same one again. */
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

  /** The batch whose answer is awaited. */
  get sending(): Batch | undefined {
    return this.#sending;
  }

  /** Failures in a row. */
  get failures(): number {
    return this.#failures;
  }

  /** There is something to send. */
  kick(): void {
    if (!this.#running && !this.#closed) void this.#run();
  }

  /** Sends at once, though a failure has just asked for patience. */
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
