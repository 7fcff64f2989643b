import type { OutgoingHttpHeaders } from "node:http";

/** An answer that is known as a whole. */
export interface ContentAnswer {
  readonly kind: "content";
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string | Uint8Array;
}

/**
 * Sends a part of a streaming answer. Resolves when the client can take more, and at once if it is gone; never
 * rejects. A producer that cannot wait may ignore the promise: a client that falls behind is then dropped.
 */
export type Write = (chunk: string | Uint8Array) => Promise<void>;

/**
 * Writes a streaming answer, which ends when the promise does. The signal aborts when the client leaves, when it
 * is dropped, and when the server closes.
 */
export type Produce = (write: Write, signal: AbortSignal) => Promise<void>;

/** An answer that is written bit by bit, such as server-sent events. Its status is 200. */
export interface StreamAnswer {
  readonly kind: "stream";
  readonly headers: OutgoingHttpHeaders;
  readonly produce: Produce;
}

export type Answer = ContentAnswer | StreamAnswer;

export interface AnswerOptions {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: OutgoingHttpHeaders;
}

/** Answers with a value as JSON. Nobody keeps it: the next answer may differ. */
export function json(value: unknown, { status = 200, headers = {} }: AnswerOptions = {}): ContentAnswer {
  return {
    kind: "content",
    status,
    headers: { "content-type": "application/json; charset=utf-8", "cache-control": "no-store", ...headers },
    body: JSON.stringify(value),
  };
}

/** Answers with text or bytes; the headers name their type. */
export function content(
  body: string | Uint8Array,
  { status = 200, headers = {} }: AnswerOptions = {},
): ContentAnswer {
  return { kind: "content", status, headers, body };
}

/** Answers with what `produce` writes. It does not run for HEAD. */
export function stream(produce: Produce, headers: OutgoingHttpHeaders = {}): StreamAnswer {
  return { kind: "stream", headers: { "cache-control": "no-store", ...headers }, produce };
}
