import { total } from "../scores/gather.ts";
import { PooledDetector, sumOfHits, sumOfTold } from "../scores/pooled.ts";
import type { WorldScore } from "../scores/world-score.ts";
import { errorCells, number, shareText, table } from "./format.ts";
import { byName } from "./order.ts";

export function detectorPart(worlds: readonly WorldScore[]): string {
  const pooled = new PooledDetector(worlds);
  return `## Sandwiches in the worlds
\`detectSandwiches\` over all swaps, including those of strangers. **Recall** is the share of completed attacks that were found,
that is, a sandwich contains a front and a back leg of the attack. **Precision** is the share of sandwiches that are a completed
attack in this sense.

${table(
  ["seed", "recall", "precision"],
  worlds.map(({ world, detector }) => {
    const hits = sumOfHits(detector.byKind.values());
    const told = sumOfTold(detector.told.values());
    return [
      String(world.options.seed),
      shareText(hits.found, hits.truth),
      shareText(told.right, told.sandwiches),
    ];
  }),
)}

By kind of attacker, all worlds together. A sandwich that is nobody's attack has no kind, so there is no precision by kind.

${table(
  ["kind", "recall"],
  byName(pooled.byKind).map(([kind, { found, truth }]) => [`\`${kind}\``, shareText(found, truth)]),
)}

By protocol of the pool, with the share of correct sandwiches whose legs, and whose victims, are exactly the attack's:

${table(
  ["protocol", "recall", "precision", "legs exact", "victims exact"],
  byName(pooled.told).map(([protocol, { sandwiches, right, legs, victims }]) => {
    const { found, truth } = pooled.byProtocol.get(protocol) ?? { found: 0, truth: 0 };
    return [
      protocol,
      shareText(found, truth),
      shareText(right, sandwiches),
      shareText(legs, right),
      shareText(victims, right),
    ];
  }),
)}

Of the sandwiches that only transfers between wallets link: ${transferText(pooled)} are a completed attack. The worlds also
hold people who withdraw from exchanges, send to them, and move tokens between their own wallets.

${wrongText(pooled)}

### Losses of their victims
For all victims of the attacks that were found. Error = |reported loss / true loss - 1|. Residual: the error of the replay as
reported by the detector.

${table(
  ["protocol", "replayed", "error: median", "P95", "max", "residual: median", "P95", "max"],
  lossRows(pooled),
)}`;
}

function transferText({ byTransfer }: PooledDetector): string {
  return shareText(byTransfer.right, byTransfer.sandwiches);
}

function wrongText({ wrong, doubtful }: PooledDetector): string {
  if (total(wrong) + total(doubtful) === 0) return "No other sandwich was reported.";
  const rows = [
    ...byName(wrong).map(([role, count]) => [`nobody's attack, by: ${role}`, number(count)]),
    ...byName(doubtful).map(([outcome, count]) => [`of an attack with outcome: ${outcome}`, number(count)]),
  ];
  return `Wrong sandwiches by cause (a role in the world's [noise](mev-world.md#market): \`unlucky\` traders soon sell again, \`copy\` traders
follow others):

${table(["what", "sandwiches"], rows)}`;
}

function lossRows({ errors, residuals, notReplayed }: PooledDetector): string[][] {
  const protocols = [...new Set([...errors.keys(), ...notReplayed.keys()])].sort();
  return protocols.map((protocol) => {
    const own = errors.get(protocol) ?? [];
    const victims = own.length + (notReplayed.get(protocol) ?? 0);
    return [
      protocol,
      shareText(own.length, victims),
      ...errorCells(own),
      ...errorCells(residuals.get(protocol) ?? []),
    ];
  });
}
