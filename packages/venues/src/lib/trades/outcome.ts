import type { FailureReason, TradeStatus } from "@slipstream/conventions";
import type { Attempt } from "./attempt.ts";
import type { Heights } from "./heights.ts";
import { isLasting, type TransactionState } from "./transaction-state.ts";

/** A status of the commitment `processed` counts if no better one comes in this time. */
const PROCESSED_MS = 30_000;
/** A refused transaction may be sent again: clients wait so long after a 429. */
const REFUSED_MS = 10_000;
/** After this, no transaction can land any more: its blockhash is 150 blocks old. */
const EXPIRED_MS = 90_000;
/** So long after the last send, nobody asks any more. */
const GIVEN_UP_MS = 120_000;
/** What a transaction moved is often asked for once its status is known. */
const SETTLING_MS = 1_000;

/** How a trade ended. */
export interface Outcome {
  /** undefined: nobody said. */
  readonly status: TradeStatus | undefined;
  readonly reason: FailureReason | undefined;
  /** When that was known. */
  readonly atMs: number;
  /** The transaction that decided it. */
  readonly transaction: TransactionState | undefined;
}

interface Verdict {
  readonly reason: FailureReason;
  readonly atMs: number;
}

/**
 * How a trade ended, if that is known by now, and if there is nothing more to wait for. The chain decides, else Jupiter if it sent the
 * transaction. A trade of several transactions succeeds with one of them, and fails when each has failed.
 */
export function outcomeOf(
  attempt: Attempt<unknown, unknown>,
  heights: Heights,
  nowMs: number,
): Outcome | undefined {
  const decided = decide(attempt, heights, nowMs);
  if (decided === undefined) return undefined;
  const { status, transaction, atMs } = decided;
  const isComplete =
    status === undefined || transaction?.realised !== undefined || nowMs >= atMs + SETTLING_MS;
  return isComplete ? decided : undefined;
}

/** Whether it is known how a trade ended, though more may come that belongs to it. */
export function isDecided(attempt: Attempt<unknown, unknown>, heights: Heights, nowMs: number): boolean {
  return attempt.transactions.length > 0 && decide(attempt, heights, nowMs) !== undefined;
}

function decide(attempt: Attempt<unknown, unknown>, heights: Heights, nowMs: number): Outcome | undefined {
  const { transactions, executed } = attempt;
  const landed = transactions
    .filter((each) => each.status?.failed === false && isKnown(each, nowMs))
    .sort((a, b) => landedMs(a) - landedMs(b))[0];
  if (landed !== undefined)
    return { status: "success", reason: undefined, atMs: landedMs(landed), transaction: landed };
  const own = transactions[0];
  if (executed?.fact.failed === false)
    return { status: "success", reason: undefined, atMs: executed.atMs, transaction: own };
  const verdicts = transactions.map((each) => failedOnItsOwn(each, heights, nowMs));
  const last = verdicts.reduce(later, verdicts[0]);
  if (last !== undefined && verdicts.every((each) => each !== undefined)) {
    return { status: "failed", ...last, transaction: transactions[verdicts.indexOf(last)] };
  }
  if (executed !== undefined && transactions.every(({ status }) => status === undefined)) {
    return { status: "failed", reason: executed.fact.reason, atMs: executed.atMs, transaction: own };
  }
  const lastSentMs = Math.max(...transactions.map((each) => each.lastSentMs));
  const isOver = nowMs >= lastSentMs + GIVEN_UP_MS;
  return isOver ? { status: undefined, reason: undefined, atMs: nowMs, transaction: own } : undefined;
}

function later(one: Verdict | undefined, other: Verdict | undefined): Verdict | undefined {
  if (one === undefined || other === undefined) return undefined;
  if (one.atMs !== other.atMs) return one.atMs > other.atMs ? one : other;
  return one.reason < other.reason ? one : other;
}

function isKnown({ status, seenMs }: TransactionState, nowMs: number): boolean {
  return status !== undefined && (isLasting(status) || nowMs >= seenMs + PROCESSED_MS);
}

function landedMs({ confirmedMs, seenMs }: TransactionState): number {
  return Number.isFinite(confirmedMs) ? confirmedMs : seenMs;
}

function failedOnItsOwn(state: TransactionState, heights: Heights, nowMs: number): Verdict | undefined {
  const { status, refusal, refusedMs } = state;
  if (status !== undefined) {
    return status.failed && isKnown(state, nowMs)
      ? { reason: status.reason ?? "other", atMs: landedMs(state) }
      : undefined;
  }
  const expiredMs = expiry(state, heights);
  if (expiredMs !== undefined) return { reason: "expired", atMs: expiredMs };
  const isRefused =
    refusal !== undefined && state.pending === 0 && !state.isUncertain && !Number.isFinite(state.acceptedMs);
  return isRefused && nowMs >= refusedMs + REFUSED_MS ? { reason: refusal, atMs: refusedMs } : undefined;
}

/**
 * When it was known that the transaction can no longer land and has not: the chain has passed the last block for its blockhash, and a node
 * does not know it after that, or a subscription has reported nothing until then. Without heights, a node that still does not know it after
 * 90 s.
 */
function expiry(state: TransactionState, heights: Heights): number | undefined {
  const { lastValidHeight, missingMs, watchedMs, unwatchedMs, lastSentMs } = state;
  const passedMs = lastValidHeight === undefined ? undefined : heights.passedMs(lastValidHeight);
  if (passedMs !== undefined) {
    if (watchedMs < passedMs && unwatchedMs >= passedMs) return passedMs;
    if (missingMs >= passedMs) return missingMs;
  }
  return missingMs >= lastSentMs + EXPIRED_MS ? missingMs : undefined;
}
