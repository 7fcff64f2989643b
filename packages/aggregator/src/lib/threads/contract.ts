import type { Transferable } from "node:worker_threads";
import type { SentError } from "./sent-error.ts";

/** A function as a contract lists it: its parameters and its answer are what counts. */
export type Signature = (...args: never[]) => unknown;

/**
 * What a thread and its owner say to each other, as one type that both sides are checked against. Everything in it must
 * survive the structured clone algorithm.
 */
export interface ThreadContract {
  /** What each new thread is started with. */
  readonly settings: unknown;
  /** What a thread reports once it is ready. */
  readonly opened: unknown;
  /** Asked of the thread, by name. Each gets an answer or an error. */
  readonly questions: { readonly [name: string]: Signature };
  /** Messages to the thread that have no answer, by name. */
  readonly orders: { readonly [name: string]: Signature };
  /** Messages from the thread that answer no question, by name. */
  readonly news: { readonly [name: string]: Signature };
}

/** For a contract without orders or without news. */
export type None = Readonly<Record<never, never>>;

export type Answer<F extends Signature> = Awaited<ReturnType<F>>;

/** A value whose memory is handed to the other thread instead of copied. */
export class Moving<T> {
  readonly value: T;
  readonly transfer: readonly Transferable[];

  constructor(value: T, transfer: readonly Transferable[]) {
    this.value = value;
    this.transfer = transfer;
  }
}

/** Sends `value` without copying the memory in `transfer`, which the sender can no longer use. */
export function moving<T>(value: T, transfer: readonly Transferable[]): Moving<T> {
  return new Moving(value, transfer);
}

/** Arguments as they are given to `ask` and `tell`: each one copied, or moved. */
export type Movable<Args extends readonly unknown[]> = { [I in keyof Args]: Args[I] | Moving<Args[I]> };

export function unwrap(args: readonly unknown[]): {
  readonly values: unknown[];
  readonly transfer: Transferable[];
} {
  const transfer: Transferable[] = [];
  const values = args.map((value) => {
    if (!(value instanceof Moving)) return value;
    transfer.push(...value.transfer);
    return value.value;
  });
  return { values, transfer };
}

/** To the thread. */
export type ToThread =
  | { readonly type: "ask"; readonly id: number; readonly name: string; readonly args: readonly unknown[] }
  | { readonly type: "order"; readonly name: string; readonly args: readonly unknown[] }
  | { readonly type: "ping" }
  | { readonly type: "end" };

/** From the thread, several to a message. */
export type FromThread =
  | { readonly type: "opened"; readonly value: unknown }
  /** It cannot open; it ends. */
  | { readonly type: "failed"; readonly error: SentError }
  | { readonly type: "answer"; readonly id: number; readonly value: unknown }
  | { readonly type: "error"; readonly id: number; readonly error: SentError }
  | { readonly type: "news"; readonly name: string; readonly args: readonly unknown[] }
  | { readonly type: "pong" }
  /** It has finished and can be terminated. */
  | { readonly type: "ended" };
