import type { EncodableSpan } from "@slipstream/otlp/encode";
import type { Batch } from "./batch.ts";
import { BatchBuilder } from "./batch-builder.ts";
import { BatchQueue } from "./batch-queue.ts";
import type { HealthCounter } from "./health.ts";
import type { LaneSource } from "./lane.ts";
import type { Outcome } from "./outcome.ts";

const SPANS_PER_BATCH = 512;
/** Receivers accept 4 MiB by default. */
const BYTES_PER_BATCH = 2 ** 20;

export interface SpanSourceOptions {
  readonly resource: Readonly<Record<string, string>>;
  readonly queueBytes: number;
  readonly flushIntervalMs: number;
  readonly health: HealthCounter;
  /** Called when a batch is ready to be sent. */
  readonly onReady: () => void;
  /** The batch being sent, which is not dropped. */
  readonly sending: () => Batch | undefined;
}

/**
 * Ended spans, as encoded batches, until they are delivered. A batch is ready with 512 spans, with 1 MiB, or
 * after the flush interval. While deliveries fail, only full batches are made, so that a backlog consists of
 * few large requests.
 */
export class SpanSource implements LaneSource {
  readonly #options: SpanSourceOptions;
  readonly #builder: BatchBuilder;
  readonly #queue: BatchQueue = new BatchQueue();
  readonly #bytesPerBatch: number;
  #due = false;
  #timer: NodeJS.Timeout | undefined;
  #made = 0;
  #gone = 0;
  #waiters: { readonly target: number; readonly resolve: () => void }[] = [];

  constructor(options: SpanSourceOptions) {
    this.#options = options;
    this.#builder = new BatchBuilder(options.resource);
    this.#bytesPerBatch = Math.min(BYTES_PER_BATCH, options.queueBytes / 4);
  }

  get queuedBytes(): number {
    return this.#queue.bytes + this.#builder.bytes;
  }

  get queuedSpans(): number {
    return this.#queue.spans + this.#builder.spans;
  }

  /** Encodes and queues an ended span. */
  add(span: EncodableSpan): void {
    this.#builder.add(span);
    if (this.#builder.spans >= SPANS_PER_BATCH || this.#builder.bytes >= this.#bytesPerBatch) {
      this.#seal();
      this.#options.onReady();
    } else if (this.#timer === undefined && !this.#due) {
      this.#timer = setTimeout(this.#onTimer, this.#options.flushIntervalMs);
      this.#timer.unref();
    }
    if (this.queuedBytes > this.#options.queueBytes) this.#dropOldest();
  }

  next(): Batch | undefined {
    if (this.#queue.length === 0 && this.#due) this.#seal();
    return this.#queue.peek();
  }

  settled(batch: Batch, outcome: Exclude<Outcome, { kind: "failed" }>): void {
    const { health } = this.#options;
    if (outcome.kind === "delivered")
      health.delivered("traces", batch.spans, outcome.rejected, outcome.message);
    else health.refused("traces", batch.spans, outcome);
    // If it is not the oldest, it has been taken out in the meantime.
    if (this.#queue.peek() !== batch) return;
    this.#queue.shift();
    this.#went();
  }

  failed(outcome: Extract<Outcome, { kind: "failed" }>): void {
    this.#options.health.failed("traces", outcome);
  }

  /** Resolves once every span that has ended is delivered, refused or dropped. */
  async drained(): Promise<void> {
    if (this.#builder.spans > 0) this.#due = true;
    const target = this.#made + (this.#builder.spans > 0 ? 1 : 0);
    this.#options.onReady();
    if (this.#gone >= target) return;
    await new Promise<void>((resolve) => this.#waiters.push({ target, resolve }));
  }

  /** Takes everything that is left, oldest first. */
  takeAll(): Batch[] {
    if (this.#builder.spans > 0) this.#seal();
    const batches = this.#queue.toArray();
    this.#queue.clear();
    clearTimeout(this.#timer);
    this.#gone = this.#made;
    this.#wake();
    return batches;
  }

  readonly #onTimer = (): void => {
    this.#timer = undefined;
    this.#due = true;
    this.#options.onReady();
  };

  #seal(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#due = false;
    if (this.#builder.spans === 0) return;
    this.#queue.push(this.#builder.seal());
    this.#made += 1;
  }

  #dropOldest(): void {
    while (this.queuedBytes > this.#options.queueBytes) {
      const batch = this.#queue.dropOldest(this.#options.sending());
      if (batch === undefined) return;
      this.#options.health.dropped(
        batch.spans,
        `the queue limit of ${this.#options.queueBytes} bytes was reached`,
      );
      this.#went();
    }
  }

  #went(): void {
    this.#gone += 1;
    this.#wake();
  }

  #wake(): void {
    const due = this.#waiters.filter(({ target }) => this.#gone >= target);
    if (due.length === 0) return;
    this.#waiters = this.#waiters.filter(({ target }) => this.#gone < target);
    for (const { resolve } of due) resolve();
  }
}
