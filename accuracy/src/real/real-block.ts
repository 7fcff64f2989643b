import { decodeBlock, wholeSlot } from "@slipstream/mev";
import { parseBlockText } from "@slipstream/solana/block";
import type { Judges } from "../judges.ts";

/** How detector and verdicts do on a real block in which there is no sandwich. */
export interface RealBlockScore {
  readonly swaps: number;
  readonly failed: number;
  readonly sandwiches: number;
  readonly candidates: number;
  /** Candidates that lost by their round trip. */
  readonly lost: number;
  /** Transactions in decoded pools, each told as the desk's own in a run of its own. */
  readonly transactions: number;
  /** Their verdicts. */
  readonly verdicts: ReadonlyMap<string, number>;
}

/** Slots to either side that a verdict asks for; none of them is at hand, so they are told as skipped. */
const AROUND = 3;

/** @throws BlockError where the text is no block. */
export function scoreRealBlock(
  text: string,
  number: number,
  { detect, openTracker }: Judges,
): RealBlockScore {
  const block = parseBlockText(text);
  const decoded = decodeBlock(block, number);
  const { swaps, attempted } = decoded;
  const { sandwiches, candidates } = detect(swaps, { attempts: attempted });
  const slot = wholeSlot(decoded);
  const signatures = new Set([...swaps, ...attempted].map(({ signature }) => signature));
  const verdicts = new Map<string, number>();
  for (const signature of signatures) {
    const tracker = openTracker();
    tracker.addTrade({ id: "own", signature, slot: null, isProtected: true });
    tracker.addSlot(slot);
    for (let near = number - AROUND; near <= number + AROUND; near++) {
      if (near !== number) tracker.addSkipped(near);
    }
    tracker.finalize(number + AROUND);
    const verdict = tracker.take().at(-1);
    const told = verdict?.state === "final" ? verdict.verdict : "none";
    verdicts.set(told, (verdicts.get(told) ?? 0) + 1);
  }
  return {
    swaps: swaps.length,
    failed: attempted.length,
    sandwiches: sandwiches.length,
    candidates: candidates.length,
    lost: candidates.filter(({ profit }) => profit.atoms < 0n).length,
    transactions: signatures.size,
    verdicts,
  };
}
