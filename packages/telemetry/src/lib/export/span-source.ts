import type { EncodableScope, EncodableSpan } from "@slipstream/otlp/encode";
import { sizeOfSdkSpan } from "../spans/attribute-values.ts";
import { OwnSpan } from "../spans/own-span.ts";
import type { WallClock } from "../spans/wall-clock.ts";
import type { Batch } from "./batch.ts";
import { BatchBuilder } from "./batch-builder.ts";
import { BatchQueue } from "./batch-queue.ts";
import type { HealthCounter } from "./health.ts";
import type { LaneSource } from "./lane.ts";
import type { Outcome } from "./outcome.ts";

const SPANS_PER_BATCH = 1_024;
/** Receivers accept 4 MiB by default. */
const BYTES_PER_BATCH = 2 ** 20;
/** Beyond these, what waits is encoded at once, so that it stays small whatever the pace. */
const MOST_WAITING = 2_048;
const MOST_WAITING_BYTES = 2 ** 18;
/** Spans encoded in one turn of the event loop if there is time: about half a millisecond. */
const SPANS_PER_TURN = 256;

export type EndedSpan = OwnSpan | EncodableSpan;

export interface SpanSourceOptions {
  readonly resource: Readonly<Record<string, string>>;
  readonly queueBytes: number;
  readonly flushIntervalMs: number;
  readonly health: HealthCounter;
  readonly clock: WallClock;
  /** Of our own spans. */
  readonly scope: EncodableScope;
  /** If false, spans are only counted. */
  readonly sendsTraces: boolean;
  /** Called when a batch is ready to be sent. */
  readonly onReady: () => void;
  /** The batch being sent, which is not dropped. */
  readonly sending: () => Batch | undefined;
}

/**
 * Ended spans until they are delivered. They wait as they are, and are encoded together: after the flush interval, if
 * many wait, and before anybody asks for what they are counted in. A batch is ready with 1,024 spans, with 1 MiB, or after
 * the flush interval. While deliveries fail, only full batches are made, so that a backlog consists of few large requests.
 */
export class SpanSource implements LaneSource {
  readonly #options: SpanSourceOptions;
  readonly #builder: BatchBuilder;
  readonly #queue: BatchQueue = new BatchQueue();
  readonly #bytesPerBatch: number;
  #waiting: EndedSpan[] = [];
  #waitingBytes = 0;
  #draining = false;
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

  /** Call `drain` first, for what waits has no size yet. */
  get queuedBytes(): number {
    return this.#queue.bytes + this.#builder.bytes;
  }

  get queuedSpans(): number {
    return this.#queue.spans + this.#builder.spans + this.#waiting.length;
  }

  /** Queues an ended span. Never throws. */
  add(span: EndedSpan): void {
    const { clock } = this.#options;
    const isOwn = span instanceof OwnSpan;
    if (isOwn && !clock.holds(span.endMs)) {
      // The wall clock has jumped, or the machine has slept. What ended before keeps its time from before.
      this.drain();
      clock.refresh();
    }
    this.#waiting.push(span);
    this.#waitingBytes += isOwn ? span.size : sizeOfSdkSpan(span);
    if (this.#waiting.length >= MOST_WAITING || this.#waitingBytes >= MOST_WAITING_BYTES) this.drain();
    else this.#startTimer();
  }

  /** Counts and encodes the spans that wait. Never throws. */
  drain(): void {
    this.#drain(this.#waiting.length);
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
    this.drain();
    if (this.#builder.spans > 0) this.#due = true;
    const target = this.#made + (this.#builder.spans > 0 ? 1 : 0);
    this.#options.onReady();
    if (this.#gone >= target) return;
    await new Promise<void>((resolve) => this.#waiters.push({ target, resolve }));
  }

  /** Takes everything that is left, oldest first. */
  takeAll(): Batch[] {
    this.drain();
    if (this.#builder.spans > 0) this.#seal();
    const batches = this.#queue.toArray();
    this.#queue.clear();
    clearTimeout(this.#timer);
    this.#gone = this.#made;
    this.#wake();
    return batches;
  }

  readonly #onTimer = (): void => {
    // A span that ended between two turns has started one.
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#drain(SPANS_PER_TURN);
    if (this.#waiting.length > 0) {
      setImmediate(this.#onTimer).unref();
      return;
    }
    this.#due = true;
    this.#options.onReady();
  };

  #drain(most: number): void {
    // Who counts a span may ask for what was counted before.
    if (this.#waiting.length === 0 || this.#draining) return;
    this.#draining = true;
    for (const span of this.#waiting.splice(0, most)) this.#encode(span);
    this.#draining = false;
    if (this.#waiting.length > 0) return;
    this.#waitingBytes = 0;
    this.#options.clock.refresh();
    if (this.#builder.spans > 0) this.#startTimer();
  }

  #startTimer(): void {
    if (this.#timer !== undefined || this.#due) return;
    this.#timer = setTimeout(this.#onTimer, this.#options.flushIntervalMs);
    this.#timer.unref();
  }

  #encode(span: EndedSpan): void {
    const { clock, scope, sendsTraces, queueBytes, health } = this.#options;
    const isOwn = span instanceof OwnSpan;
    try {
      if (isOwn) span.settle();
      if (!sendsTraces) return;
      if (isOwn) this.#builder.addCompact(span, scope, clock);
      else this.#builder.add(span);
    } catch (error) {
      health.dropped(1, `a span could not be encoded: ${String(error)}`);
      return;
    }
    if (this.#builder.spans >= SPANS_PER_BATCH || this.#builder.bytes >= this.#bytesPerBatch) {
      this.#seal();
      this.#options.onReady();
    }
    if (this.queuedBytes > queueBytes) this.#dropOldest();
  }

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
