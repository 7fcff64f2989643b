import type { Batch } from "./batch.ts";
import type { HealthCounter } from "./health.ts";
import type { LaneSource } from "./lane.ts";
import type { Outcome } from "./outcome.ts";

/** The newest undelivered metrics. Values are cumulative, so newer metrics replace older ones. */
export class MetricSource implements LaneSource {
  readonly #health: HealthCounter;
  #newest: Batch | undefined;
  #waiters: (() => void)[] = [];

  constructor(health: HealthCounter) {
    this.#health = health;
  }

  set(body: Uint8Array): void {
    this.#newest = { body, spans: 0 };
  }

  next(): Batch | undefined {
    return this.#newest;
  }

  settled(batch: Batch, outcome: Exclude<Outcome, { kind: "failed" }>): void {
    if (outcome.kind === "delivered") this.#health.delivered("metrics", 0, outcome.rejected, outcome.message);
    else this.#health.refused("metrics", 0, outcome);
    if (this.#newest !== batch) return;
    this.take();
  }

  failed(outcome: Extract<Outcome, { kind: "failed" }>): void {
    this.#health.failed("metrics", outcome);
  }

  /** Resolves when nothing is waiting. */
  async drained(): Promise<void> {
    if (this.#newest === undefined) return;
    await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  take(): Batch | undefined {
    const batch = this.#newest;
    this.#newest = undefined;
    for (const resolve of this.#waiters.splice(0)) resolve();
    return batch;
  }
}
