import type { FailureReason } from "@slipstream/conventions";
import type { RealisedFact, StatusFact } from "../facts.ts";
import type { SentTransaction } from "../transaction/sent-transaction.ts";

/** What is known of one transaction of a trade. Facts may come in any order, and more than once: the result is the same. */
export interface TransactionState {
  /** undefined while nobody has said what was sent. */
  sent: SentTransaction | undefined;
  signature: string | undefined;
  /** Where it was sent: names of landing services; "" for a node. */
  readonly services: Set<string>;
  bundleId: string | undefined;
  firstSentMs: number;
  lastSentMs: number;
  /** Sends that are not answered yet. */
  pending: number;
  /** Somebody took it first. */
  acceptedMs: number;
  /** A send ended without a word on whether it was taken. */
  isUncertain: boolean;
  /** It was last refused for certain. */
  refusedMs: number;
  refusal: FailureReason | undefined;
  status: StatusFact | undefined;
  /** The chain was first known to have it, at any commitment; and at one that lasts. */
  seenMs: number;
  confirmedMs: number;
  /** A node last did not know it. */
  missingMs: number;
  /** Since when a subscription would report it, and until when. */
  watchedMs: number;
  unwatchedMs: number;
  /** Last height at which its blockhash is valid. */
  lastValidHeight: number | undefined;
  realised: RealisedFact | undefined;
}

export function newTransaction(sent: SentTransaction | undefined): TransactionState {
  return {
    sent,
    signature: sent?.signature,
    services: new Set(),
    bundleId: undefined,
    firstSentMs: Number.POSITIVE_INFINITY,
    lastSentMs: Number.NEGATIVE_INFINITY,
    pending: 0,
    acceptedMs: Number.POSITIVE_INFINITY,
    isUncertain: false,
    refusedMs: Number.NEGATIVE_INFINITY,
    refusal: undefined,
    status: undefined,
    seenMs: Number.POSITIVE_INFINITY,
    confirmedMs: Number.POSITIVE_INFINITY,
    missingMs: Number.NEGATIVE_INFINITY,
    watchedMs: Number.POSITIVE_INFINITY,
    unwatchedMs: Number.POSITIVE_INFINITY,
    lastValidHeight: undefined,
    realised: undefined,
  };
}

export function addStatus(state: TransactionState, status: StatusFact, atMs: number): void {
  state.seenMs = Math.min(state.seenMs, atMs);
  if (isLasting(status)) state.confirmedMs = Math.min(state.confirmedMs, atMs);
  const known = state.status;
  if (known === undefined || isBetter(status, known))
    state.status = { ...status, slot: status.slot ?? known?.slot };
  else if (known.slot === undefined && status.slot !== undefined)
    state.status = { ...known, slot: status.slot };
}

/** Whether a status will not be undone by a fork. Who gives none, such as a bundle's, has asked a node that has it. */
export function isLasting({ commitment }: StatusFact): boolean {
  return commitment !== "processed";
}

const ranks = { processed: 1, confirmed: 3, finalized: 4 } as const;

function isBetter(one: StatusFact, other: StatusFact): boolean {
  const [a, b] = [rank(one), rank(other)];
  if (a !== b) return a > b;
  // Two nodes on two forks. The order in which they speak must not matter.
  if (one.failed !== other.failed) return !one.failed;
  return one.slot !== undefined && (other.slot === undefined || one.slot < other.slot);
}

function rank({ commitment }: StatusFact): number {
  return commitment === undefined ? 2 : ranks[commitment];
}

export function addRefusal(state: TransactionState, reason: FailureReason, atMs: number): void {
  if (atMs < state.refusedMs || (atMs === state.refusedMs && (state.refusal ?? "") <= reason)) return;
  state.refusedMs = atMs;
  state.refusal = reason;
}

export function addWatch(state: TransactionState, isOver: boolean, atMs: number): void {
  if (isOver) state.unwatchedMs = Math.min(state.unwatchedMs, atMs);
  else state.watchedMs = Math.min(state.watchedMs, atMs);
}
