import type { Context } from "@opentelemetry/api";

/** What carried a request. */
export type Transport = "fetch" | "http";

/** A request that a service sends, and what it is known by before it leaves. */
export interface Exchange {
  readonly transport: Transport;
  readonly method: string;
  /** As the service gave it, with its secrets. Never exported as it is. */
  readonly url: string;
  /** What is sent, as text. Undefined: not known yet (`sent` may follow), not text, or larger than `MOST_BODY`. */
  readonly body: string | undefined;
  /** Whether `body` is all there is to know: no `sent` follows. */
  readonly bodyKnown: boolean;
  /** Monotonic, ms. */
  readonly startMs: number;
  /** OpenTelemetry's context of the caller. */
  readonly context: Context;
}

/** Bodies up to this many bytes (or UTF-16 units of a text) are read. */
export const MOST_BODY = 262_144;

export type Header = (name: string) => string | null | undefined;

/** Gets every request of a service. */
export interface ExchangeObserver {
  /** Called synchronously before the request leaves. Returns what follows it, or undefined to leave it alone. */
  started(exchange: Exchange): Follower | undefined;
}

/**
 * Follows one request. `answered` is called once at most, and then one of `ended` and `failed` once. What it throws reaches nobody but
 * the guard. Times are monotonic, ms.
 */
export interface Follower {
  /** Headers to add to the request. A header that the service gives itself stays as it is. */
  readonly headers: Readonly<Record<string, string>> | undefined;
  /** Whether `ended` needs the answer's body. Read when the answer's headers have come. */
  readonly wantsBody: boolean;
  /** The body of a request that was not known when it started. Called before `answered`, if at all. */
  sent?(body: string | undefined): void;
  /** `header`: the answer's headers, in small letters. */
  answered(status: number, atMs: number, header: Header): void;
  /** `body`: the value that the service parsed, or the text. Undefined: not wanted, not read, or larger than `MOST_BODY`. */
  ended(body: unknown, atMs: number): void;
  /** `aborted`: the service itself gave up, and not because of a time limit. */
  failed(error: unknown, atMs: number, aborted: boolean): void;
}
