import type { Attributes, HrTime, Link, SpanKind, SpanStatus, TraceState } from "@opentelemetry/api";

/** An ended span as numbers and flat lists. Ids are 32-bit words, the most significant one first. */
export interface CompactSpan {
  readonly name: string;
  readonly kind: SpanKind;
  readonly trace: {
    readonly word0: number;
    readonly word1: number;
    readonly word2: number;
    readonly word3: number;
    readonly state: TraceState | undefined;
  };
  readonly id0: number;
  readonly id1: number;
  /** 0: none, 1: in this process, 2: in another. */
  readonly parent: 0 | 1 | 2;
  readonly parent0: number;
  readonly parent1: number;
  /** On a clock of its own, in ms. */
  readonly startMs: number;
  readonly endMs: number;
  /** Unix time. An end before the start is the start. */
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  /** Key, value, key, value; no key twice. */
  readonly attributes: readonly unknown[] | undefined;
  /** The attribute `slipstream.seq`, unless it is 0. */
  readonly seq: number;
  /** What few spans have. */
  readonly rest: CompactRest | undefined;
}

export interface CompactRest {
  readonly status: SpanStatus;
  readonly events: readonly {
    readonly name: string;
    /** As `startMs`, or a Unix time. */
    readonly moment: number | HrTime;
    readonly attributes: Attributes;
    readonly droppedAttributesCount: number;
  }[];
  readonly links: readonly Link[];
  readonly droppedAttributes: number;
  readonly droppedEvents: number;
  readonly droppedLinks: number;
  /** Unix time; then `startMs` or `endMs` does not count. */
  readonly startTime: HrTime | undefined;
  readonly endTime: HrTime | undefined;
}

/** Turns times of a span into Unix time. */
export interface CompactClock {
  wholeMsOf(ms: number): number;
  /** 0 to 999,999 after `wholeMsOf`. */
  nanosecondsOf(ms: number): number;
  hrTime(ms: number): HrTime;
}
