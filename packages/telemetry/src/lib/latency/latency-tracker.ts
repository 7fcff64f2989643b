import { type Attributes, context, type Span, type Tracer } from "@opentelemetry/api";
import { recordFailure } from "../failure.ts";
import type { HistogramHandle } from "../instruments/handles.ts";
import type { Instruments } from "../instruments/instruments.ts";
import { type Observer, observed } from "../observe.ts";
import { withActiveSpan } from "../spans/active-span.ts";
import { type AtDrain, OwnSpan, type SpanOwner } from "../spans/own-span.ts";
import { type Clocks, systemClocks } from "../spans/wall-clock.ts";
import { LatencyMinutes, minuteOf } from "./minutes.ts";
import { histogramOf, spanOptionsOf } from "./operations.ts";
import type { LatencySnapshot } from "./snapshot.ts";

/** The name under which operations beyond the limit are counted together. */
export const OVERFLOW_OPERATION = "other";

export interface LatencyTrackerOptions {
  readonly tracer: Tracer;
  readonly instruments: Instruments;
  /** Minutes kept for each operation. Default: 60. */
  readonly minutes?: number;
  /** Maximum number of separate operations; further ones count as "other". Default: 64. */
  readonly maxOperations?: number;
  /** Unix time in ms. */
  readonly now?: () => number;
  /** A clock in ms that never jumps. */
  readonly monotonicNow?: () => number;
  /** Called with each latency that counts, at most a flush interval later. `endMs`: Unix time. Must not throw. */
  readonly onLatency?: (operation: string, seconds: number, endMs: number) => void;
}

/** Measures calls: a span and a latency for each call, and percentiles per minute and operation. */
export class LatencyTracker {
  readonly #tracer: Tracer;
  readonly #instruments: Instruments;
  readonly #keep: number;
  readonly #maxOperations: number;
  readonly #clocks: Clocks;
  readonly #onLatency: LatencyTrackerOptions["onLatency"];
  /** Spans of our own have the clocks of their own, and are counted when they are encoded. */
  readonly #hasOwnClocks: boolean;
  readonly #operations = new Map<string, LatencyMinutes>();
  #overflow: LatencyMinutes | undefined;
  /** Where calls may wait that are not counted yet. */
  #owner: SpanOwner | undefined;
  #minuteMs = 0;

  constructor(options: LatencyTrackerOptions) {
    this.#tracer = options.tracer;
    this.#instruments = options.instruments;
    this.#keep = options.minutes ?? 60;
    this.#maxOperations = options.maxOperations ?? 64;
    const { now = systemClocks.now, monotonicNow = systemClocks.monotonicNow } = options;
    this.#clocks = { now, monotonicNow };
    this.#onLatency = options.onLatency;
    this.#hasOwnClocks = options.now !== undefined || options.monotonicNow !== undefined;
  }

  /**
   * Calls `fn` and measures it, until its promise settles if it returns one. Results and errors pass through
   * unchanged. The span has the operation's name and `attributes` and is active inside `fn`. `"solana.rpc"`,
   * `"jupiter.quote"`, `"jupiter.swap"` and `"db.write"` also count in the service's metrics.
   */
  track<T>(operation: string, fn: () => T, attributes?: Attributes): T {
    const parent = context.active();
    const span = this.#tracer.startSpan(operation, spanOptionsOf(operation), parent);
    // If they were passed to startSpan, they would be checked three times.
    if (attributes !== undefined) span.setAttributes(attributes);
    const histogram = histogramOf(operation, attributes, this.#instruments);
    const active = withActiveSpan(parent, span);
    return observed(() => context.with(active, fn), this.#callOf(operation, histogram, span));
  }

  /**
   * Counts a latency that was measured elsewhere, without a span. Invalid values of `seconds` are ignored.
   */
  record(operation: string, seconds: number, attributes?: Attributes): void {
    const histogram = histogramOf(operation, attributes, this.#instruments);
    this.#count({ operation, histogram }, seconds, this.#clocks.now());
  }

  /** The current minute so far; undefined if the operation was never seen or counts as "other". */
  current(operation: string): LatencySnapshot | undefined {
    this.#owner?.drain();
    return this.#find(operation)?.current(this.#clocks.now());
  }

  /** The last minutes in which the operation was called, oldest first, without the current one. */
  minutes(operation: string): readonly LatencySnapshot[] {
    this.#owner?.drain();
    return this.#find(operation)?.minutes(this.#clocks.now()) ?? [];
  }

  /**
   * The separate operations, in the order in which they were first seen, then "other" if it has counted
   * anything.
   */
  operations(): readonly string[] {
    this.#owner?.drain();
    const names = [...this.#operations.keys()];
    return this.#overflow === undefined ? names : [...names, OVERFLOW_OPERATION];
  }

  #callOf(operation: string, histogram: HistogramHandle | undefined, span: Span): Observer {
    if (!(span instanceof OwnSpan) || this.#hasOwnClocks) {
      return new ForeignCall(operation, histogram, span, this.#clocks, this.#count);
    }
    this.#owner = span.owner;
    return new OwnCall(operation, histogram, span, this.#count);
  }

  readonly #count: Count = ({ operation, histogram }, seconds, endMs) => {
    if (!(seconds >= 0 && seconds < Number.POSITIVE_INFINITY)) return;
    const minuteMs = minuteOf(endMs);
    if (minuteMs > this.#minuteMs) {
      this.#minuteMs = minuteMs;
      // What ended in the minute before must not count in this one.
      this.#owner?.drain();
    }
    this.#minutesOf(operation, endMs).record(seconds, endMs);
    histogram?.record(seconds);
    this.#onLatency?.(operation, seconds, endMs);
  };

  #find(operation: string): LatencyMinutes | undefined {
    return operation === OVERFLOW_OPERATION ? this.#overflow : this.#operations.get(operation);
  }

  #minutesOf(operation: string, nowMs: number): LatencyMinutes {
    const known = this.#find(operation);
    if (known !== undefined) return known;
    if (operation !== OVERFLOW_OPERATION && this.#operations.size < this.#maxOperations) {
      const made = new LatencyMinutes(operation, this.#keep, nowMs);
      this.#operations.set(operation, made);
      return made;
    }
    this.#overflow ??= new LatencyMinutes(OVERFLOW_OPERATION, this.#keep, nowMs);
    return this.#overflow;
  }
}

interface Call {
  readonly operation: string;
  readonly histogram: HistogramHandle | undefined;
}

/** `endMs`: Unix time. */
type Count = (call: Call, seconds: number, endMs: number) => void;

/** A call with a span of our own, whose times count. */
class OwnCall implements Call, Observer, AtDrain {
  readonly operation: string;
  readonly histogram: HistogramHandle | undefined;
  readonly span: OwnSpan;
  readonly #count: Count;

  constructor(operation: string, histogram: HistogramHandle | undefined, span: OwnSpan, count: Count) {
    this.operation = operation;
    this.histogram = histogram;
    this.span = span;
    this.#count = count;
  }

  succeeded(): void {
    const { span } = this;
    if (span.ended) {
      // The service has ended it, and the call went on.
      const { clock } = span.owner;
      const endMs = clock.now();
      this.#count(this, (endMs - span.startMs) / 1_000, clock.unixMs(endMs));
      return;
    }
    span.atDrain = this;
    span.end();
  }

  failed(error: unknown): void {
    recordFailure(this.span, error);
    this.succeeded();
  }

  drained({ startMs, endMs: end }: OwnSpan, endMs: number): void {
    this.#count(this, (end - startMs) / 1_000, endMs);
  }
}

/** A call with a span of any other kind. */
class ForeignCall implements Call, Observer {
  readonly operation: string;
  readonly histogram: HistogramHandle | undefined;
  readonly #span: Span;
  readonly #clocks: Clocks;
  readonly #count: Count;
  readonly #startMs: number;

  constructor(
    operation: string,
    histogram: HistogramHandle | undefined,
    span: Span,
    clocks: Clocks,
    count: Count,
  ) {
    this.operation = operation;
    this.histogram = histogram;
    this.#span = span;
    this.#clocks = clocks;
    this.#count = count;
    this.#startMs = clocks.monotonicNow();
  }

  succeeded(): void {
    const { now, monotonicNow } = this.#clocks;
    this.#count(this, (monotonicNow() - this.#startMs) / 1_000, now());
    this.#span.end();
  }

  failed(error: unknown): void {
    recordFailure(this.#span, error);
    this.succeeded();
  }
}
