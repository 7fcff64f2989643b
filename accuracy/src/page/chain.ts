import type { ChainScore } from "../chain/chain-score.ts";
import { WITH_CREATOR_FEE } from "../mev-world/score.ts";
import { tolds, truths } from "../scores/confusion.ts";
import { VerdictTally } from "../scores/verdict-tally.ts";
import { errorCells, number, percent, shareText, table } from "./format.ts";

/** Verdicts from blocks. */
export function chainPart(chains: readonly ChainScore[]): string {
  if (chains.length === 0) return "## Verdicts from blocks\nNot measured (`--chain-trades 0`).";
  return `## Verdicts from blocks
Worlds of today's chain ([what they hold](mev-world.md#todays-chain)), read as an aggregator reads a node or a folder: from the text of
each \`getBlock\` answer, with the decoders. The worlds above are read from their swaps. A trade counts as *not wholly read* if in truth
a swap that nobody decodes was in its pool at most 3 slots away, or if its own route goes on through such a swap.

${table(
  [
    "seed",
    "world",
    "blocks",
    "transactions of version 1",
    "Raydium v4 swaps of the second version",
    "swaps that nobody decodes",
    "of these reported",
  ],
  chains.map(({ world, blocks, counts }) => [
    String(world.options.seed),
    world.about,
    number(blocks),
    `${percent(counts.v1 / counts.transactions)} of ${number(counts.transactions)}`,
    number(counts.short),
    `${percent(counts.unread / counts.swaps)} of ${number(counts.swaps)}`,
    shareText(counts.reported, counts.unread),
  ]),
)}

${table(
  ["seed", "trades", "truth", ...tolds.map((told) => `verdict: ${told}`)],
  chains.flatMap(({ world, whole, unread }) =>
    [
      ["wholly read", whole],
      ["not wholly read", unread],
    ].flatMap(([name, tally]) =>
      tally instanceof VerdictTally
        ? truths.map((truth) => [
            String(world.options.seed),
            String(name),
            truth,
            ...tolds.map((told) => number(tally.all.count(truth, told))),
          ])
        : [],
    ),
  ),
)}

Losses of impacted trades, in all of these worlds:

${lossTable(chains)}`;
}

/**
 * Of the trades around which something was not read: verdicts `clean`, those of them on trades that were attacked, and all of
 * them.
 */
export function cleanUnread(chains: readonly ChainScore[]): {
  clean: number;
  attacked: number;
  trades: number;
} {
  const sum = { clean: 0, attacked: 0, trades: 0 };
  for (const { unread } of chains) {
    for (const truth of truths) {
      const clean = unread.all.count(truth, "clean");
      sum.clean += clean;
      if (truth !== "clean") sum.attacked += clean;
      sum.trades += unread.all.ofTruth(truth);
    }
    for (const [key, count] of unread.disputed) {
      sum.trades += count;
      if (key.endsWith(" as clean")) sum.clean += count;
    }
  }
  return sum;
}

/** Of all trades that the chains' worlds hold. */
export function allOf(chains: readonly ChainScore[]): VerdictTally {
  const all = new VerdictTally();
  for (const { whole, unread } of chains) {
    all.merge(whole);
    all.merge(unread);
  }
  return all;
}

/** Errors of the losses in pools with creator fees, and how many were not replayed. */
export function creatorLosses(tallies: readonly Pick<VerdictTally, "errors" | "notReplayed">[]): {
  errors: number[];
  missing: number;
} {
  const isOf = (kind: string): boolean => kind.endsWith(WITH_CREATOR_FEE);
  const sum = { errors: [] as number[], missing: 0 };
  for (const { errors, notReplayed } of tallies) {
    for (const [kind, own] of errors) if (isOf(kind)) sum.errors.push(...own);
    for (const [kind, count] of notReplayed) if (isOf(kind)) sum.missing += count;
  }
  return sum;
}

function lossTable(chains: readonly ChainScore[]): string {
  const { errors, notReplayed } = allOf(chains);
  const kinds = [...new Set([...errors.keys(), ...notReplayed.keys()])].sort();
  return table(
    ["protocol", "replayed", "error: median", "P95", "max"],
    kinds.map((kind) => {
      const own = errors.get(kind) ?? [];
      return [kind, shareText(own.length, own.length + (notReplayed.get(kind) ?? 0)), ...errorCells(own)];
    }),
  );
}
