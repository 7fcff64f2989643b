import { type Confusion, tolds, truths } from "../scores/confusion.ts";
import { poolVerdicts } from "../scores/pooled.ts";
import type { VerdictTally } from "../scores/verdict-tally.ts";
import type { WorldScore } from "../scores/world-score.ts";
import { errorCells, number, percent, shareText, table, usd } from "./format.ts";
import { byCount, byName } from "./order.ts";

const MOST_WRONG = 12;

export function verdictPart(worlds: readonly WorldScore[]): string {
  const all = poolVerdicts(worlds);
  return `## Verdicts in the worlds
Final verdicts of \`VerdictTracker\` on the desk's own trades that reached the chain, compared with the
[truth](mev-world.md#truth). **Precision** of a verdict: the share of the trades with this verdict for which it is true.
**Recall**: the share of the trades for which it is true that got it. \`unknown\`, and no final verdict, count as misses.

${table(
  ["seed", "verdict", "precision", "recall"],
  worlds.flatMap(({ world, verdicts }) => rows([String(world.options.seed)], verdicts.all)),
)}

All worlds together:

${table(
  ["truth", ...tolds.map((told) => `verdict: ${told}`)],
  truths.map((truth) => [truth, ...tolds.map((told) => number(all.all.count(truth, told)))]),
)}

By protocol of the trade's pool:

${table(
  ["protocol", "verdict", "precision", "recall"],
  byName(all.byProtocol).flatMap(([protocol, confusion]) => rows([protocol], confusion)),
)}

By kind of the attacker behind the true verdict. A verdict on a trade that nobody attacked has no kind, so there is no precision
by kind.

${table(
  ["kind", "recall of `impacted`", "recall of `avoided`"],
  byName(all.byKind).map(([kind, confusion]) => [
    `\`${kind}\``,
    ...(["impacted", "avoided"] as const).map((verdict) =>
      shareText(confusion.count(verdict, verdict), confusion.ofTruth(verdict)),
    ),
  ]),
)}

${wrongText(all)}

### Disputed trades
Trades that received less because of an attack that did not pay off: \`clean\` by definition, but not untouched. They are not in
the numbers above.

${disputedText(all)}

For ${number(all.unshown)} trades whose true verdict is \`clean\`, an attacker did try, but the chain shows only a reverted swap by somebody not known
as an attacker. This is not evidence by definition, so these are not misses.

### Losses of impacted trades
${table(
  ["protocol", "replayed", "error: median", "P95", "max", "residual: median", "P95", "max"],
  lossRows(all),
)}

Over all trades whose loss was replayed: ${usd(all.toldUsd)} USD reported, ${usd(all.trueUsd)} USD in truth${difference(all)}.`;
}

function rows(start: readonly string[], confusion: Confusion): string[][] {
  return truths.map((verdict) => {
    const hits = confusion.count(verdict, verdict);
    return [
      ...start,
      `\`${verdict}\``,
      shareText(hits, confusion.ofTold(verdict)),
      shareText(hits, confusion.ofTruth(verdict)),
    ];
  });
}

function wrongText({ wrong }: VerdictTally): string {
  if (wrong.size === 0) return "No verdict was wrong.";
  const all = byCount(wrong);
  const listed = all.slice(0, MOST_WRONG);
  const rest = all.slice(MOST_WRONG).reduce((sum, [, count]) => sum + count, 0);
  const lines = listed.map(([key, count]) => [...key.split(" | "), number(count)]);
  const more = rest === 0 ? "" : `\n\nAnd ${number(rest)} more of rarer kinds.`;
  return `Wrong verdicts, most frequent first:

${table(["truth and verdict", "cause", "kinds of evidence given", "trades"], lines)}${more}`;
}

function disputedText({ disputed }: VerdictTally): string {
  if (disputed.size === 0) return "There were none.";
  const lines = byCount(disputed).map(([key, count]) => [...key.split(" as "), number(count)]);
  return table(["outcome of the attack", "verdict", "trades"], lines);
}

function lossRows({ errors, residuals, notReplayed }: VerdictTally): string[][] {
  const protocols = [...new Set([...errors.keys(), ...notReplayed.keys()])].sort();
  const lines = protocols.map((protocol) => {
    const own = errors.get(protocol) ?? [];
    return row(protocol, own, residuals.get(protocol) ?? [], notReplayed.get(protocol) ?? 0);
  });
  const missing = [...notReplayed.values()].reduce((sum, count) => sum + count, 0);
  return [...lines, row("all", [...errors.values()].flat(), [...residuals.values()].flat(), missing)];
}

function row(
  name: string,
  errors: readonly number[],
  residuals: readonly number[],
  missing: number,
): string[] {
  return [
    name,
    shareText(errors.length, errors.length + missing),
    ...errorCells(errors),
    ...errorCells(residuals),
  ];
}

function difference({ toldUsd, trueUsd }: VerdictTally): string {
  return trueUsd > 0 ? ` (${percent(toldUsd / trueUsd - 1)} off)` : "";
}
