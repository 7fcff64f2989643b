/**
 * What a trader is instrumented with. `floor`: what any tracing of asynchronous calls pays: OpenTelemetry's context for
 * each call, and the clock read when it starts and ends, but no span.
 */
export type TraderKind = "none" | "floor" | "slipstream" | "stock" | "monitor";

/** What the parent asks of a trader: trades at a pace for a time, or a number of them back to back. */
export type Order =
  | { readonly seconds: number; readonly perSecond: number; readonly seed: number }
  | { readonly trades: number };

/** What it answers. */
export interface Done {
  readonly trades: number;
  /** User and system time of the process, all threads, from the first trade until the last span was delivered. */
  readonly cpuMs: number;
  readonly wallMs: number;
  /** Resident memory at the end. */
  readonly rssBytes: number;
}

/** What the receiver tells, at first and each time it is asked. */
export interface ReceiverReport {
  readonly url: string;
  readonly requests: number;
  readonly bytes: number;
}
