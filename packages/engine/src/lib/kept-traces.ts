import { aggregatorMetrics, KEPT_FROM_MS, keptSpanNames } from "@slipstream/conventions";
import type { Span } from "@slipstream/otlp/decode";
import { type Saved, SavedFields } from "@slipstream/stats";
import { Dedupe } from "./dedupe.ts";
import type { CallKind, SpanEvent, TraceId } from "./event.ts";
import type { Part } from "./parts/part.ts";
import { SpanKey } from "./span-key.ts";

const NAMES: ReadonlySet<string> = new Set(keptSpanNames);
const ERROR = 2;
const SERVER = 2;
/** Traces remembered: a minute and more of them at 100 a second. */
const MOST_TRACES = 8_192;
/** Operations of which spans wait. */
const MOST_OPERATIONS = 256;
/** One that waits makes room for a newer one after this time. */
const MAKES_ROOM_MS = 5_000;
/** By then a trade has ended, or its blockhash has expired. */
const LONGEST_WAIT_MS = 120_000;
const BOUNDS: readonly number[] = aggregatorMetrics.operationLatency.buckets ?? [];

/**
 * Which traces the Collector's sampler keeps for certain, so that exemplars can name them: those with a span of which the sampler's
 * policies say so. Whether a call is part of such a trace may be known only later, for a trade's own span comes last. So one span waits for
 * each operation and bucket of its latency, and becomes an exemplar if a span that is kept comes. Bounded: what is forgotten is no exemplar.
 */
export class KeptTraces implements Part {
  readonly #kept: Dedupe = new Dedupe(MOST_TRACES);
  // Spans of a trace often come in a row, and each asks twice: the key, and whether it is kept, are those of the last trace.
  readonly #key: SpanKey = new SpanKey();
  #last: TraceId | undefined;
  #isLastKept = false;
  /** By operation and bucket. */
  readonly #waiting: Map<string, (SpanEvent | undefined)[]> = new Map();

  /** Takes a span that was not seen before. */
  take(span: Span): void {
    if (!isKept(span) || this.has(span)) return;
    this.#kept.add(this.#key, 0);
    this.#isLastKept = true;
  }

  /** Whether a span of the trace came that is kept for certain. */
  has(trace: TraceId): boolean {
    if (this.#last === undefined || !isSame(trace, this.#last)) {
      const { trace0, trace1, trace2, trace3 } = trace;
      this.#last = { trace0, trace1, trace2, trace3 };
      this.#isLastKept = this.#kept.find(this.#key.ofTrace(trace)) >= 0;
    }
    return this.#isLastKept;
  }

  /**
   * Lets an event wait whose trace is not known to be kept.
   *
   * @returns one that waited in its place, if its trace is known by now
   */
  wait(event: SpanEvent): SpanEvent | undefined {
    // Not known: it is in no bucket.
    if (!(event.seconds >= 0)) return undefined;
    let buckets = this.#waiting.get(event.operation);
    if (buckets === undefined) {
      if (this.#waiting.size >= MOST_OPERATIONS) return undefined;
      buckets = [];
      this.#waiting.set(event.operation, buckets);
    }
    let bucket = 0;
    while (bucket < BOUNDS.length && event.seconds > (BOUNDS[bucket] as number)) bucket += 1;
    const before = buckets[bucket];
    if (before !== undefined && Math.abs(event.timeMs - before.timeMs) < MAKES_ROOM_MS) return undefined;
    buckets[bucket] = copyOf(event);
    return before !== undefined && this.has(before.span) ? before : undefined;
  }

  /** Those that need not wait any longer, because their traces are known to be kept. Forgets those that waited too long. */
  settle(nowMs: number): readonly SpanEvent[] {
    const settled: SpanEvent[] = [];
    for (const [operation, buckets] of this.#waiting) {
      for (const [bucket, event] of buckets.entries()) {
        if (event === undefined) continue;
        const isKnown = this.has(event.span);
        if (isKnown) settled.push(event);
        if (isKnown || Math.abs(nowMs - event.timeMs) > LONGEST_WAIT_MS) buckets[bucket] = undefined;
      }
      if (buckets.every((event) => event === undefined)) this.#waiting.delete(operation);
    }
    return settled;
  }

  save(): Saved {
    const waiting = Array.from(this.#waiting, ([operation, buckets]) => ({
      operation,
      buckets: Array.from(buckets, (event) => (event === undefined ? null : saved(event))),
    }));
    return { kept: this.#kept.save(), waiting };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved kept traces", saved);
    this.#kept.load(fields.any("kept"));
    this.#last = undefined;
    for (const each of fields.list("waiting")) {
      const of = new SavedFields("saved spans that wait", each);
      const operation = of.text("operation");
      const buckets = of
        .list("buckets")
        .map((event) => (event === null ? undefined : loaded(operation, event)));
      this.#waiting.set(operation, buckets);
    }
  }
}

function isSame(a: TraceId, b: TraceId): boolean {
  return a.trace3 === b.trace3 && a.trace2 === b.trace2 && a.trace1 === b.trace1 && a.trace0 === b.trace0;
}

function isKind(kind: unknown): kind is CallKind {
  return kind === "node" || kind === "jupiter" || kind === "database";
}

/** The sampler drops traces of health checks that succeed, slow ones too, and whatever is in them; their first span is a server's. */
function isKept({ name, kind, hasParent, statusCode, durationSeconds }: Span): boolean {
  if (NAMES.has(name)) return true;
  if (hasParent) return false;
  return statusCode === ERROR || (kind !== SERVER && durationSeconds >= KEPT_FROM_MS / 1_000);
}

/** What an exemplar is made of: not the span, which keeps the body that it came in. */
function copyOf({ timeMs, operation, seconds, call, span }: SpanEvent): SpanEvent {
  const { trace0, trace1, trace2, trace3 } = span;
  return eventOf({ timeMs, operation, seconds, kind: call?.kind, span: { trace0, trace1, trace2, trace3 } });
}

interface Waiting extends Pick<SpanEvent, "timeMs" | "operation" | "seconds" | "span"> {
  readonly kind: CallKind | undefined;
}

function eventOf({ timeMs, operation, seconds, kind, span }: Waiting): SpanEvent {
  const call = kind && { kind, operation, method: undefined, own: false, failed: false };
  const unknown = { inWindow: false, service: undefined, trade: undefined };
  return { timeMs, live: true, ...unknown, operation, seconds, call, span, kept: true };
}

function saved({ timeMs, seconds, call, span }: SpanEvent): Saved {
  const words = Uint32Array.of(span.trace0, span.trace1, span.trace2, span.trace3);
  return { timeMs, seconds, kind: call?.kind ?? null, words };
}

function loaded(operation: string, from: Saved): SpanEvent {
  const fields = new SavedFields("a saved span that waits", from);
  const [trace0 = 0, trace1 = 0, trace2 = 0, trace3 = 0] = fields.words("words");
  const kind = fields.any("kind");
  if (kind !== null && !isKind(kind)) throw new TypeError("Not a saved span that waits: it is of no kind");
  return eventOf({
    operation,
    timeMs: fields.number("timeMs"),
    seconds: fields.number("seconds"),
    kind: kind ?? undefined,
    span: { trace0, trace1, trace2, trace3 },
  });
}
