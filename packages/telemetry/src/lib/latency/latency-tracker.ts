import { type Attributes, context, type Span, type Tracer, trace } from "@opentelemetry/api";
import { recordFailure } from "../failure.ts";
import type { Instruments } from "../instruments/instruments.ts";
import { observed } from "../observe.ts";
import { LatencyMinutes } from "./minutes.ts";
import { histogramOf, spanKindOf } from "./operations.ts";
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
}

/** Measures calls: a span and a latency for each call, and percentiles per minute and operation. */
export class LatencyTracker {
  readonly #tracer: Tracer;
  readonly #instruments: Instruments;
  readonly #keep: number;
  readonly #maxOperations: number;
  readonly #now: () => number;
  readonly #monotonicNow: () => number;
  readonly #operations = new Map<string, LatencyMinutes>();
  #overflow: LatencyMinutes | undefined;

  constructor(options: LatencyTrackerOptions) {
    this.#tracer = options.tracer;
    this.#instruments = options.instruments;
    this.#keep = options.minutes ?? 60;
    this.#maxOperations = options.maxOperations ?? 64;
    this.#now = options.now ?? Date.now;
    this.#monotonicNow = options.monotonicNow ?? (() => performance.now());
  }

  /**
   * Calls `fn` and measures it, until its promise settles if it returns one. Results and errors pass through
   * unchanged. The span has the operation's name and `attributes` and is active inside `fn`. `"solana.rpc"`,
   * `"jupiter.quote"`, `"jupiter.swap"` and `"db.write"` also count in the service's metrics.
   */
  track<T>(operation: string, fn: () => T, attributes?: Attributes): T {
    const span = this.#tracer.startSpan(operation, { kind: spanKindOf(operation) });
    // If they were passed to startSpan, they would be checked three times.
    if (attributes !== undefined) span.setAttributes(attributes);
    const active = trace.setSpan(context.active(), span);
    const startMs = this.#monotonicNow();
    return observed(() => context.with(active, fn), {
      succeeded: () => this.#end(operation, attributes, span, startMs),
      failed: (error) => {
        recordFailure(span, error);
        this.#end(operation, attributes, span, startMs);
      },
    });
  }

  /**
   * Counts a latency that was measured elsewhere, without a span. Invalid values of `seconds` are ignored.
   */
  record(operation: string, seconds: number, attributes?: Attributes): void {
    if (!(seconds >= 0 && seconds < Number.POSITIVE_INFINITY)) return;
    const nowMs = this.#now();
    this.#minutesOf(operation, nowMs).record(seconds, nowMs);
    histogramOf(operation, attributes, this.#instruments)?.record(seconds);
  }

  /** The current minute so far; undefined if the operation was never seen or counts as "other". */
  current(operation: string): LatencySnapshot | undefined {
    return this.#find(operation)?.current(this.#now());
  }

  /** The last minutes in which the operation was called, oldest first, without the current one. */
  minutes(operation: string): readonly LatencySnapshot[] {
    return this.#find(operation)?.minutes(this.#now()) ?? [];
  }

  /**
   * The separate operations, in the order in which they were first seen, then "other" if it has counted
   * anything.
   */
  operations(): readonly string[] {
    const names = [...this.#operations.keys()];
    return this.#overflow === undefined ? names : [...names, OVERFLOW_OPERATION];
  }

  #end(operation: string, attributes: Attributes | undefined, span: Span, startMs: number): void {
    this.record(operation, (this.#monotonicNow() - startMs) / 1_000, attributes);
    span.end();
  }

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
