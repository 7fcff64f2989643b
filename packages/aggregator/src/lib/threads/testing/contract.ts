import { SlipstreamError } from "@slipstream/conventions";
import type { ThreadContract } from "../contract.ts";

export function sampleError(message: string, cause?: unknown): SlipstreamError {
  return new SlipstreamError("log_unusable", message, { field: "sample", cause });
}

/** A thread for tests, which misbehaves as it is told. */
export interface SampleThread extends ThreadContract {
  readonly settings: {
    /** Counts the threads that were started: each adds 1 to it. */
    readonly starts: SharedArrayBuffer;
    /** What the thread does instead of opening, if its number is among these. */
    readonly failing?: { readonly threads: readonly number[]; readonly how: "throw" | "exit" } | undefined;
    readonly endMs?: number | undefined;
  };
  readonly opened: { readonly thread: number };
  readonly questions: {
    readonly echo: (value: unknown) => unknown;
    /** Doubles each byte. The memory comes back. */
    readonly double: (bytes: Uint8Array) => Uint8Array;
    readonly later: (ms: number) => string;
    readonly throwSample: () => never;
    readonly throwTypeError: () => never;
    readonly uncloneable: () => unknown;
    /** Ends the thread without an answer; "once": only if it is the first thread. */
    readonly die: (how: "exit" | "throw" | "once") => string;
    readonly hang: () => never;
  };
  readonly orders: { readonly say: (word: string) => void };
  readonly news: { readonly said: (word: string) => void; readonly ending: () => void };
}
