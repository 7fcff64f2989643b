import { total } from "../gather.ts";
import type { LabelledScore } from "../labelled-cases.ts";
import { type Accuracy, blockFile, labelledFile } from "../measure.ts";
import type { RealBlockScore } from "../real-block.ts";
import { errorCells, number, shareText, table } from "./format.ts";

export function realData({ labelled, block }: Accuracy): string {
  return `## Real blocks
### Labelled sandwiches (\`${labelledFile}\`)
${labelled === undefined ? skipped(labelledFile) : labelledText(labelled)}

### A block without any (\`${blockFile}\`)
${block === undefined ? skipped(blockFile) : blockText(block)}`;
}

function skipped(file: string): string {
  return `Skipped: \`${file}\` was not there. \`SLIPSTREAM_FIXTURES=FOLDER\` names its folder.`;
}

function labelledText(score: LabelledScore): string {
  const { cases, casesWithout, swaps, truth, named, told, right, namedRight, residuals, reasons } = score;
  const kinds = new Map<string, number>();
  for (const [reason, count] of reasons) {
    const kind = reason.replace(/ \(by [^)]*\)$/, "");
    kinds.set(kind, (kinds.get(kind) ?? 0) + count);
  }
  const why = [...kinds].map(([reason, count]) => `- ${count}: ${reason}`).join("\n");
  const rest = total(reasons) === 0 ? "" : `\n\nNot replayed: ${total(reasons)}.\n${why}`;
  return `${cases} cases of real Ethereum blocks, ${number(swaps)} swaps; ${casesWithout} cases hold no sandwich. Of the ${truth} labelled
sandwiches ${named} are labelled with the ids of front, victims and back, the others with their numbers of victims: right is
what agrees with its label.

${table(
  ["recall", "precision", "right where ids are labelled"],
  [[shareText(right, truth), shareText(right, told), shareText(namedRight, named)]],
)}

There is no truth of the losses here; the residual says how far a replay misses what did happen, relative.

${table(["replayed", "residual: median", "P95", "max"], [[shareText(residuals.length, told), ...errorCells(residuals)]])}${rest}`;
}

function blockText({
  swaps,
  failed,
  sandwiches,
  candidates,
  lost,
  transactions,
  verdicts,
}: RealBlockScore): string {
  const told = [...verdicts].map(([verdict, count]) => [`\`${verdict}\``, shareText(count, transactions)]);
  return `A whole Solana block in which many swaps have the shape of a sandwich, and every such round trip lost: expected are 0 sandwiches.
Recall can not be told from it.

${table(
  ["swaps", "failed swaps", "sandwiches (expected: 0)", "candidates", "candidates that lost"],
  [[number(swaps), number(failed), number(sandwiches), number(candidates), number(lost)]],
)}

Each of its ${transactions} transactions in decoded pools as the desk's own, in a run of its own, protected, the slots around it told as
skipped:

${table(["verdict", "share of transactions"], told)}`;
}
