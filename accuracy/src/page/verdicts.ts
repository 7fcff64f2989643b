import { type Confusion, tolds, truths } from "../confusion.ts";
import { poolVerdicts } from "../pooled.ts";
import type { VerdictTally } from "../verdict-tally.ts";
import type { WorldScore } from "../world-score.ts";
import { errorCells, number, percent, shareText, table, usd } from "./format.ts";
import { byCount, byName } from "./order.ts";

const MOST_WRONG = 12;

export function verdictPart(worlds: readonly WorldScore[]): string {
  const all = poolVerdicts(worlds);
  return `## Verdicts in the worlds
\`VerdictTracker\` on the desk's own trades that reached the chain, final verdicts, against the [truth](mev-world.md#truth). **Precision** of
a verdict: of the trades that were told it, those of which it is true; **recall**: of the trades of which it is true, those that
were told it. \`unknown\` and no final verdict count as misses.

${table(
  ["seed", "verdict", "precision", "recall"],
  worlds.flatMap(({ world, verdicts }) => rows([String(world.options.seed)], verdicts.all)),
)}

All worlds together:

${table(
  ["truth", ...tolds.map((told) => `told: ${told}`)],
  truths.map((truth) => [truth, ...tolds.map((told) => number(all.all.count(truth, told)))]),
)}

By protocol of the trade's pool:

${table(
  ["protocol", "verdict", "precision", "recall"],
  byName(all.byProtocol).flatMap(([protocol, confusion]) => rows([protocol], confusion)),
)}

By kind of the attacker behind the true verdict. What is told of a trade that nobody attacked has no kind, so there is no precision
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
Trades that got less by an attack that did not pay: \`clean\` by the definition, and yet not untouched. They are in none of the numbers above.

${disputedText(all)}

Around ${number(all.unshown)} trades of which \`clean\` is true an attacker tried, and all that the chain shows is a swap that reverted, of somebody whom
nothing shows to attack: no evidence by the definition, so they are no misses.

### Losses of impacted trades
${table(
  ["protocol", "replayed", "error: median", "P95", "max", "residual: median", "P95", "max"],
  lossRows(all),
)}

Over all trades whose loss was replayed: ${usd(all.toldUsd)} USD told, ${usd(all.trueUsd)} USD in truth${difference(all)}.`;
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
  const more = rest === 0 ? "" : `\n\nAnd ${number(rest)} more of rarer sorts.`;
  return `The wrong ones, the most frequent first:

${table(["truth and verdict", "what was behind it", "kinds of evidence given", "trades"], lines)}${more}`;
}

function disputedText({ disputed }: VerdictTally): string {
  if (disputed.size === 0) return "There were none.";
  const lines = byCount(disputed).map(([key, count]) => [...key.split(" as "), number(count)]);
  return table(["outcome of the attack", "told", "trades"], lines);
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
