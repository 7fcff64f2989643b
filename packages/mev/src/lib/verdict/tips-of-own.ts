import type { SentTransaction } from "../swaps/block-swaps.ts";
import type { PlacedTip } from "../swaps/swap.ts";

/**
 * The only service whose tip may stand in another transaction of the bundle. Source:
 * https://docs.jito.wtf/lowlatencytxnsend/#tips
 */
const bundler = "jito";
/** A bundle has at most 5 transactions, so its tip is at most 4 away. */
const farthest = 4;

/**
 * Tips of the desk's transactions. A transaction without a tip to Jito may have it in the one next to it: a
 * transaction of the same payer that only pays, at most 4 away, with no other transaction of the payer
 * between.
 * @param swapping Signatures of transactions with swaps: their tips are their own.
 */
export function tipsOfOwn(
  sent: readonly SentTransaction[],
  own: ReadonlySet<string>,
  swapping: ReadonlySet<string>,
): ReadonlyMap<string, readonly PlacedTip[]> {
  const tips = new Map<string, readonly PlacedTip[]>();
  // Each tip belongs to one trade.
  const used = new Set<string>();
  for (const [at, transaction] of sent.entries()) {
    if (!own.has(transaction.signature)) continue;
    const paid = transaction.tips;
    const isWhole = transaction.failed || paid.some(({ service }) => service === bundler);
    const beside = isWhole
      ? undefined
      : tipBeside(sent, at, (near) => !own.has(near) && !swapping.has(near) && !used.has(near));
    if (beside?.transaction !== undefined) used.add(beside.transaction);
    tips.set(transaction.signature, beside === undefined ? paid : [...paid, beside]);
  }
  return tips;
}

function tipBeside(
  transactions: readonly SentTransaction[],
  at: number,
  isFree: (signature: string) => boolean,
): PlacedTip | undefined {
  // Bundles usually end with the tip.
  for (const direction of [1, -1]) {
    for (let away = 1; away <= farthest; away++) {
      const near = transactions[at + direction * away];
      if (near?.signer !== transactions[at]?.signer || near === undefined) continue;
      const tip = near.tips.find(({ service }) => service === bundler);
      if (tip !== undefined && !near.failed && isFree(near.signature))
        return { ...tip, transaction: near.signature };
      break;
    }
  }
  return undefined;
}
