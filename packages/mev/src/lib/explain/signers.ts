import type { Judged } from "../verdict/judge.ts";
import type { ExplainedSigner, ExplainedSwap } from "./explanation.ts";

const mostSigners = 100;

/** Who signed the swaps, in their order, and what is known of them. */
export function signersOf(
  swaps: readonly ExplainedSwap[],
  attackers: readonly string[],
  { around }: Judged,
): ExplainedSigner[] {
  const counts = new Map<string, { own: boolean; swaps: number; failed: number }>();
  for (const { signer, kind, role } of swaps) {
    const known = counts.get(signer) ?? { own: false, swaps: 0, failed: 0 };
    counts.set(signer, {
      own: known.own || role === "own",
      swaps: known.swaps + (kind === "failed" ? 0 : 1),
      failed: known.failed + (kind === "failed" ? 1 : 0),
    });
  }
  return Array.from(counts, ([signer, { own, swaps, failed }]): ExplainedSigner => {
    const role = own ? "own" : attackers.includes(signer) ? "attacker" : null;
    const knownSandwiches = around.view.get(signer)?.sandwiches ?? 0;
    return { signer, role, swaps, failed, knownSandwiches, knownSwaps: around.activity.of(signer).swaps };
  }).slice(0, mostSigners);
}
