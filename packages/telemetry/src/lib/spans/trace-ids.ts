import type { SpanContext, TraceState } from "@opentelemetry/api";

/**
 * The id of a trace as four 32-bit numbers, shared by all of its spans. It does not refer to any of them, so a span
 * keeps none of its ancestors in memory.
 */
export interface TraceId {
  readonly word0: number;
  readonly word1: number;
  readonly word2: number;
  readonly word3: number;
  readonly state: TraceState | undefined;
  /** Hexadecimal; made when it is first asked for. */
  text: string | undefined;
}

export function randomTraceId(): TraceId {
  const word3 = randomWord();
  return {
    word0: randomWord(),
    word1: randomWord(),
    word2: randomWord(),
    // Never all zeros, which would be invalid.
    word3: word3 === 0 ? 1 : word3,
    state: undefined,
    text: undefined,
  };
}

/** The trace that a span of another library, or of another process, belongs to. */
export function traceIdOf({ traceId, traceState }: SpanContext): TraceId {
  return {
    word0: wordAt(traceId, 0),
    word1: wordAt(traceId, 8),
    word2: wordAt(traceId, 16),
    word3: wordAt(traceId, 24),
    state: traceState,
    text: traceId,
  };
}

export function traceIdText(id: TraceId): string {
  id.text ??= wordText(id.word0) + wordText(id.word1) + wordText(id.word2) + wordText(id.word3);
  return id.text;
}

/** 32 random bits. */
export function randomWord(): number {
  return (Math.random() * 2 ** 32) | 0;
}

/** Eight hexadecimal digits. */
export function wordText(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}

/** The eight hexadecimal digits of `id` from `at` on. */
export function wordAt(id: string, at: number): number {
  return Number.parseInt(id.slice(at, at + 8), 16) | 0;
}
