import type { JudgeInput } from "../verdict/judge.ts";
import type { KnownSlot } from "../verdict/slot-store.ts";
import type { ExplainedSlot, ExplainedSwap } from "./explanation.ts";

/** Continues "slot 42". */
const missingSlot = /^slot (\d+) (.*)$/s;

/** The slots of the window, with those that are missing. */
export function explainedSlots(
  { slot, window, missing }: JudgeInput,
  pools: readonly string[],
  swaps: readonly ExplainedSwap[],
): ExplainedSlot[] {
  const reasons = new Map<number, string>();
  for (const text of missing(pools)) {
    const [, number, reason = text] = missingSlot.exec(text) ?? [];
    if (number !== undefined) reasons.set(Number(number), reason);
  }
  const known = new Map(window.map((one) => [one.slot, one]));
  const numbers = [...new Set([slot, ...known.keys(), ...reasons.keys()])].sort((a, b) => a - b);
  const count = (at: number, wanted: ExplainedSwap["kind"]): number =>
    swaps.filter(({ kind, slot }) => slot === at && kind === wanted).length;
  return numbers.map((at) => {
    const reason = reasons.get(at) ?? null;
    return {
      slot: at,
      seen: reason === null ? seenOf(known.get(at)) : "missing",
      reason,
      leader: known.get(at)?.leader ?? null,
      swaps: count(at, "swap"),
      failed: count(at, "failed"),
      unread: count(at, "unread"),
    };
  });
}

function seenOf(known: KnownSlot | undefined): ExplainedSlot["seen"] {
  if (known?.pools !== "all") return "pools";
  return known.hasBlock ? "whole" : "skipped";
}
