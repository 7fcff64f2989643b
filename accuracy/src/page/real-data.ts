import { type Accuracy, blockFile, labelledFile } from "../measure.ts";
import type { LabelledScore } from "../real/labelled-cases.ts";
import type { RealBlockScore } from "../real/real-block.ts";
import { total } from "../scores/gather.ts";
import { errorCells, number, shareText, table } from "./format.ts";

export function realData({ labelled, block }: Accuracy): string {
  return `## Real blocks
### Labelled sandwiches (\`${labelledFile}\`)
${labelled === undefined ? skipped(labelledFile) : labelledText(labelled)}

### A block without any (\`${blockFile}\`)
${block === undefined ? skipped(blockFile) : blockText(block)}`;
}

function skipped(file: string): string {
  return `Skipped: \`${file}\` was not found. Set \`SLIPSTREAM_FIXTURES=FOLDER\` to its folder.`;
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
  return `${cases} cases of real Ethereum blocks with ${number(swaps)} swaps; ${casesWithout} cases contain no sandwich. Of the ${truth} labelled
sandwiches, ${named} are labelled with the ids of front run, victims and back run, the others with the number of victims. A sandwich
is right if it agrees with its label.

${table(
  ["recall", "precision", "right if ids are labelled"],
  [[shareText(right, truth), shareText(right, told), shareText(namedRight, named)]],
)}

The true losses are unknown here. The residual is the relative error of replaying what happened.

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
  return `A whole Solana block in which many swaps have the shape of a sandwich, but every such round trip made a loss, so 0 sandwiches are
expected. It says nothing about recall.

${table(
  ["swaps", "failed swaps", "sandwiches (expected: 0)", "candidates", "candidates at a loss"],
  [[number(swaps), number(failed), number(sandwiches), number(candidates), number(lost)]],
)}

Each of its ${transactions} transactions in decoded pools as the desk's own, protected, in a separate run, with the slots around it reported
as skipped:

${table(["verdict", "share of transactions"], told)}`;
}
