import { spanName } from "@slipstream/conventions";
import type { Attempt } from "./attempt.ts";
import type { Outcome } from "./outcome.ts";
import { PREPARED, type TradeSpan } from "./output.ts";
import { acceptedMs, rootAttributes } from "./root-attributes.ts";

/** The last spans of a trade: its parts that are no calls, and its root. */
export function tradeSpans<Context, Call>(
  attempt: Attempt<Context, Call>,
  outcome: Outcome,
  solUsd: number | undefined,
): readonly TradeSpan<Context, Call>[] {
  const { ref, startMs } = attempt;
  return [
    ...phases(attempt, outcome).map((phase) => ({ kind: "phase", trade: ref, ...phase }) as const),
    {
      kind: "root",
      name: spanName.tradeExecute,
      trade: ref,
      startMs,
      endMs: Math.max(startMs, outcome.atMs),
      failed: outcome.status === "failed",
      attributes: rootAttributes(attempt, outcome, solUsd),
    },
  ];
}

/** The root of what was built and never sent. */
export function preparedSpan<Context, Call>({
  ref,
  startMs,
  lastMs,
}: Attempt<Context, Call>): TradeSpan<Context, Call> {
  return { kind: "root", name: PREPARED, trade: ref, startMs, endMs: lastMs, failed: false, attributes: {} };
}

/** Signing, from what came last until the first send; and confirming, from when it was taken until it was decided. */
function phases(attempt: Attempt<unknown, unknown>, outcome: Outcome) {
  const sentMs = Math.min(...attempt.transactions.map(({ firstSentMs }) => firstSentMs));
  const readyMs = Math.max(...attempt.callEnds.filter((endMs) => endMs <= sentMs));
  const taken = acceptedMs(attempt);
  const isSigned = attempt.builtMs !== undefined && Number.isFinite(readyMs) && attempt.builtMs <= sentMs;
  const isConfirmed = taken !== undefined && outcome.status !== undefined && outcome.atMs >= taken;
  return [
    ...(isSigned ? [{ name: spanName.solanaSign, startMs: readyMs, endMs: sentMs }] : []),
    ...(isConfirmed ? [{ name: spanName.solanaConfirm, startMs: taken, endMs: outcome.atMs }] : []),
  ];
}
