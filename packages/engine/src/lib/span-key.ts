import type { Span } from "@slipstream/otlp/decode";
import type { TraceId } from "./event.ts";

/** 62 bits that stand for a (trace, span) pair. Written anew for each span, so that none is allocated. */
export class SpanKey {
  /** Unsigned, never 0. */
  high = 1;
  /** Unsigned; the two lowest bits are 0. */
  low = 0;
  readonly #salt: number;

  /** @param salt keys of one salt are not those of another. Default: 0 */
  constructor(salt = 0) {
    this.#salt = salt;
  }

  /** The key of the span itself. */
  ofSpan(span: Span): this {
    return this.#mix(span, span.span0, span.span1);
  }

  /** The key of the trace, which no span of it has. */
  ofTrace(trace: TraceId): this {
    return this.#mix(trace, 0, 0);
  }

  /** The key that the span's parent has. */
  ofParent(span: Span): this {
    return this.#mix(span, span.parent0, span.parent1);
  }

  /** The key as one double that is exact, for a Map: 53 of its bits. */
  get number(): number {
    return this.high * 2 ** 21 + (this.low >>> 11);
  }

  // Two lanes with multipliers of their own, each a bijection in every single word (in the way of MurmurHash3), so
  // that ids which differ in one word never share a key, and others do by chance only: 2^-62 a pair.
  #mix({ trace0, trace1, trace2, trace3 }: TraceId, span0: number, span1: number): this {
    const salt = this.#salt;
    let a = step(0x9747b28c ^ salt, trace0, 0x85ebca6b);
    let b = step(0x2f0b4c47 ^ Math.imul(salt, 0x9e3779b1), trace0, 0xcc9e2d51);
    a = step(a, trace1, 0x85ebca6b);
    b = step(b, trace1, 0xcc9e2d51);
    a = step(a, trace2, 0x85ebca6b);
    b = step(b, trace2, 0xcc9e2d51);
    a = step(a, trace3, 0x85ebca6b);
    b = step(b, trace3, 0xcc9e2d51);
    a = step(a, span0, 0x85ebca6b);
    b = step(b, span0, 0xcc9e2d51);
    a = step(step(a, span1, 0x85ebca6b), 0, 0xc2b2ae35);
    b = step(step(b, span1, 0xcc9e2d51), 0, 0x1b873593);
    this.high = a >>> 0 || 1;
    this.low = (b & ~3) >>> 0;
    return this;
  }
}

function step(state: number, word: number, multiplier: number): number {
  const mixed = Math.imul(state ^ word, multiplier);
  return mixed ^ (mixed >>> 15);
}
